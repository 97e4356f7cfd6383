// What happened in a run: events, packets and the trace, kept for whoever reads them afterwards, or told to
// whoever watches while it happens.
//
// A quiet run keeps none of it and writes no line, which makes it several times as fast. Below: trace.ts.
// Above: world.ts, wire.ts.

import type { PhoneEvent } from "../core/events.ts";
import type { Step } from "./scenario.ts";
import { eventLine, failureLine, flowLine, packetLine, stepLine } from "./trace.ts";
import type { World } from "./world.ts";

/** One datagram on the virtual wire, or a message on a virtual stream. */
export interface Packet {
  /** When it left, ms. */
  readonly at: number;
  readonly from: "phone" | "server";
  readonly server: string;
  readonly bytes: Uint8Array;
  /** It is from somebody who only pretends to be that server. */
  readonly isForged?: boolean;
}

/** Sees a run while it happens, and may act on the world; what is left out is not called. */
export interface Watch {
  /** A step of the scenario was carried out. */
  step?(step: Step, world: World): void;
  /** A packet leaves, whether it arrives or not. */
  packet?(packet: Packet, world: World): void;
  /** A packet is given to the phone, now; its server is who says to have sent it. */
  arrived?(packet: Packet, world: World): void;
  /** The phone tells something. */
  told?(event: PhoneEvent, world: World): void;
  /** A moment is over: nothing more happens in it. */
  moment?(world: World): void;
}

export class Journal {
  readonly events: PhoneEvent[] = [];
  readonly packets: Packet[] = [];
  readonly trace: string[] = [];
  readonly #world: World;
  readonly #watch: Watch;
  readonly #isQuiet: boolean;

  constructor(world: World, watch: Watch, isQuiet: boolean) {
    this.#world = world;
    this.#watch = watch;
    this.#isQuiet = isQuiet;
  }

  packet(packet: Packet): void {
    if (!this.#isQuiet) {
      this.packets.push(packet);
      if (packet.from === "phone") this.trace.push(packetLine(packet.at, ">", packet.server, packet.bytes));
    }
    this.#watch.packet?.(packet, this.#world);
  }

  arrived(packet: Packet): void {
    if (!this.#isQuiet) this.trace.push(packetLine(packet.at, "<", packet.server, packet.bytes));
    this.#watch.arrived?.(packet, this.#world);
  }

  failure(at: number, server: string): void {
    if (!this.#isQuiet) this.trace.push(failureLine(at, server));
  }

  /** @param state FLOW_* */
  flow(at: number, server: string, state: number): void {
    if (!this.#isQuiet) this.trace.push(flowLine(at, server, state));
  }

  event(event: PhoneEvent): void {
    if (!this.#isQuiet) {
      this.events.push(event);
      this.trace.push(eventLine(event));
    }
    this.#watch.told?.(event, this.#world);
  }

  /** A step was carried out; note() has told its text before. */
  step(step: Step): void {
    this.#watch.step?.(step, this.#world);
  }

  /** A line of the trace and no more. */
  note(at: number, text: string): void {
    if (!this.#isQuiet) this.trace.push(stepLine(at, text));
  }

  moment(): void {
    this.#watch.moment?.(this.#world);
  }
}
