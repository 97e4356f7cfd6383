// The bytes of one connection, TCP or TLS, cut into whole units: a message or a CRLF each. RFC 3261 §18.3.
//
// Where a unit ends is not decided here: `frame` says it, of the core or of the embedded registrar. What the
// other side sends never costs more than two buffers of memory, and never more than a moment of time at once:
// after a handful of units the connection waits until everybody else had a turn. Above: flows.ts, pbx-listen.ts.
import type { Socket } from "node:net";
import { INPUT_MAX } from "../core/core.ts";

/**
 * How many of the bytes make the first unit, ABI.md, "frame": 0: it is not whole yet; n: the first n, which may be more
 * than there are; negative: they are no SIP.
 */
export type Frame = (bytes: Uint8Array) => number;

/** lost: the other side closed or reset it, or takes nothing any more; broken: what it sends is no SIP. */
export type StreamEnd = "lost" | "broken";

export interface StreamOptions {
  readonly frame: Frame;
  /** A whole unit; the bytes are the caller's to keep. */
  readonly onUnit: (bytes: Uint8Array) => void;
  /** Once, and not after `close`. The connection is closed already. */
  readonly onEnd: (end: StreamEnd) => void;
}

/** The longest unit: a head that the core can read, and a body as long as a datagram may be. RFC 3261 §18.1.1. */
const UNIT_MAX = INPUT_MAX + 65_535;
/** Of what is sent, as much may wait for a peer that does not read. */
const UNSENT_MAX = 65_536;
/** Units in one turn: a flood of CRLFs must not keep the timers waiting. */
const UNITS_IN_A_TURN = 64;

const NOTHING: Buffer = Buffer.alloc(0);

export class Stream {
  readonly #socket: Socket;
  readonly #options: StreamOptions;
  #held = NOTHING;
  /** Length of the unit that is coming in; 0: not known yet. */
  #wanted = 0;
  /** A turn is over, and more is held. */
  #isResting = false;
  /** The other side has closed it; what is held is still handed over. */
  #isClosed = false;
  #isOver = false;

  /** @param socket a connection that is up */
  constructor(socket: Socket, options: StreamOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.setNoDelay(true);
    socket.on("data", (bytes: Buffer) => this.#take(bytes));
    socket.on("error", () => this.#end("lost"));
    // A peer that has said its last word (FIN) hears no request any more, so half a connection is none.
    socket.on("end", () => this.#hangUp());
    socket.on("close", () => this.#hangUp());
  }

  /** Whether more has come than whole messages. */
  get isMidway(): boolean {
    return this.#held.length > 0;
  }

  /** Sends one message; the bytes stay with the stream. */
  send(bytes: Uint8Array): void {
    if (this.#isOver) return;
    this.#socket.write(bytes);
    if (this.#socket.writableLength > UNSENT_MAX) this.#end("lost");
  }

  /** Closes it; nothing is told afterwards. */
  close(): void {
    this.#isOver = true;
    this.#held = NOTHING;
    this.#socket.destroy();
  }

  #end(end: StreamEnd): void {
    if (this.#isOver) return;
    this.close();
    this.#options.onEnd(end);
  }

  #hangUp(): void {
    this.#isClosed = true;
    if (!this.#isResting) this.#end("lost");
  }

  #take(bytes: Buffer): void {
    if (this.#isOver) return;
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    this.#handOver();
  }

  /** Hands over a turn's worth; while more is held nothing is read on. */
  #handOver(): void {
    for (let units = 0; units < UNITS_IN_A_TURN; units++) {
      const length = this.#isOver ? 0 : this.#wholeUnit();
      if (length === 0) return;
      const unit = this.#held.subarray(0, length);
      this.#held = this.#held.subarray(length);
      this.#wanted = 0;
      this.#options.onUnit(unit);
    }
    this.#isResting = true;
    this.#socket.pause();
    setImmediate(this.#goOn);
  }

  readonly #goOn = (): void => {
    this.#isResting = false;
    this.#handOver();
    if (this.#isResting) return;
    if (this.#isClosed) this.#end("lost");
    else if (!this.#isOver) this.#socket.resume();
  };

  /** Length of the unit at the start; 0: it is not whole, or the stream has ended over it. */
  #wholeUnit(): number {
    if (this.#wanted === 0 && this.#held.length > 0) this.#wanted = this.#nextLength();
    return this.#wanted > 0 && this.#wanted <= this.#held.length ? this.#wanted : 0;
  }

  #nextLength(): number {
    const head = this.#held.subarray(0, INPUT_MAX);
    const length = this.#options.frame(head);
    const isEndless = length === 0 && head.length === INPUT_MAX;
    if (length >= 0 && length <= UNIT_MAX && !isEndless) return length;
    this.#end("broken");
    return 0;
  }
}
