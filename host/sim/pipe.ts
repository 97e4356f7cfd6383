// One direction of a connection: what is lost is sent again, and what comes after it waits. RFC 9293 §3.8.
//
// Below: schedule.ts. Above: streams.ts.

import type { Schedule } from "./schedule.ts";

/** The shortest wait for an acknowledgement that Linux knows; doubled each time. RFC 6298 §5.5. */
const FIRST_WAIT_MS = 200;

/** RFC 6298 §2.5 lets the wait end its growth at 60 s or more. */
const WAIT_MOST_MS = 120_000;

interface Message {
  sentAt: number;
  /** @returns false: nobody took it, as when the other side sleeps */
  readonly deliver: () => boolean;
}

export class Pipe {
  readonly #schedule: Schedule;
  readonly #draw: () => number | undefined;
  readonly #waiting: Message[] = [];

  /** @param draw what becomes of a segment sent now: its delay, ms; undefined: lost */
  constructor(schedule: Schedule, draw: () => number | undefined) {
    this.#schedule = schedule;
    this.#draw = draw;
  }

  send(deliver: () => boolean): void {
    this.#waiting.push({ sentAt: this.#schedule.now, deliver });
    if (this.#waiting.length === 1) this.#try(FIRST_WAIT_MS);
  }

  /** Nothing that is under way arrives any more. */
  close(): void {
    this.#waiting.length = 0;
  }

  /** Sends the first one that waits. */
  #try(waitMs: number): void {
    const message = this.#waiting[0];
    if (message === undefined) return;
    const delayMs = this.#draw();
    if (delayMs === undefined) this.#again(message, waitMs);
    else {
      const leftMs = Math.max(message.sentAt + delayMs - this.#schedule.now, 0);
      this.#schedule.after(leftMs, () => this.#arrive(message, waitMs));
    }
  }

  #again(message: Message, waitMs: number): void {
    this.#schedule.after(waitMs, () => {
      if (this.#waiting[0] !== message) return;
      message.sentAt = this.#schedule.now;
      this.#try(Math.min(2 * waitMs, WAIT_MOST_MS));
    });
  }

  #arrive(message: Message, waitMs: number): void {
    if (this.#waiting[0] !== message) return;
    const isTaken = message.deliver();
    if (this.#waiting[0] !== message) return;
    if (isTaken) {
      this.#waiting.shift();
      this.#try(FIRST_WAIT_MS);
    } else this.#again(message, waitMs);
  }
}
