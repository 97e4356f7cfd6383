// A standby's role with a clock: inputs go in when they come, its delays end by themselves, and what it says is told.
//
// Below: host/pbx/standby, clock.ts. Above: whoever runs a standby, standby.ts and watcher.ts.

import { type RoleEvent, type RoleInput, type RoleSettings, StandbyRole } from "../../pbx/standby/role.ts";
import { wordsOf } from "../../pbx/standby/words.ts";
import { after } from "../clock.ts";
import { nodeClock, type Tell } from "./node-event.ts";

export interface RoleClockOptions {
  readonly settings: RoleSettings;
  readonly tell: Tell;
  /** After each input and each delay that is over, with what came of it. */
  readonly onFed: (events: readonly RoleEvent[]) => void;
  /** Whether this node could serve: until then takeoverDelay of the start begins anew, DESIGN.md D37. Left out: yes. */
  readonly mayServe?: () => boolean;
}

export class RoleClock {
  readonly role: StandbyRole;
  readonly #options: RoleClockOptions;
  #forget = (): void => {};
  #isClosed = false;

  constructor(options: RoleClockOptions) {
    this.#options = options;
    this.role = new StandbyRole(options.settings, this.now);
    this.#sleep();
  }

  /** The time that `since` and `at` of the role are in: ms, monotonic. */
  get now(): number {
    return nodeClock();
  }

  feed(input: RoleInput): void {
    if (this.#isClosed) return;
    const { mayServe, tell, onFed } = this.#options;
    if (mayServe?.() === false) this.role.postpone(this.now);
    const events = this.role.feed(input, this.now);
    this.#sleep();
    for (const event of events) {
      const words = wordsOf(event);
      if (words !== undefined) tell(words.type, words.text, words.data);
    }
    onFed(events);
  }

  /** It can serve from now on. */
  ready(): void {
    this.role.postpone(this.now);
    this.#sleep();
  }

  /** Nothing changes any more. */
  close(): void {
    this.#isClosed = true;
    this.#forget();
  }

  #sleep(): void {
    this.#forget();
    if (this.#isClosed) return;
    const waitMs = this.role.wakeInMs(this.now);
    this.#forget = waitMs === undefined ? () => {} : after(waitMs, () => this.feed({ kind: "tick" }));
  }
}
