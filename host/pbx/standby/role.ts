// The role of a standby: told whether it is registered at its master, it says when to serve and when to send away.
//
// No I/O and no clock: inputs and `now` go in, events and "wake me in n ms" come out. The table decides; here is what
// its actions do. DESIGN.md D34. Below: table.ts, damping.ts, settings.ts. Above: conduct.ts, host/node/pair.

import { ReturnDamping } from "./damping.ts";
import { checkDelays, dampingOf, type RoleSettings } from "./settings.ts";
import { type Input, type RoleName, type Row, rowOf } from "./table.ts";

export type { RoleSettings } from "./settings.ts";
export type { RoleName } from "./table.ts";

/** registered: at the master, also when it was already. lost: not registered, or refused; `cause` says why. */
export type RoleInput =
  | { readonly kind: "registered" }
  | { readonly kind: "lost"; readonly cause: string }
  | { readonly kind: "tick" };

/** A change of role: what, why, when, and by which rule of the table. */
export interface RoleChange {
  readonly kind: "role";
  readonly at: number;
  readonly from: RoleName;
  readonly to: RoleName;
  readonly cause: string;
  readonly rule: string;
}

export type RoleEvent =
  | RoleChange
  /** On while the standby serves. */
  | { readonly kind: "alarm"; readonly at: number; readonly on: boolean; readonly cause: string }
  /** The bindings that are held here are the master's business again: let go of them. */
  | { readonly kind: "handBack"; readonly at: number };

/** All there is to know about a role at a moment. */
export interface Explanation {
  readonly role: RoleName;
  /** Moment of the last change, ms of the clock that `now` is from. */
  readonly since: number;
  readonly cause: string;
  /** When the alarm came on, that clock; undefined: it is off. */
  readonly alarmedSince: number | undefined;
  readonly link: { readonly isRegistered: boolean; readonly since: number; readonly cause: string };
  /** What the role waits for, and how long still; undefined: nothing. */
  readonly due: { readonly input: Input; readonly inMs: number } | undefined;
  /** Charges against the master, and how long it may not be returned to, ms; 0: it may. */
  readonly damping: { readonly penalty: number; readonly suspendedMs: number };
  /** The last changes of role, oldest first. */
  readonly changes: readonly RoleChange[];
  /** All of them since the start. */
  readonly changesTotal: number;
}

/** Changes of role that can be asked for; who wants all of them keeps the events. */
export const CHANGES_MAX = 100;

export class StandbyRole {
  readonly #settings: RoleSettings;
  readonly #damping: ReturnDamping;
  #name: RoleName = "UNREGISTERED";
  #since: number;
  #cause = "started";
  #now: number;
  #link: Explanation["link"];
  #due: { readonly input: Input; readonly at: number } | undefined;
  #alarmedSince: number | undefined;
  #changes: readonly RoleChange[] = [];
  #changesTotal = 0;

  /**
   * Begins UNREGISTERED, with takeoverDelay running.
   * @param now ms of any clock that does not go back
   * @throws RangeError a delay outside of 5..600 s
   */
  constructor(settings: RoleSettings, now: number) {
    checkDelays(settings);
    this.#settings = settings;
    this.#damping = new ReturnDamping(dampingOf(settings));
    this.#now = now;
    this.#since = now;
    this.#link = { isRegistered: false, since: now, cause: "not registered at the master yet" };
    this.#begin("takeoverDue", now + settings.takeoverDelayMs);
  }

  get name(): RoleName {
    return this.#name;
  }

  get since(): number {
    return this.#since;
  }

  get cause(): string {
    return this.#cause;
  }

