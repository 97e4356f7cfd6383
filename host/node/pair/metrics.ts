// The figures of a node as Prometheus reads them. Names and meanings: docs/pair.md, "HTTP".
//
// Each scrape begins from a snapshot, so nothing is counted twice and nothing here can be stale. The library is loaded with
// the first one: it takes as long as the rest of the program. Below: pbx/status.ts. Above: http.ts.
import type { default as Library, Registry } from "prom-client";
import { type DoorStatus, type NodeStatus, REFUSALS, ROLES_SHOWN } from "../../pbx/status.ts";

type Figures = Readonly<Record<string, number | undefined>>;

interface Row {
  readonly name: string;
  readonly help: string;
  /** A counter's name ends in `_total`; everything else is a gauge. */
  readonly label?: string;
  /** By value of the label; "" without one. undefined: not known, so not shown. */
  readonly figures: (status: NodeStatus) => Figures;
}

const one = (figure: (status: NodeStatus) => number | undefined) => (status: NodeStatus) => ({
  "": figure(status),
});
const flag = (is: (status: NodeStatus) => boolean) => one((status) => Number(is(status)));

const ROWS: readonly Row[] = [
  {
    name: "role",
    help: "1 for the role the node is in, 0 for the others",
    label: "role",
    figures: ({ role }) => Object.fromEntries(ROLES_SHOWN.map((name) => [name, Number(name === role)])),
  },
  { name: "role_seconds", help: "how long it is in that role", figures: one((s) => s.sinceSeconds) },
  { name: "role_changes_total", help: "changes of role since the start", figures: one((s) => s.roleChanges) },
  {
    name: "link_up",
    help: "whether the standby is registered at its master; absent at a master",
    figures: one(({ link }) => link && Number(link.isRegistered)),
  },
  { name: "objects", help: "objects that are held", figures: one((s) => s.objects) },
  {
    name: "replication_connected",
    help: "whether the other node is heard",
    figures: flag((s) => s.replication.isConnected),
  },
  {
    name: "replication_version",
    help: "version of the set that is held",
    figures: one((s) => s.replication.version),
  },
  {
    name: "replication_age_seconds",
    help: "since both nodes were last known to be equal; absent: not since the start",
    figures: one((s) => s.replication.ageSeconds),
  },
  {
    name: "replication_lag",
    help: "changes that the standby lacks; absent: not known",
    figures: one((s) => s.replication.lag),
  },
  { name: "licences", help: "registrations the node may hold", figures: one((s) => s.licences.total) },
  { name: "licences_used", help: "licences in use", figures: one((s) => s.licences.used) },
  {
    name: "registrations",
    help: "addresses of record that are bound here",
    figures: one((s) => s.licences.used),
  },
  {
    name: "refusals_total",
    help: "requests that were not granted here, by reason",
    label: "reason",
    figures: ({ refusals }) => Object.fromEntries(REFUSALS.map((reason) => [reason, refusals[reason]])),
  },
  {
    name: "connections",
    help: "connections that are open, by kind of port",
    label: "door",
    figures: ({ doors }) => Object.fromEntries(Object.entries(doors).map(([name, { open }]) => [name, open])),
  },
  {
    name: "connections_closed_total",
    help: "connections closed by this node: no room, a message that was not whole in time, silence",
    label: "reason",
    figures: ({ doors }) => ({
      full: total(doors, "full"),
      late: total(doors, "late"),
      idle: total(doors, "idle"),
    }),
  },
  {
    name: "alarm",
    help: "1 for each alarm that is on",
    label: "alarm",
    figures: ({ alarms }) => Object.fromEntries(alarms.map(({ name }) => [name, 1])),
  },
  { name: "ready", help: "whether it may become active", figures: flag((s) => s.readiness.eligible) },
  {
    name: "double_failure",
    help: "whether it serves and was not ready",
    figures: flag((s) => s.readiness.doubleFailure),
  },
];

function total(doors: NodeStatus["doors"], reason: keyof DoorStatus["closed"]): number {
  return Object.values(doors).reduce((sum, { closed }) => sum + closed[reason], 0);
}

/** What a scraper gets, and the type of it. */
export async function metricsOf(
  status: NodeStatus,
): Promise<{ readonly type: string; readonly text: string }> {
  const library = (await import("prom-client")).default;
  const registry = new library.Registry();
  registry.setDefaultLabels({ node: status.name });
  for (const row of ROWS) show(row, status, registry, library);
  return { type: registry.contentType, text: await registry.metrics() };
}

function show(row: Row, status: NodeStatus, registry: Registry, { Counter, Gauge }: typeof Library): void {
  const { name, help, label, figures } = row;
  const options = {
    name: `standfast_pair_${name}`,
    help,
    registers: [registry],
    labelNames: label ? [label] : [],
  };
  const metric = name.endsWith("_total") ? new Counter(options) : new Gauge(options);
  for (const [value, figure] of Object.entries(figures(status))) {
    if (figure === undefined) metric.remove();
    else if (label === undefined) metric.inc(figure);
    else metric.inc({ [label]: value }, figure);
  }
}
