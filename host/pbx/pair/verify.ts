// The checks of a pair that was set up, one row each: what is looked at, and the way out when it is not so.
//
// Pure: the status of both nodes goes in. The checks are those of the guide, docs/pair.md. Below: ../status.ts. Above:
// host/cli/pair-show.ts.

import type { NodeStatus } from "../status.ts";
import { ACTIVE_USER, STANDBY_USER } from "./marker.ts";

export interface Check {
  readonly what: string;
  readonly isOk: boolean;
  /** What was found; with the way out when it is not well. */
  readonly found: string;
}

type Row = readonly [
  what: string,
  look: (master: NodeStatus, standby: NodeStatus) => readonly [boolean, string],
];

const ROWS: readonly Row[] = [
  ["the first node is a master", (master) => [master.mode === "master", partOf(master, "master")]],
  ["the second node is a standby", (_, standby) => [standby.mode === "standby", partOf(standby, "standby")]],
  [
    "each node has a name of its own",
    (master, standby) =>
      master.name === standby.name
        ? [false, `both are ${master.name}: give each a name of its own, and name both nodes here`]
        : [true, `${master.name} and ${standby.name}`],
  ],
  [
    `${STANDBY_USER} is listed at the master`,
    ({ markers }, standby) => {
      const isListed = markers.includes(`${STANDBY_USER} ${standby.name}`);
      if (isListed) return [true, standby.name];
      if (standby.link?.isRegistered)
        return [false, "not there, though the standby is registered: at another master? see its key master"];
      return [false, `not there: ${standby.link?.cause ?? "the second node has no line to a master"}`];
    },
  ],
  [
    `${ACTIVE_USER} is listed at the standby`,
    (_, { markers, link }) => {
      const isListed = markers.includes(ACTIVE_USER);
      return [isListed, isListed ? "there" : `not there: ${link?.cause ?? "it has no line to the master"}`];
    },
  ],
  [
    "the standby watches its master",
    (_, { role, cause }) => [role === "STANDBY", role === "STANDBY" ? "STANDBY" : `${role}: ${cause}`],
  ],
  [
    "replication runs",
    (_, { replication: { isOn, isConnected, trouble } }) => {
      if (!isOn) return [false, "replicateFromMaster is off: switch it on at both nodes"];
      return [isConnected, isConnected ? "connected" : trouble || "not connected"];
    },
  ],
  [
    "objects and licences are equal",
    (master, standby) => {
      const [one, other] = [master.replication, standby.replication];
      const isEqual = one.digest === other.digest;
      const versions = `version ${one.version} and ${other.version}`;
      return [
        isEqual,
        isEqual
          ? `${master.objects} objects, ${versions}`
          : `they differ: ${versions}; wait, or see replication`,
      ];
    },
  ],
  [
    "the standby has a licence for every phone",
    ({ objects }, { licences: { total } }) => [
      total >= objects,
      total >= objects
        ? `${total} for ${objects}`
        : `${total} for ${objects}: set more at the master (pair licence set --standby)`,
    ],
  ],
  [
    "every phone knows its secondary",
    (_, { unseen, objects }) => {
      if (unseen === undefined) return [false, "nobody knows: the second node is no standby"];
      if (unseen.length === 0) return [true, `${objects} have asked at the standby`];
      const wayOut = "see that it is their backup server; stop the master once, and they ask";
      return [false, `never asked at the standby: ${some(unseen)}; ${wayOut}`];
    },
  ],
  ["no problem at the master", ({ alarms }) => [alarms.length === 0, textOf(alarms)]],
  ["no problem at the standby", (_, { alarms }) => [alarms.length === 0, textOf(alarms)]],
  [
    "the standby is ready",
    (_, { readiness: { state, missing } }) => [state === "OK", missing.join("; ") || state],
  ],
];

export function verify(master: NodeStatus, standby: NodeStatus): readonly Check[] {
  return ROWS.map(([what, look]) => {
    const [isOk, found] = look(master, standby);
    return { what, isOk, found };
  });
}

function partOf({ name, mode }: NodeStatus, wanted: NodeStatus["mode"]): string {
  return mode === wanted ? `${name}: ${mode}` : `${name}: ${mode}; name the master first, then its standby`;
}

function textOf(alarms: NodeStatus["alarms"]): string {
  return alarms.map(({ name, text }) => `${name}: ${text}`).join("; ") || "none";
}

/** The first few names; a site has thousands. */
function some(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
