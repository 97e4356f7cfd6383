// What a node of a pair says of itself, and what the pages /status, /health and /ready make of it.
//
// One snapshot for every reader: the command `pair status`, HTTP and the metrics show the same figures. Nothing in it is a
// secret: no hash, no password. Below: readiness/, standby/. Above: host/node/pair/http.ts, host/cli.

import type { ReadinessReport } from "./readiness/readiness.ts";
import type { RoleName } from "./standby/table.ts";

/** What was not granted, or sent elsewhere; each counts requests since the start. */
export const REFUSALS = ["redirected", "waiting", "noObject", "noLicence", "credentials", "guesses"] as const;
export type Refusal = (typeof REFUSALS)[number];

/** MASTER: this node is the master, which has no other role. */
export const ROLES_SHOWN = ["MASTER", "UNREGISTERED", "STANDBY", "LOST", "ACTIVE", "RETURNING"] as const;
export type RoleShown = "MASTER" | RoleName;

export interface Alarm {
  /** Stable: `masterLost`, `configDiffers`, .. */
  readonly name: string;
  readonly sinceSeconds: number;
  /** What is wrong, and the way out. */
  readonly text: string;
}

/** The other node as replication knows it. */
export interface ReplicationStatus {
  /** off: the switch `replicateFromMaster` of a standby. */
  readonly isOn: boolean;
  readonly isTls: boolean;
  /** At a standby: whether the master is heard now. At a master: whether any standby is. */
  readonly isConnected: boolean;
  /** Of the set that is held here; rises by one for each change. */
  readonly version: number;
  /** SHA-256 of the set. */
  readonly digest: string;
  /** At a standby: s since the master last said that both are equal. At a master: the same of its slowest standby.
   *  undefined: never since the start. */
  readonly ageSeconds: number | undefined;
  /** Changes that the standby has not acknowledged, or not got; 0: both are equal; undefined: nobody knows. */
  readonly lag: number | undefined;
  /** Why it does not run; "": it runs, or is off. */
  readonly trouble: string;
}

export interface PhoneStatus {
  readonly user: string;
  /** primary: bound at the master; secondary: at the standby. */
  readonly at: "primary" | "secondary";
  readonly contacts: number;
  /** Until the last of them lapses. */
  readonly leftSeconds: number;
}

/** Connections of one kind of port. */
export interface DoorStatus {
  readonly open: number;
  /** As many as there may be. */
  readonly places: number;
  /** Since the start, by us: for want of room, a message that was not whole in time, silence. */
  readonly closed: Readonly<Record<"full" | "late" | "idle", number>>;
}

export interface NodeStatus {
  readonly name: string;
  readonly program: string;
  readonly mode: "master" | "standby";
  readonly role: RoleShown;
  readonly sinceSeconds: number;
  readonly cause: string;
  readonly roleChanges: number;
  /** At a standby: its own registration at the master. */
  readonly link?: { readonly isRegistered: boolean; readonly sinceSeconds: number; readonly cause: string };
  /** `_STANDBY_` with its name for each standby that is registered here; `_ACTIVE_` while we are registered there. */
  readonly markers: readonly string[];
  readonly objects: number;
  readonly replication: ReplicationStatus;
  /** Of this node in its mode: `registrations` of a master, `standby` of a standby. */
  readonly licences: { readonly total: number; readonly used: number };
  readonly phones: readonly PhoneStatus[];
  /** At a standby: users of objects whose phone has not asked here since the start, so it may know no secondary. */
  readonly unseen?: readonly string[];
  readonly refusals: Readonly<Record<Refusal, number>>;
  /** sip (TCP and TLS together), replication, http; those that are open. */
  readonly doors: Readonly<Record<string, DoorStatus>>;
  readonly alarms: readonly Alarm[];
  readonly readiness: ReadinessReport;
}

/** An answer of HTTP before it is written. */
export interface Page {
  readonly code: 200 | 404 | 503;
  readonly body: unknown;
}

/**
 * The page at a path, as JSON.
 *
 * /health: whether to leave this process alone: 503 when it said SERVICE_UNAVAILABLE, serves without being ready or can keep
 * nothing.
 * /ready: whether it may be chosen to become active: 503 also while that is not known yet.
 */
export function pageAt(path: string, status: NodeStatus): Page {
  const { state, missing, doubleFailure, eligible } = status.readiness;
  const isIll = state === "SERVICE_UNAVAILABLE" || doubleFailure || (state === "OK" && !eligible);
  switch (path) {
    case "/status":
      return { code: 200, body: withFree(status) };
    case "/health":
      return { code: isIll ? 503 : 200, body: { state, doubleFailure, missing } };
    case "/ready":
      return { code: eligible ? 200 : 503, body: { state, role: status.role, eligible, missing } };
    default:
      return { code: 404, body: { error: `no page ${path}`, pages: PAGES } };
  }
}

export const PAGES: readonly string[] = ["/status", "/health", "/ready", "/metrics"];

function withFree(status: NodeStatus): unknown {
  const { total, used } = status.licences;
  return { ...status, licences: { total, used, free: Math.max(0, total - used) } };
}
