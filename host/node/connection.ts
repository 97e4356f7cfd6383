// The connection to one server over TCP or TLS: being opened, up, or not there; at most one at a time.
//
// What it tells is about the connection that was opened last: an earlier one is closed without a word.
// Below: connect.ts, stream.ts. Above: flows.ts.
import type { Socket } from "node:net";
import * as abi from "../../assembly/abi.ts";
import { type Endpoint, plainAddress, sameEndpoint } from "./address.ts";
import { type OpeningFailure, open } from "./connect.ts";
import { type Frame, Stream } from "./stream.ts";
import type { Security } from "./tls.ts";

export interface ConnectionOptions {
  /** undefined: TCP. */
  readonly security: Security | undefined;
  /** Where the first message ends. */
  readonly frame: Frame;
  /** A message; the bytes are the caller's to keep. */
  readonly onUnit: (bytes: Uint8Array, from: Endpoint) => void;
  /** What became of it: FLOW_*. Never from within a call. */
  readonly onState: (state: number) => void;
  /** Why it could not be opened, for people; each reason once, until another comes or a connection. */
  readonly onRemark: (text: string) => void;
}

const STATES: Readonly<Record<OpeningFailure, number>> = {
  refused: abi.FLOW_REFUSED,
  tls: abi.FLOW_TLS,
  tlsExpired: abi.FLOW_TLS_EXPIRED,
  tlsName: abi.FLOW_TLS_NAME,
  tlsUntrusted: abi.FLOW_TLS_UNTRUSTED,
};

const NOTHING = (): void => {};

export class Connection {
  readonly #options: ConnectionOptions;
  #to: Endpoint | undefined;
  /** Ends what is being opened. */
  #callOff = NOTHING;
  #stream: Stream | undefined;
  #local: Endpoint | undefined;
  #remark = "";

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Our own side of the latest connection; undefined before the first. */
  get local(): Endpoint | undefined {
    return this.#local;
  }

  /** Whether it is up. */
  get isUp(): boolean {
    return this.#stream !== undefined;
  }

  /** Whether it is up and goes there. */
  leadsTo(to: Endpoint): boolean {
    return this.isUp && this.#to !== undefined && sameEndpoint(this.#to, to);
  }

  /** Opens a new one, and closes the earlier. `to` undefined: the server has no address. */
  open(to: Endpoint | undefined): void {
    this.close();
    this.#to = to;
    if (to) this.#callOff = this.#dial(to);
    else this.#later(abi.FLOW_REFUSED);
  }

  /** Sends one message; where the connection is gone meanwhile, that is told once more. */
  send(bytes: Uint8Array): void {
    if (this.#stream) this.#stream.send(bytes);
    else this.#later(abi.FLOW_LOST);
  }

  /** Closes it, or ends its opening; nothing is told. */
  close(): void {
    this.#callOff();
    this.#callOff = NOTHING;
    this.#stream?.close();
    this.#stream = undefined;
  }

  #dial(to: Endpoint): () => void {
    return open({
      to,
      security: this.#options.security,
      onUp: (socket) => this.#up(socket, to),
      onFailure: (failure, remark) => this.#fail(failure, remark),
    });
  }

  #up(socket: Socket, to: Endpoint): void {
    this.#callOff = NOTHING;
    this.#remark = "";
    this.#local = { address: plainAddress(socket.localAddress ?? ""), port: socket.localPort ?? 0 };
    this.#stream = new Stream(socket, {
      frame: this.#options.frame,
      onUnit: (bytes) => this.#options.onUnit(bytes, to),
      onEnd: (how) => {
        this.#stream = undefined;
        this.#options.onState(how === "lost" ? abi.FLOW_LOST : abi.FLOW_BROKEN);
      },
    });
    this.#options.onState(abi.FLOW_UP);
  }

  #fail(failure: OpeningFailure, remark: string): void {
    this.#callOff = NOTHING;
    if (remark !== this.#remark) this.#options.onRemark(remark);
    this.#remark = remark;
    this.#options.onState(STATES[failure]);
  }

  #later(state: number): void {
    const timer = setImmediate(() => this.#options.onState(state));
    this.#callOff = () => clearImmediate(timer);
  }
}
