// What a run has taken: a soak that says nothing was wrong has to say what it tried.
//
// Above: trial.ts, report.ts. Below: watcher.ts.

import type { PhoneEvent } from "../core/events.ts";
import type { Step } from "../sim/scenario.ts";
import { faultName } from "./truth.ts";
import type { Facts, Moment, Watcher } from "./watcher.ts";
import type { Sent } from "./wire.ts";

export interface Counts {
  readonly cases: number;
  /** Hours of a phone, in virtual time. */
  readonly hours: number;
  readonly moments: number;
  readonly datagrams: number;
  readonly moves: number;
  /** How often, by type of event. */
  readonly events: Readonly<Record<string, number>>;
  /** How often, by what was done. */
  readonly faults: Readonly<Record<string, number>>;
  /** How often each row of the core's tables was taken, where the build counts; of the last boot of each run. */
  readonly rows: Readonly<Record<string, number>>;
  /** How often, by `fault × health of that server × state of a line`, as they were when it struck. */
  readonly struck: Readonly<Record<string, number>>;
}

export const NO_COUNTS: Counts = {
  cases: 0,
  hours: 0,
  moments: 0,
  datagrams: 0,
  moves: 0,
  events: {},
  faults: {},
  rows: {},
  struck: {},
};

const HOUR_MS = 3_600_000;

/** Counts one run. */
export class Counting implements Watcher {
  readonly #facts: Facts;
  readonly #events: Record<string, number> = {};
  readonly #faults: Record<string, number> = {};
  readonly #struck: Record<string, number> = {};
  #moments = 0;
  #datagrams = 0;
  /** As the phone was when the last moment ended. */
  #last: Moment | undefined;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  stepped({ action }: Step): void {
    const name = action.kind === "server" ? faultName(action.verb) : nameOf(action);
    count(this.#faults, name);
    const server = "server" in action ? action.server : undefined;
    const health = this.#last?.servers.find((one) => one.server === server)?.health ?? "-";
    for (const line of this.#facts.lines) {
      const state = this.#last?.lines.find((one) => one.line === line)?.state ?? "starting";
      count(this.#struck, `${name} × ${health} × ${state}`);
    }
  }

  sent(_: Sent): void {
    this.#datagrams++;
  }

  told({ type }: PhoneEvent): void {
    count(this.#events, type);
  }

  moment(moment: Moment): void {
    this.#moments++;
    this.#last = moment;
  }

  /** @param untilMs how long the run was */
  counts(untilMs: number): Counts {
    return {
      cases: 1,
      hours: untilMs / HOUR_MS,
      moments: this.#moments,
      datagrams: this.#datagrams,
      moves: this.#events.moved ?? 0,
      events: this.#events,
      faults: this.#faults,
      rows: {},
      struck: this.#struck,
    };
  }
}

function nameOf(action: Exclude<Step["action"], { kind: "server" }>): string {
  if (action.kind === "network") return `network ${action.verb.kind}`;
  if (action.kind === "call") return action.begins ? "call begins" : "call ends";
  if (action.kind === "link") return action.up ? "link up" : "link down";
  return `host ${action.kind === "device" ? action.verb.kind : action.verb}`;
}

function count(into: Record<string, number>, name: string, by = 1): void {
  into[name] = (into[name] ?? 0) + by;
}

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    cases: a.cases + b.cases,
    hours: a.hours + b.hours,
    moments: a.moments + b.moments,
    datagrams: a.datagrams + b.datagrams,
    moves: a.moves + b.moves,
    events: addEach(a.events, b.events),
    faults: addEach(a.faults, b.faults),
    rows: addEach(a.rows, b.rows),
    struck: addEach(a.struck, b.struck),
  };
}

function addEach(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>) {
  const sum = { ...a };
  for (const [name, times] of Object.entries(b)) count(sum, name, times);
  return sum;
}
