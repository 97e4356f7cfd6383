// What a scenario can say: one row for each verb of each actor, with how its words are read.
//
// README.md of this folder and `standfast whatif --help` list the same; a test compares them. Below:
// words.ts, pbx/faults.ts, network.ts. Above: scenario.ts.

import type { ServerVerb } from "../pbx/faults.ts";
import type { NetworkVerb } from "./network.ts";
import type { Words } from "./words.ts";

export type Action =
  | { readonly kind: "server"; readonly server: string; readonly verb: ServerVerb }
  /** Without a server the way to every one is meant. */
  | { readonly kind: "network"; readonly verb: NetworkVerb; readonly server?: string }
  | { readonly kind: "call"; readonly begins: boolean; readonly line?: string }
  | { readonly kind: "link"; readonly up: boolean }
  | {
      readonly kind: "host";
      readonly verb: HostVerb;
      readonly line?: string;
      readonly server?: string;
    }
  | { readonly kind: "device"; readonly verb: DeviceVerb };

/** What happens to the device that runs the phone. */
export type DeviceVerb =
  /** It sleeps: no wake-ups, no packets, no commands until the end. */
  | { readonly kind: "suspend"; readonly forMs: number }
  /** Its power is gone and comes back at once. */
  | { readonly kind: "reboot" }
  /** The core goes on in a copy, and what it was copied from has to say the same from now on. */
  | { readonly kind: "copy" }
  /** The core is lost as by a trap, and goes on from its last state. */
  | { readonly kind: "crash" };

/** Commands of the core. */
export type HostVerb = "returnNow" | "refresh" | "callFailed" | "restart" | "stop" | "moveTo";

/** A gap of 2^31 ms or more counts as the clock going back: ABI.md, "Time". */
const SUSPEND_MOST_SECONDS = 2_000_000;

type Rows<T> = Readonly<Record<string, (words: Words) => T>>;

const SERVER_VERBS: Rows<ServerVerb> = {
  silent: () => ({ kind: "silent" }),
  refuses: () => ({ kind: "refuses" }),
  back: () => ({ kind: "back" }),
  deaf: () => ({ kind: "deaf" }),
  mute: (words) => ({ kind: "mute", ...words.lineOption() }),
  answers: (words) => ({
    kind: "answers",
    status: words.number("a status", 100, 699),
    to: words.optionOf("to", ["REGISTER", "OPTIONS"], "answers needs to=REGISTER or to=OPTIONS"),
    ...retryAfter(words),
    ...contact(words),
    ...words.lineOption(),
  }),
  grants: (words) => ({
    kind: "grants",
    seconds: words.number("seconds", 0, 604_800),
    ...words.lineOption(),
  }),
  "min-expires": (words) => ({
    kind: "minExpires",
    seconds: words.number("seconds", 1, 4_294_967_295),
  }),
  latency: (words) => ({ kind: "latency", delayMs: words.number("milliseconds", 0, 600_000) }),
  restarts: () => ({ kind: "restarts" }),
  "shares-location": (words) => ({
    kind: "sharesLocation",
    server: words.server(words.word("a server")),
  }),
  challenges: (words) => ({ kind: "challenges", isOn: words.either("on", "off") }),
  "wrong-contact": () => ({ kind: "wrongContact" }),
  forges: () => ({ kind: "forges" }),
};

const NETWORK_VERBS: Rows<NetworkVerb> = {
  loss: (words) => ({ kind: "loss", percent: words.number("percent", 0, 100) }),
  delay: (words) => {
    const [leastMs, mostMs] = words.span("milliseconds", 600_000);
    return { kind: "delay", leastMs, mostMs };
  },
  duplicate: (words) => ({ kind: "duplicate", percent: words.number("percent", 0, 100) }),
  cut: (words) => ({
    kind: "cut",
    way: words.oneOf("which way", "the network cannot cut", ["to", "from", "both", "none"]),
  }),
  icmp: (words) => ({ kind: "icmp", isTold: words.either("on", "off") }),
  rebind: () => ({ kind: "rebind" }),
};

const HOST_VERBS: Rows<Action> = {
  returnNow: (words) => ({ kind: "host", verb: "returnNow", ...words.lineOption() }),
  refresh: (words) => ({ kind: "host", verb: "refresh", ...words.lineOption() }),
  callFailed: (words) => ({ kind: "host", verb: "callFailed", ...words.lineOption() }),
  restart: (words) => ({ kind: "host", verb: "restart", ...words.lineOption() }),
  stop: (words) => ({ kind: "host", verb: "stop", ...words.lineOption() }),
  moveTo: (words) => ({
    kind: "host",
    verb: "moveTo",
    server: words.server(words.word("a server")),
    ...words.lineOption(),
  }),
  suspend: (words) => {
    const forMs = 1000 * words.number("seconds", 1, SUSPEND_MOST_SECONDS);
    return { kind: "device", verb: { kind: "suspend", forMs } };
  },
  reboot: () => ({ kind: "device", verb: { kind: "reboot" } }),
  copy: () => ({ kind: "device", verb: { kind: "copy" } }),
  crash: () => ({ kind: "device", verb: { kind: "crash" } }),
};

/** Every verb, by who does it. */
export const VERBS = {
  server: Object.keys(SERVER_VERBS),
  network: Object.keys(NETWORK_VERBS),
  host: Object.keys(HOST_VERBS),
} as const;

/** Reads who acts and what is done. */
export function readAction(words: Words): Action {
  const actor = words.word("who acts (a server, network, call, link or host)");
  switch (actor) {
    case "call":
      return { kind: "call", begins: words.either("begin", "end"), ...words.lineOption() };
    case "link":
      return { kind: "link", up: words.either("up", "down") };
    case "host":
      return rowOf(HOST_VERBS, words, "what the host does", "the host cannot")(words);
    case "network": {
      const verb = rowOf(NETWORK_VERBS, words, "what the network does", "the network cannot")(words);
      return { kind: "network", verb, ...words.serverOption() };
    }
    default: {
      const server = words.server(actor);
      const verb = rowOf(SERVER_VERBS, words, "what the server does", "a server cannot")(words);
      return { kind: "server", server, verb };
    }
  }
}

function rowOf<T>(rows: Rows<T>, words: Words, what: string, who: string): (words: Words) => T {
  const verb = words.oneOf(what, who, Object.keys(rows));
  return rows[verb] ?? words.fail(`${who} "${verb}"`);
}

function retryAfter(words: Words): { readonly retryAfterSeconds?: number } {
  const seconds = words.numberOption("retry-after", 0, 4_294_967_295);
  return seconds === undefined ? {} : { retryAfterSeconds: seconds };
}

/** Server a 3xx sends the phone to. */
function contact(words: Words): { readonly contact?: string } {
  const name = words.option("contact");
  return name === undefined ? {} : { contact: words.server(name) };
}
