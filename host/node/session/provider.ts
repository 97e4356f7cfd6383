// The service events of phones in another program: a connection to one of a list of managers.
//
// The board here derives the events from the facts of whichever manager is up. When that one is lost, everything goes out
// of service with the cause `link`, and comes back with the whole of the next. Below: host/session/events. Above:
// host/session.ts.

import { EventEmitter } from "node:events";
import { type CallView, type SeatView, ServiceBoard } from "../../session/events/board.ts";
import { SCHEMA, type ServiceEvent, writeLine } from "../../session/events/event.ts";
import { readFact } from "../../session/events/facts.ts";
import { type LinkOrder, ManagerList } from "../../session/events/managers.ts";
import { after, monotonicMs, NodeClock } from "../clock.ts";
import { HostError, reasonOf } from "../error.ts";
import { checkAddress } from "./address.ts";
import { lines } from "./lines.ts";

export interface ProviderOptions {
  /** 1..10 addresses of managers, http or https, in the order of preference for the first connection. */
  readonly managers: readonly string[];
  /** Sent with each request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Between two passes through the list, s: 5.., default 30. */
  readonly retrySeconds?: number;
  /** Passes after a loss, then the end; 0, the default: for ever. */
  readonly passes?: number;
}

/** Until a manager has greeted, ms. */
const GREETING_MS = 15_000;
/** What a manager may say of its heartbeat, s. */
const HEARTBEAT_MAX_SECONDS = 3600;

export class Provider extends EventEmitter<{ event: [ServiceEvent]; notice: [string] }> {
  readonly #board = new ServiceBoard((event) => this.emit("event", event));
  readonly #list: ManagerList;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #clock = new NodeClock();
  #connection = new AbortController();
  #opening: Promise<void> | undefined;
  #opened: ((error?: HostError) => void) | undefined;

  /** @throws RangeError: the list, retrySeconds, passes */
  constructor({ managers, headers = {}, retrySeconds = 30, passes = 0 }: ProviderOptions) {
    super();
    for (const manager of managers) checkAddress("managers", manager);
    this.#list = new ManagerList(
      managers.map((manager) => new URL(manager).href),
      { retrySeconds, passes },
    );
    this.#headers = headers;
  }

  /**
   * Connects to the first manager that answers; from then on one is looked for whenever one is lost.
   * A second call waits for the same.
   * @throws HostError "managers" when none answers, and nobody is asked again; or when it was shut down before
   */
  open(): Promise<void> {
    this.#opening ??= new Promise((resolve, reject) => {
      this.#opened = (error) => (error === undefined ? resolve() : reject(error));
      if (this.#list.state === "shutdown") this.#opened(isShutDown());
      this.#carry(this.#list.open(monotonicMs()));
    });
    return this.#opening;
  }

  /** The end: everything goes out of service, and nothing is told afterwards. */
  shutdown(): void {
    this.#carry(this.#list.shutdown(monotonicMs()));
  }

  get provider(): "out" | "in" | "shutdown" {
    return this.#board.provider;
  }

  /** The manager that is up or being asked. */
  get manager(): string {
    return this.#list.manager;
  }

  seats(): readonly SeatView[] {
    return this.#board.seats();
  }

  calls(): readonly CallView[] {
    return this.#board.calls();
  }

  /**
   * Has a command carried out by the manager.
   * @param epoch that of `Ownership.permit()`
   * @returns what the manager's program answers
   * @throws HostError: "epoch", somebody else owns meanwhile; "command", it was refused or could not be sent
   */
  async command(epoch: number, command: object): Promise<unknown> {
    const headers = { ...this.#headers, "content-type": "application/json" };
    const request = { method: "POST", headers, body: writeLine({ ...command, epoch }) };
    const { manager } = this;
    const response = await fetch(manager, {
      ...request,
      redirect: "error",
      signal: AbortSignal.timeout(GREETING_MS),
    }).catch((cause: unknown) => {
      throw unknownFate(`${manager} cannot be reached`, cause);
    });
    const body = (await response.json().catch(() => null)) as { result?: unknown; error?: string } | null;
    if (response.status === 409) throw new HostError("epoch", body?.error ?? "an older epoch");
    if (!response.ok) throw new HostError("command", body?.error ?? `status ${response.status}`);
    if (body === null) throw unknownFate(`${manager} answers what is not understood`);
    return body.result;
  }

  #carry(orders: readonly LinkOrder[]): void {
    for (const order of orders) this.#do(order);
    const waitMs = this.#list.wakeInMs(monotonicMs());
    if (Number.isFinite(waitMs)) this.#clock.wake(waitMs, this.#tick);
    else this.#clock.cancel();
  }

  readonly #tick = (): void => this.#carry(this.#list.tick(monotonicMs()));

  #do(order: LinkOrder): void {
    switch (order.kind) {
      case "connect":
        this.#connection.abort();
        this.#connection = new AbortController();
        void this.#read(order.manager, order.attempt, this.#connection);
        break;
      case "up":
        this.#opened?.();
        break;
      case "lost":
        this.emit("notice", `${order.manager} is lost`);
        this.#board.lose("link", Date.now());
        break;
      case "failed":
        this.#opened?.(
          new HostError("managers", "none of the managers answers; is the list right, and are they up?"),
        );
        break;
      case "shutdown":
        this.#connection.abort();
        this.#board.shutdown(Date.now());
        this.#opened?.(isShutDown());
        break;
    }
  }

  /** Reads a manager's stream to its end. */
  async #read(manager: string, attempt: number, connection: AbortController): Promise<void> {
    const { signal } = connection;
    const forget = after(GREETING_MS, () =>
      connection.abort(new Error(`no greeting within ${GREETING_MS / 1000} s`)),
    );
    try {
      const response = await fetch(manager, { headers: this.#headers, signal, redirect: "error" });
      if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
      // A piece of a line is a sign of life too: the whole of a large installation may take its time.
      const onPiece = (): void => this.#carry(this.#list.heard(attempt, monotonicMs()));
      for await (const line of lines(response.body, onPiece)) {
        if (connection !== this.#connection) break;
        this.#hear(JSON.parse(line), attempt);
        if (this.#list.state === "up") forget();
      }
    } catch (error) {
      if (connection === this.#connection) this.emit("notice", `${manager}: ${reasonOf(error)}`);
    }
    forget();
    connection.abort();
    this.#carry(this.#list.closed(attempt, monotonicMs()));
  }

  #hear(line: Readonly<Record<string, unknown>>, attempt: number): void {
    if (line.kind === "hello") {
      if (line.schema !== SCHEMA)
        throw new Error(`it speaks schema ${line.schema}, this program ${SCHEMA}: update the older one`);
      const seconds = Number(line.heartbeatSeconds);
      if (!(seconds > 0 && seconds <= HEARTBEAT_MAX_SECONDS))
        throw new Error(
          `its heartbeatSeconds is ${line.heartbeatSeconds}, allowed up to ${HEARTBEAT_MAX_SECONDS}`,
        );
      this.#carry(this.#list.accepted(attempt, seconds * 1000, monotonicMs()));
      return;
    }
    const fact = readFact(line);
    if (fact !== undefined && this.#list.state === "up")
      this.#board.feed(fact, typeof line.at === "number" ? line.at : Date.now());
  }
}

function isShutDown(): HostError {
  return new HostError("managers", "shut down before a manager answered; make another Provider");
}

/** It may have been carried out, or not. */
function unknownFate(what: string, cause?: unknown): HostError {
  return new HostError("command", `${what}; nothing is known of the command`, { cause });
}
