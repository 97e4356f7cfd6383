// The standby's way to its master: connects, follows, and tries again after each end.
//
// Below: replication-socket.ts, connect.ts. Above: node.ts.
import type { Socket } from "node:net";
import type { Directory } from "../../pbx/directory/directory.ts";
import { HANDSHAKE_MS } from "../../pbx/directory/peer.ts";
import { StandbySession } from "../../pbx/directory/standby-session.ts";
import { Trouble } from "../../pbx/directory/trouble.ts";
import type { Endpoint } from "../address.ts";
import { after } from "../clock.ts";
import { open } from "../connect.ts";
import { newNonce } from "./replication-key.ts";
import { bindingOf, carry } from "./replication-socket.ts";

export interface ClientOptions {
  readonly master: Endpoint;
  /** PEM of who signed the master's certificate; undefined: without TLS, the switch `replicationTls`. */
  readonly authorities: readonly string[] | undefined;
  /** replicationKey() of the PBX password. */
  readonly key: Uint8Array;
  readonly directory: Directory;
  /** Of the store. */
  readonly instance: string;
  /** Of this node. */
  readonly name: string;
  /** A monotonic clock, ms. */
  readonly now: () => number;
  readonly onEvent?: (event: ClientEvent) => void;
}

export type ClientEvent =
  /** Both have proven themselves. */
  | { readonly kind: "masterConnected"; readonly name: string }
  /** It does not run. Told when the reason is another one than before. */
  | { readonly kind: "replicationTrouble"; readonly trouble: Trouble };

/** What is known of the master. */
export interface MasterView {
  readonly isConnected: boolean;
  /** Since it last said that both are equal, s; undefined: never since the start. */
  readonly ageSeconds: number | undefined;
  /** Changes that it has and we have not; undefined: not connected, or not known yet. */
  readonly lag: number | undefined;
  /** Why it does not run; undefined: it runs, or has just begun. */
  readonly trouble: Trouble | undefined;
}

/** The first wait between two connections, and the longest; each is twice the one before. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 10_000;

export class ReplicationClient {
  readonly #options: ClientOptions;
  #session: StandbySession | undefined;
  /** Ends what is under way: an attempt, a connection or a wait. */
  #stop: () => void = () => {};
  #waitMs = FIRST_WAIT_MS;
  /** The session of which it was told that it is connected. */
  #told: StandbySession | undefined;
  #equalAt: number | undefined;
  #trouble: Trouble | undefined;

  /** Begins at once. */
  constructor(options: ClientOptions) {
    this.#options = options;
    this.#connect();
  }

  view(): MasterView {
    const { directory, now } = this.#options;
    const heard = this.#session?.heardVersion;
    return {
      isConnected: this.#session?.master !== undefined,
      ageSeconds: this.#equalAt === undefined ? undefined : Math.floor((now() - this.#equalAt) / 1000),
      lag: heard === undefined ? undefined : Math.max(0, heard - directory.version),
      trouble: this.#trouble,
    };
  }

  /** Ends it; nothing is told afterwards. */
  close(): void {
    this.#stop();
    this.#session = undefined;
  }

  #connect(): void {
    const { master, authorities } = this.#options;
    const patience = after(HANDSHAKE_MS, () => {
      callOff();
      this.#end(new Trouble("unreachable", `no connection to ${master.address} port ${master.port} in 5 s`));
    });
    const callOff = open({
      to: master,
      security: authorities && { host: master.address, ca: authorities },
      onUp: (socket) => {
        patience();
        this.#follow(socket);
      },
      onFailure: (failure, remark) => {
        patience();
        this.#end(new Trouble(failure === "refused" ? "unreachable" : "tls", remark));
      },
    });
    this.#stop = () => {
      patience();
      callOff();
    };
  }

  #follow(socket: Socket): void {
    const { directory, name, instance, key, now } = this.#options;
    const common = { directory, name, instance, key };
    const session = new StandbySession({ ...common, nonce: newNonce(), binding: bindingOf(socket) });
    this.#session = session;
    const onWord = (): void => this.#look(session);
    const onEnd = (trouble: Trouble): void => this.#end(trouble);
    this.#stop = carry({ socket, session, directory, now, onWord, onEnd });
  }

  #look(session: StandbySession): void {
    const { master: name, equalAt } = session;
    if (name !== undefined && session !== this.#told) {
      this.#told = session;
      this.#trouble = undefined;
      this.#options.onEvent?.({ kind: "masterConnected", name });
    }
    if (equalAt === undefined) return;
    this.#equalAt = equalAt;
    this.#waitMs = FIRST_WAIT_MS;
  }

  #end(trouble: Trouble): void {
    this.#session = undefined;
    const isNews = trouble.message !== this.#trouble?.message;
    this.#trouble = trouble;
    this.#stop = after(this.#waitMs, () => this.#connect());
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
    if (isNews) this.#options.onEvent?.({ kind: "replicationTrouble", trouble });
  }
}
