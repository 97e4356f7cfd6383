// The status of a standby whose registrar is a Kamailio: what it knows of itself, in the shape of every node.
//
// Objects, licences and phones are Kamailio's, and are asked there. Above: host/node/pair/watcher.ts.

import { VERSION } from "../../version.ts";
import { ACTIVE_USER } from "../pair/marker.ts";
import type { PairSettings } from "../pair/settings.ts";
import type { ReadinessReport } from "../readiness/readiness.ts";
import type { StandbyRole } from "../standby/role.ts";
import { type Alarm, type DoorStatus, type NodeStatus, REFUSALS, type ReplicationStatus } from "../status.ts";

export interface WatcherParts {
  readonly settings: PairSettings;
  readonly role: StandbyRole;
  /** Why its Kamailio cannot be steered, and since when; undefined: it can. */
  readonly trouble: { readonly text: string; readonly since: number } | undefined;
  /** Addresses of record that are bound at the Kamailio. */
  readonly bound: number;
  /** Its pages; the other connections are Kamailio's. */
  readonly door: DoorStatus;
}

/** @param now ms, of the role's clock */
export function statusOf({ settings, role, trouble, bound, door }: WatcherParts, now: number): NodeStatus {
  const said = role.explain(now);
  const seconds = (at: number): number => Math.floor((now - at) / 1000);
  const serves = role.name === "ACTIVE" || role.name === "RETURNING";
  const alarms: readonly Alarm[] = [
    ...(said.alarmedSince === undefined
      ? []
      : [{ name: "masterLost", sinceSeconds: seconds(said.alarmedSince), text: said.cause }]),
    ...(trouble ? [{ name: "kamailio", sinceSeconds: seconds(trouble.since), text: trouble.text }] : []),
  ];
  return {
    name: settings.name,
    program: `standfast ${VERSION}`,
    mode: "standby",
    role: role.name,
    sinceSeconds: seconds(said.since),
    cause: said.cause,
    roleChanges: said.changesTotal,
    link: { ...said.link, sinceSeconds: seconds(said.link.since) },
    markers: role.name === "STANDBY" && trouble === undefined ? [ACTIVE_USER] : [],
    objects: 0,
    replication: NO_REPLICATION,
    licences: { total: bound, used: bound },
    phones: [],
    refusals: Object.fromEntries(REFUSALS.map((name) => [name, 0])) as NodeStatus["refusals"],
    doors: { http: door },
    alarms,
    readiness: readinessOf(trouble?.text, serves),
  };
}

const NO_REPLICATION: ReplicationStatus = {
  isOn: false,
  isTls: false,
  isConnected: false,
  version: 0,
  digest: "",
  ageSeconds: undefined,
  lag: undefined,
  trouble: "",
};

/** It is ready exactly while its Kamailio takes orders. */
function readinessOf(trouble: string | undefined, serves: boolean): ReadinessReport {
  const isReady = trouble === undefined;
  return {
    state: isReady ? "OK" : "SERVICE_UNAVAILABLE",
    missing: isReady ? [] : [`registrar: ${trouble}`],
    eligible: isReady,
    doubleFailure: !isReady && serves,
    leftSeconds: 0,
    parts: [],
  };
}
