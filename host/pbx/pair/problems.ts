// What is wrong with a pair that runs: each with a name for programs, and a text with the way out.
//
// Rows that look at the situation and say a text, or nothing. None of them stops a node. Below: facts.ts, cause.ts.
// Above: status.ts, host/node/pair/node.ts.

import type { Licences } from "../directory/licences.ts";
import type { Guesser } from "../guesses.ts";
import type { RoleName } from "../standby/table.ts";
import type { CauseKind, LinkCause } from "./cause.ts";
import { differences, type Facts } from "./facts.ts";
import type { PairSettings } from "./settings.ts";

/** What a node knows of itself and of the other one. */
export interface Situation {
  readonly settings: PairSettings;
  /** undefined: a master. */
  readonly role: RoleName | undefined;
  /** Why the standby is not registered; undefined: it is, or this is a master. */
  readonly lost: LinkCause | undefined;
  /** Standbys that are registered at this master. */
  readonly standbys: number;
  readonly objects: number;
  readonly licences: Licences;
  /** Registrations held here. */
  readonly used: number;
  /** What the master said last of itself; undefined: nothing yet. */
  readonly master: Facts | undefined;
  /** Why replication does not run; "": it runs, or is off. */
  readonly replicationTrouble: string;
  /** Why the data folder cannot be written; "": it can. */
  readonly storeTrouble: string;
  /** Until the own certificate ends. */
  readonly certificateDays: number;
  /** Who has tried too many passwords; undefined: nobody did lately. */
  readonly guesser: Guesser | undefined;
  /** Ports at which somebody had to go for want of room, within the last minute. */
  readonly crowded: readonly string[];
}

export type ProblemName =
  | "masterLost"
  | "pbxPassword"
  | "refusedByMaster"
  | "masterCertificate"
  | "noStandby"
  | "configDiffers"
  | "capacityShort"
  | "licencesShort"
  | "replicationOff"
  | "replicationTrouble"
  | "store"
  | "noObjects"
  | "platformLicence"
  | "certificateEnds"
  | "wrongPasswords"
  | "crowded";

type Row = readonly [name: ProblemName, look: (now: Situation) => string | undefined];

const ROWS: readonly Row[] = [
  [
    "masterLost",
    ({ role }) =>
      role === "ACTIVE" || role === "RETURNING" ? "this standby serves in place of its master" : undefined,
  ],
  ["pbxPassword", (now) => lostBy(now, "password")],
  ["refusedByMaster", (now) => lostBy(now, "refused")],
  ["masterCertificate", (now) => lostBy(now, "certificate")],
  [
    "noStandby",
    ({ role, standbys }) =>
      role === undefined && standbys === 0
        ? "no standby is registered here: nobody serves when this node fails; start the standby, or see what it says"
        : undefined,
  ],
  [
    "configDiffers",
    ({ settings, master }) => {
      const found = master === undefined ? [] : differences(settings.general, master.general);
      return found.length === 0
        ? undefined
        : `${found.join("; ")}: make them equal and restart the node you changed`;
    },
  ],
  ["capacityShort", (now) => capacity(now)],
  ["licencesShort", (now) => licences(now)],
  [
    "replicationOff",
    ({ role, settings }) =>
      role !== undefined && !settings.replicateFromMaster
        ? "replicateFromMaster is off: objects and licences here are those of the last time it was on"
        : undefined,
  ],
  ["replicationTrouble", ({ replicationTrouble }) => replicationTrouble || undefined],
  [
    "store",
    ({ storeTrouble }) =>
      storeTrouble === "" ? undefined : `no change is taken and no registration is granted: ${storeTrouble}`,
  ],
  [
    "noObjects",
    ({ objects, role, settings }) => {
      if (objects > 0) return undefined;
      if (role === undefined) return "the object list is empty: add objects with standfast pair object add";
      return settings.replicateFromMaster
        ? "the object list is empty: nothing was ever replicated from the master, so no phone would be served"
        : "the object list is empty and replicateFromMaster is off, so no phone would be served: switch it on";
    },
  ],
  [
    "platformLicence",
    ({ settings }) =>
      settings.isVirtual && settings.registrationsMax === 0
        ? "this virtual node has no platform licence of its own and serves nobody: set platformLicence here, it never replicates"
        : undefined,
  ],
  [
    "certificateEnds",
    ({ certificateDays }) =>
      certificateDays < 30
        ? `certificateFile ends in ${Math.floor(certificateDays)} days: renew it`
        : undefined,
  ],
  [
    "wrongPasswords",
    ({ guesser }) =>
      guesser &&
      `wrong passwords keep coming for ${guesser.account} from ${guesser.network}: mend what asks there, or keep it out; between them none is looked at for up to a minute`,
  ],
  [
    "crowded",
    ({ crowded }) =>
      crowded.length === 0
        ? undefined
        : `every place for connections is taken (${crowded.join(", ")}): those that have proven nothing go first; keep out who opens them, or raise registrationsMax`,
  ],
];

/** Everything that is wrong now, in the order of the rows. */
export function problemsIn(now: Situation): readonly { readonly name: ProblemName; readonly text: string }[] {
  return ROWS.flatMap(([name, look]) => {
    const text = look(now);
    return text === undefined ? [] : [{ name, text }];
  });
}

function lostBy({ lost }: Situation, kind: CauseKind): string | undefined {
  return lost?.kind === kind ? lost.text : undefined;
}

function capacity({ role, settings, objects, master, licences: { standby } }: Situation): string | undefined {
  if (role === undefined) return undefined;
  const wanted = Math.max(objects, master?.objects ?? 0);
  if (wanted > settings.objectsMax)
    return `this machine holds ${settings.objectsMax} objects (objectsMax), the master has ${wanted}: use a larger one`;
  const carried = Math.max(master?.used ?? 0, standby);
  if (settings.registrationsMax > 0 && carried > settings.registrationsMax) {
    const key = settings.isVirtual ? "platformLicence" : "registrationsMax";
    return `this machine holds ${settings.registrationsMax} registrations (${key}), ${carried} may come: use a larger one`;
  }
  return undefined;
}

function licences({ role, licences: held, objects, master, used }: Situation): string | undefined {
  if (role === undefined) {
    if (held.registrations < Math.max(used, objects))
      return short(held.registrations, "registration", objects, "--registrations");
  } else if (held.standby < Math.max(objects, master?.used ?? 0)) {
    return short(held.standby, "standby", Math.max(objects, master?.used ?? 0), "--standby");
  }
  return undefined;
}

function short(have: number, what: string, need: number, option: string): string {
  return `${have} ${what} licences for ${need} objects: the others would be refused; set more at the master (standfast pair licence set ${option} ${need})`;
}
