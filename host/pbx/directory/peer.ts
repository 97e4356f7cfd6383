// One end of a replication connection: bytes and the time in, bytes out, and an end with its reason.
//
// What is said is decided by a session, master-session.ts or standby-session.ts; here are the frames around it, and the
// patience: an end that is not heard in time is given up. Below: frames.ts, trouble.ts. Above: host/node/pair.

import { BrokenFrame, FrameReader, FrameWriter } from "./frames.ts";
import type { Message } from "./messages.ts";
import { Trouble } from "./trouble.ts";

/** What one side of a connection says, message by message. */
export interface Session {
  /** What seals both directions; undefined: the other side has not proven itself yet. */
  readonly seals: { readonly theirs: Uint8Array; readonly ours: Uint8Array } | undefined;
  /** @throws Trouble: it is over */
  receive(message: Message, now: number): void;
  /** The next message to send; undefined: nothing for now. */
  next(now: number): Message | undefined;
  /** Set when the last message is on its way, and the connection is over with it. */
  readonly over: Trouble | undefined;
}

/** From the connection until both sides have proven themselves. */
export const HANDSHAKE_MS = 5000;
/** Each side says something at least this often. */
export const ALIVE_MS = 10_000;
/** A side that was not heard for this long is gone. */
export const SILENCE_MS = 30_000;

/** Messages that are sealed from the moment their sender has the seals; the others are of the handshake. */
const BARE: readonly Message["kind"][] = ["hello", "prove", "proven", "refused"];

export class Peer {
  readonly #session: Session;
  readonly #reader = new FrameReader();
  readonly #writer = new FrameWriter();
  readonly #startedAt: number;
  #heardAt: number;
  #trouble: Trouble | undefined;

  constructor(session: Session, now: number) {
    this.#session = session;
    this.#startedAt = now;
    this.#heardAt = now;
  }

  /** Why it is over; undefined: it is not. Close the connection then; nothing more comes out. */
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** Takes what came, in pieces of any size, and gives what is to be sent. */
  feed(bytes: Uint8Array, now: number): Uint8Array {
    this.#guarded(() => {
      this.#reader.push(bytes);
      for (;;) {
        const message = this.#reader.next(this.#session.seals?.theirs);
        if (message === undefined) return;
        this.#heardAt = now;
        this.#session.receive(message, now);
      }
    });
    return this.pump(now);
  }

  /** What is to be sent at this moment: call it at the start, after a change, and each second. */
  pump(now: number): Uint8Array {
    const frames: Uint8Array[] = [];
    this.#guarded(() => {
      this.#lookForSilence(now);
      for (let message = this.#session.next(now); message; message = this.#session.next(now)) {
        const key = BARE.includes(message.kind) ? undefined : this.#session.seals?.ours;
        frames.push(this.#writer.write(message, key));
      }
    });
    this.#trouble ??= this.#session.over;
    return joined(frames);
  }

  #lookForSilence(now: number): void {
    const isOpen = this.#session.seals !== undefined;
    const isLate = isOpen ? now - this.#heardAt >= SILENCE_MS : now - this.#startedAt >= HANDSHAKE_MS;
    if (isLate) throw new Trouble("silent");
  }

  #guarded(act: () => void): void {
    if (this.#trouble !== undefined) return;
    try {
      act();
    } catch (error) {
      if (error instanceof BrokenFrame) this.#trouble = new Trouble("broken", error.message);
      else if (error instanceof Trouble) this.#trouble = error;
      else throw error;
    }
  }
}

function joined(frames: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const frame of frames) {
    all.set(frame, at);
    at += frame.length;
  }
  return all;
}
