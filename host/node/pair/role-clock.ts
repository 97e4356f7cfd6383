// A standby's role with a clock: inputs go in when they come, and its delays end by themselves.
//
// Below: host/pbx/standby/role.ts, clock.ts. Above: whoever runs a standby.

import { type RoleEvent, type RoleInput, type RoleSettings, StandbyRole } from "../../pbx/standby/role.ts";
import { after, monotonicMs } from "../clock.ts";

export class RoleClock {
  readonly role: StandbyRole;
  readonly #tell: (event: RoleEvent) => void;
  #forget = (): void => {};

  /** @param tell is called after the role has changed, once for each event */
  constructor(settings: RoleSettings, tell: (event: RoleEvent) => void) {
    this.#tell = tell;
    this.role = new StandbyRole(settings, this.now);
    this.#sleep();
  }

  /** The time that `since` and `at` of the role are in: ms, monotonic. */
  get now(): number {
    return Math.floor(monotonicMs());
  }

  feed(input: RoleInput): void {
    const events = this.role.feed(input, this.now);
    this.#sleep();
    for (const event of events) this.#tell(event);
  }

  /** No delay ends any more. */
  close(): void {
    this.#forget();
  }

  #sleep(): void {
    this.#forget();
    const waitMs = this.role.wakeInMs(this.now);
    this.#forget = waitMs === undefined ? () => {} : after(waitMs, () => this.feed({ kind: "tick" }));
  }
}
