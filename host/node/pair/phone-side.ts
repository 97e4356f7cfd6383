// What a node has to do with phones: its SIP ports, what comes in there, and what goes back.
//
// Below: listeners.ts, host/pbx/pair/server.ts, which decides. Above: node.ts.
import type { Handled, PairServer, Way } from "../../pbx/pair/server.ts";
import { readAnswer } from "../../sip/message.ts";
import { after } from "../clock.ts";
import type { Heard, Listener } from "../pbx-listen.ts";
import type { Visitors } from "../visitors.ts";
import { listen, sipPorts } from "./listeners.ts";
import { nodeClock, type Tell } from "./node-event.ts";
import type { NodeConfig } from "./settings-file.ts";
import type { Answered } from "./upstream.ts";

export interface PhoneSideOptions {
  readonly config: NodeConfig;
  readonly server: PairServer;
  readonly tell: Tell;
  readonly visitors: Visitors;
  /** Passes a request on to the master. */
  readonly relay: (branch: string, bytes: Uint8Array, done: Answered) => void;
}

/** A port that is taken may be free after this, ms. */
const AGAIN_MS = 1000;

/** Refusals that are told one by one within a minute. */
const TOLD_MAX = 600;
const TOLD_MS = 60_000;

export class PhoneSide {
  readonly #options: PhoneSideOptions;
  #listeners: readonly Listener[] = [];
  #isOpen = false;
  #isClosed = false;
  /** Why it does not listen though it should, as it was told last. */
  #fault = "";
  #forget: () => void = () => {};
  /** Refusals that were told in this minute, and since when it is. */
  #told = 0;
  #toldSince = -Infinity;

  constructor(options: PhoneSideOptions) {
    this.#options = options;
  }

  /** Opens the ports, once. @throws HostError "port": one is taken; then none is open */
  async open(): Promise<void> {
    if (this.#isOpen || this.#isClosed) return;
    this.#isOpen = true;
    const { config, visitors } = this.#options;
    const { settings, identity } = config;
    const onHeard = (heard: Heard, way: Way): void => this.#hear(heard, way);
    this.#listeners = await listen({ settings, identity, onHeard, visitors });
    if (this.#isClosed) this.close();
    else this.#tellPorts();
  }

  /** Opens them while the node runs: a port that is taken now may be free later. */
  openLate(): void {
    this.open().catch((error: Error) => {
      this.#isOpen = false;
      if (this.#fault !== error.message) this.#options.tell("fault", error.message);
      this.#fault = error.message;
      this.#forget = after(AGAIN_MS, () => this.openLate());
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#forget();
    for (const listener of this.#listeners) listener.close();
  }

  #tellPorts(): void {
    const { config, tell } = this.#options;
    const places = sipPorts(config.settings).map(({ transport, port }) => `${transport} ${port}`);
    tell("listening", `listening on ${config.settings.address}: ${places.join(", ")}`);
  }

  #hear({ bytes, from, answer, prove }: Heard, way: Way): void {
    if (this.#isClosed) return;
    const { server, relay } = this.#options;
    const handled = server.handle(bytes, from, way, nodeClock());
    if (handled.kind === "answered") {
      for (const reply of handled.replies) answer(reply.bytes, reply.to);
      if (handled.told?.status === 200) prove();
      this.#tellAnswered(handled);
      return;
    }
    relay(handled.branch, handled.bytes, (bytes) => {
      if (bytes !== undefined && readAnswer(bytes)?.status === 200) prove();
      const { to, bytes: ours } = server.unanswered(handled.request, from);
      answer(bytes ?? ours, to);
    });
  }

  /** What is refused to strangers has no end; it is counted in any case. */
  #mayTell(): boolean {
    const now = nodeClock();
    if (now - this.#toldSince >= TOLD_MS) {
      this.#toldSince = now;
      this.#told = 0;
    }
    this.#told += 1;
    if (this.#told === TOLD_MAX)
      this.#options.tell("answered", `${TOLD_MAX} refusals within a minute: further ones are only counted`);
    return this.#told < TOLD_MAX;
  }

  #tellAnswered({ told }: Extract<Handled, { kind: "answered" }>): void {
    const { server, tell } = this.#options;
    if (told === undefined || server.isRoutine(told)) return;
    const { user, status, warning, change } = told;
    if (change !== undefined) tell(change, `${user} ${change}`, { user });
    else if (this.#mayTell())
      tell("answered", `${user}: ${status}${warning === "" ? "" : `, ${warning}`}`, { user, status });
  }
}
