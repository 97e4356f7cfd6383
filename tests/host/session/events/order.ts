// The partial order of service events, checked from outside: nothing here knows how the board derives them.
//
// Observation of calls ends < address and terminal go out < provider goes out < provider comes in < address and terminal
// come in < a snapshot of each call. Between the address and the terminal there is no order.

import assert from "node:assert/strict";
import type { ServiceEvent } from "../../../../host/session/events/event.ts";

interface Seat {
  readonly terminal: string;
  readonly address: string;
}

/** Follows a stream, and throws where it breaks the order. */
export class OrderCheck {
  /** How many events of each type came. */
  readonly seen = new Map<string, number>();
  readonly #terminals = new Set<string>();
  readonly #addresses = new Set<string>();
  /** Calls that are up, with their seat and whether they are observed. */
  readonly #calls = new Map<string, Seat & { isObserved: boolean }>();
  #isIn = false;

  hear(event: ServiceEvent): void {
    const { type, terminal = "", address = "", call = "" } = event;
    const says = (holds: boolean, rule: string): void =>
      assert.ok(holds, `${rule}: ${JSON.stringify(event)}`);
    this.seen.set(type, (this.seen.get(type) ?? 0) + 1);
    switch (type) {
      case "providerInService":
        says(!this.#isIn, "a provider comes in once");
        says(this.#terminals.size + this.#addresses.size === 0, "the provider comes in before its devices");
        this.#isIn = true;
        return;
      case "providerOutOfService":
        says(this.#isIn, "a provider goes out once");
        says(this.#terminals.size + this.#addresses.size === 0, "the provider goes out after all devices");
        this.#isIn = false;
        return;
      case "terminalInService":
      case "addressInService": {
        const [set, name] =
          type === "terminalInService" ? [this.#terminals, terminal] : [this.#addresses, address];
        says(this.#isIn, "a device comes in after the provider");
        says(!set.has(name), "a device comes in once");
        set.add(name);
        return;
      }
      case "terminalOutOfService":
      case "addressOutOfService": {
        const [set, name] =
          type === "terminalOutOfService" ? [this.#terminals, terminal] : [this.#addresses, address];
        says(set.has(name), "a device goes out once");
        set.delete(name);
        for (const [id, seat] of this.#calls) {
          const isOn =
            type === "terminalOutOfService" ? seat.terminal === terminal : seat.address === address;
          says(!isOn || !seat.isObserved, `observation of ${id} ends before its device goes out`);
        }
        return;
      }
      case "terminalRemoved":
        says(!this.#terminals.has(terminal), "a terminal goes out before it is removed");
        says(
          ![...this.#calls.values()].some((seat) => seat.terminal === terminal),
          "calls end before their terminal",
        );
        return;
      case "addressMoved":
        says(this.#isUp(event), "an address moves in service");
        return;
      case "callObservationEnded":
        says(this.#calls.get(call)?.isObserved === true, "observation ends of a call that is observed");
        this.#observe(call, false);
        return;
      case "callSnapshot":
        says(event.cause === "snapshot" && this.#isUp(event), "a snapshot comes after address and terminal");
        says(this.#calls.get(call)?.isObserved === false, "a snapshot is of a call that was known and blind");
        this.#observe(call, true);
        return;
      case "callStarted":
        says(!this.#calls.has(call) && this.#isUp(event), "a call starts once, in service");
        this.#calls.set(call, { terminal, address, isObserved: true });
        return;
      case "callChanged":
      case "callMoved":
        says(
          this.#calls.get(call)?.isObserved === true,
          "a call changes while it is observed, after its snapshot",
        );
        return;
      case "callEnded":
        says(this.#calls.has(call), "a call ends once, and had begun");
        this.#calls.delete(call);
        return;
      case "providerShutdown":
        says(!this.#isIn, "the provider goes out before its end");
    }
  }

  #isUp({ terminal = "", address = "" }: ServiceEvent): boolean {
    return this.#isIn && this.#terminals.has(terminal) && this.#addresses.has(address);
  }

  #observe(call: string, isObserved: boolean): void {
    const seat = this.#calls.get(call);
    if (seat !== undefined) seat.isObserved = isObserved;
  }
}
