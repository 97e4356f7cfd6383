// The connection of a standby to its master for what its own line does not carry: requests of phones that are passed on,
// questions, and bindings that are handed back.
//
// Opened when something has to be sent, closed when the master closes it; what waited then gets no answer. Below:
// connect.ts, stream.ts, host/pbx/pair. Above: node.ts.
import type { Socket } from "node:net";
import { branchOf, passedBack } from "../../pbx/pair/relay.ts";
import { unitLength } from "../../sip/framing.ts";
import type { Endpoint } from "../address.ts";
import { after } from "../clock.ts";
import { open } from "../connect.ts";
import { Stream } from "../stream.ts";
import type { Security } from "../tls.ts";

export interface UpstreamOptions {
  readonly to: Endpoint;
  readonly security: Security;
  /** What comes and answers nothing that was passed on. */
  readonly onHeard: (bytes: Uint8Array) => void;
  /** The connection is gone, or never was. */
  readonly onLost: (why: string) => void;
}

/** undefined: the master gave no answer in time. */
export type Answered = (bytes: Uint8Array | undefined) => void;

/** A phone gives up after 64 times T1, and asks elsewhere before: it gets its answer from us. */
const PATIENCE_MS = 8000;
/** Requests of phones that are on their way at once: the answers to more would be too much for a stream in one go. */
const FLYING_MAX = 50;
/** Requests of phones in all; one more is told at once that there is no answer. */
const RELAYED_MAX = 1000;
/** Of what is sent while the connection is being opened, as many messages wait. */
const WAITING_MAX = 2 * FLYING_MAX;

export class Upstream {
  readonly #options: UpstreamOptions;
  readonly #relayed = new Map<string, { readonly done: Answered; readonly forget: () => void }>();
  /** Of those, what is not on its way yet. */
  #queue: { readonly branch: string; readonly bytes: Uint8Array }[] = [];
  #waiting: Uint8Array[] = [];
  #stream: Stream | undefined;
  #callOff: (() => void) | undefined;

  constructor(options: UpstreamOptions) {
    this.#options = options;
  }

  send(bytes: Uint8Array): void {
    if (this.#stream !== undefined) this.#stream.send(bytes);
    else if (this.#waiting.length < WAITING_MAX) this.#waiting.push(bytes);
    if (this.#stream === undefined) this.#callOff ??= this.#open();
  }

  /** Passes a request on; the answer comes back without our Via, once, to the first that came with this branch. */
  relay(branch: string, bytes: Uint8Array, done: Answered): void {
    if (this.#relayed.has(branch)) return;
    if (this.#relayed.size >= RELAYED_MAX) {
      done(undefined);
      return;
    }
    const forget = after(PATIENCE_MS, () => this.#settle(branch, undefined));
    this.#relayed.set(branch, { done, forget });
    this.#queue.push({ branch, bytes });
    this.#pump();
  }

  close(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#stream?.close();
    this.#stream = undefined;
    this.#waiting = [];
    this.#queue = [];
    for (const branch of [...this.#relayed.keys()]) this.#settle(branch, undefined);
  }

  #open(): () => void {
    const { to, security } = this.#options;
    return open({
      to,
      security,
      onUp: (socket) => this.#begin(socket),
      onFailure: (_, remark) => this.#end(remark),
    });
  }

  #begin(socket: Socket): void {
    this.#callOff = undefined;
    const stream = new Stream(socket, {
      frame: unitLength,
      onUnit: (bytes) => this.#hear(bytes),
      onEnd: () => this.#end("the connection was closed"),
    });
    this.#stream = stream;
    for (const bytes of this.#waiting.splice(0)) stream.send(bytes);
  }

  #hear(bytes: Uint8Array): void {
    const branch = branchOf(bytes);
    if (branch !== undefined && this.#relayed.has(branch)) this.#settle(branch, passedBack(bytes));
    else this.#options.onHeard(bytes);
  }

  #pump(): void {
    while (this.#relayed.size - this.#queue.length < FLYING_MAX) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.send(next.bytes);
    }
  }

  #settle(branch: string, bytes: Uint8Array | undefined): void {
    const { done, forget } = this.#relayed.get(branch) ?? {};
    this.#relayed.delete(branch);
    this.#queue = this.#queue.filter((one) => one.branch !== branch);
    forget?.();
    done?.(bytes);
    this.#pump();
  }

  #end(why: string): void {
    this.close();
    this.#options.onLost(why);
  }
}
