// The status of a node out of what its parts say. ../status.ts has the shape, HTTP and `pair status` show it.
//
// Above: host/node/pair/node.ts.

import { VERSION } from "../../version.ts";
import type { Directory } from "../directory/directory.ts";
import type { Locations } from "../locations.ts";
import type { ReadinessReport } from "../readiness/readiness.ts";
import type { StandbyRole } from "../standby/role.ts";
import type { Alarm, NodeStatus, PhoneStatus, ReplicationStatus } from "../status.ts";
import type { House } from "./house.ts";
import { ACTIVE_USER, STANDBY_USER } from "./marker.ts";
import type { PairServer } from "./server.ts";
import type { PairSettings } from "./settings.ts";

export interface StatusParts {
  readonly settings: PairSettings;
  readonly house: House;
  readonly server: PairServer;
  readonly directory: Directory;
  readonly locations: Locations;
  readonly role: StandbyRole | undefined;
  readonly replication: ReplicationStatus;
  readonly readiness: ReadinessReport;
  readonly alarms: readonly Alarm[];
  readonly doors: NodeStatus["doors"];
  /** When the node started, ms of the clock of `now`. */
  readonly startedAt: number;
}

export function statusOf(parts: StatusParts, now: number): NodeStatus {
  const { settings, house, server, directory, role, replication, readiness, alarms, startedAt } = parts;
  const said = role?.explain(now);
  const seconds = (at: number): number => Math.floor((now - at) / 1000);
  const used = house.users(now);
  return {
    name: settings.name,
    program: `standfast ${VERSION}`,
    mode: settings.mode,
    role: role?.name ?? "MASTER",
    sinceSeconds: seconds(said?.since ?? startedAt),
    cause: said?.cause ?? "started",
    roleChanges: said?.changesTotal ?? 0,
    ...(said && {
      link: {
        isRegistered: said.link.isRegistered,
        sinceSeconds: seconds(said.link.since),
        cause: said.link.cause,
      },
    }),
    markers: [
      ...house.standbys(now).map(({ name }) => `${STANDBY_USER} ${name}`.trim()),
      ...(said?.link.isRegistered ? [ACTIVE_USER] : []),
    ],
    objects: directory.size,
    replication,
    licences: { total: house.limit, used: used.length },
    phones: used.map((user) => phoneOf(user, parts, now)),
    ...(settings.mode === "standby" && { unseen: unseen(parts) }),
    refusals: server.refusals,
    doors: parts.doors,
    alarms,
    readiness: withStore(readiness, alarms),
  };
}

/** What cannot be kept is not granted: such a node may not be chosen, whatever the check of its start found. */
function withStore(readiness: ReadinessReport, alarms: readonly Alarm[]): ReadinessReport {
  const full = alarms.find(({ name }) => name === "store");
  if (full === undefined) return readiness;
  return { ...readiness, eligible: false, missing: [...readiness.missing, `data folder: ${full.text}`] };
}

function phoneOf(user: string, { settings, locations }: StatusParts, now: number): PhoneStatus {
  const held = locations.of(user, now);
  const last = Math.max(...held.map(({ expiresAt }) => expiresAt));
  return {
    user,
    at: settings.mode === "master" ? "primary" : "secondary",
    contacts: held.length,
    leftSeconds: Math.ceil((last - now) / 1000),
  };
}

/** Objects whose phone has never asked at this standby since its start: it may not know its secondary. */
function unseen({ directory, server }: StatusParts): readonly string[] {
  return Array.from(directory.objects(), ({ user }) => user).filter((user) => !server.seen.has(user));
}