  /** Takes one input; a delay that was over by `now` is over first. */
  feed(input: RoleInput, now: number): readonly RoleEvent[] {
    this.#now = Math.max(now, this.#now); // a clock that goes back has not moved
    const due = this.#due;
    const late = due !== undefined && due.at <= this.#now ? this.#take(due.input) : [];
    return input.kind === "tick" ? late : [...late, ...this.#hear(input)];
  }

  /** It could not serve until now: takeoverDelay of the start begins anew. Without effect once it has found its master. */
  postpone(now: number): void {
    this.#now = Math.max(now, this.#now);
    if (this.#name === "UNREGISTERED") this.#begin("takeoverDue", this.#now + this.#settings.takeoverDelayMs);
  }

  /** Feed a tick then; undefined: nothing is due. */
  wakeInMs(now: number): number | undefined {
    return this.#due === undefined ? undefined : Math.max(0, this.#due.at - now);
  }

  /** What is left of takeoverDelay, rounded up, s; 0 when it does not run. */
  leftSeconds(now: number): number {
    if (this.#due?.input !== "takeoverDue") return 0;
    return Math.ceil(Math.max(0, this.#due.at - now) / 1000);
  }

  explain(now: number): Explanation {
    return {
      role: this.#name,
      since: this.#since,
      cause: this.#cause,
      alarmedSince: this.#alarmedSince,
      link: this.#link,
      due: this.#due && { input: this.#due.input, inMs: Math.max(0, this.#due.at - now) },
      damping: {
        penalty: this.#damping.penalty(now),
        suspendedMs: Math.max(0, this.#damping.freeAt - now),
      },
      changes: this.#changes,
      changesTotal: this.#changesTotal,
    };
  }

  #hear(input: Exclude<RoleInput, { kind: "tick" }>): readonly RoleEvent[] {
    const before = this.#link;
    const isRegistered = input.kind === "registered";
    const since = isRegistered === before.isRegistered ? before.since : this.#now;
    const cause = input.kind === "lost" ? input.cause : "registered at the master";
    this.#link = { isRegistered, since, cause };
    return this.#take(input.kind, before.since);
  }

  /** @param before since when the link was as it was until now */
  #take(input: Input, before = this.#link.since): readonly RoleEvent[] {
    const row = rowOf(this.#name, input);
    return row === undefined ? [] : this.#act(row, before);
  }

  #act(row: Row, before: number): readonly RoleEvent[] {
    const { takeoverDelayMs, returnDelayMs } = this.#settings;
    const now = this.#now;
    const link = this.#link.cause;
    switch (row.action) {
      case "note":
        return [];
      case "join":
        this.#due = undefined;
        return this.#become(row, link);
      case "wait":
        this.#begin("takeoverDue", now + takeoverDelayMs);
        return this.#become(row, link);
      case "resume":
        this.#due = undefined;
        return this.#become(row, `registered at the master after ${seconds(now - before)} without it`);
      case "takeOver":
        this.#due = undefined;
        this.#damping.fell(before, now);
        return this.#alarm(true, row, `not registered at the master for ${seconds(now - before)}: ${link}`);
      case "watch":
        this.#begin("returnDue", Math.max(now + returnDelayMs, this.#damping.freeAt));
        return this.#become(row, `registered at the master after ${seconds(now - before)} without it`);
      case "stay":
        this.#due = undefined;
        this.#damping.failed(now);
        return this.#become(row, `lost the master again after ${seconds(now - before)}: ${link}`);
      case "handBack":
        this.#due = undefined;
        this.#damping.returned(now);
        return [
          ...this.#alarm(false, row, `registered at the master for ${seconds(now - before)}`),
          { kind: "handBack", at: now },
        ];
    }
  }

  #alarm(on: boolean, row: Row, cause: string): readonly RoleEvent[] {
    this.#alarmedSince = on ? this.#now : undefined;
    return [...this.#become(row, cause), { kind: "alarm", at: this.#now, on, cause }];
  }

  #become(row: Row, cause: string): readonly RoleEvent[] {
    const { role: from, next: to, rule } = row;
    this.#name = to;
    this.#since = this.#now;
    this.#cause = cause;
    const change: RoleChange = { kind: "role", at: this.#now, from, to, cause, rule };
    this.#changes = [...this.#changes, change].slice(-CHANGES_MAX);
    this.#changesTotal++;
    return [change];
  }

  #begin(input: Input, at: number): void {
    this.#due = { input, at };
  }
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
