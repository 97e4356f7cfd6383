// The text of a scenario: what happens to servers, calls, link and host, and when.
//
//   100 primary silent
//   400 primary back
//   440 call begin line=6000
//
// One grammar for whatif, simulate, the playground and golden traces; README.md of this folder
// lists it. Below: the verbs of pbx/faults.ts. Above: world.ts.

import type { ServerVerb } from "../pbx/faults.ts";

export type Action =
  | { readonly kind: "server"; readonly server: string; readonly verb: ServerVerb }
  | { readonly kind: "call"; readonly begins: boolean; readonly line?: string }
  | { readonly kind: "link"; readonly up: boolean }
  | {
      readonly kind: "host";
      readonly verb: HostVerb;
      readonly line?: string;
      readonly server?: string;
    };

export type HostVerb = "returnNow" | "refresh" | "callFailed" | "restart" | "stop" | "moveTo";

export interface Step {
  readonly atMs: number;
  readonly action: Action;
  /** Without its time, for traces. */
  readonly text: string;
}

/** Names a scenario may use; what is left out is not checked. */
export interface Names {
  readonly servers?: readonly string[];
  readonly lines?: readonly string[];
}

export class ScenarioError extends Error {
  /** Line of the text, from 1. */
  readonly lineNumber: number;

  constructor(lineNumber: number, message: string) {
    super(`scenario:${lineNumber}: ${message}`);
    this.name = "ScenarioError";
    this.lineNumber = lineNumber;
  }
}

/** A century is enough, and keeps every moment an exact integer. */
const SECONDS_MAX = 3_200_000_000;

const HOST_VERBS: readonly HostVerb[] = ["returnNow", "refresh", "callFailed", "restart", "stop", "moveTo"];

/**
 * Reads a whole scenario; blank lines and `# comments` are skipped.
 * @returns steps in order of time; at one instant `back` first, the rest as written
 * @throws ScenarioError with the line, and what is allowed there
 */
export function parseScenario(text: string, names: Names = {}): readonly Step[] {
  const steps = text.split(/\r?\n/).flatMap((line, at) => {
    const bare = line.replace(/#.*/, "").trim();
    return bare === "" ? [] : [new Reader(bare, at + 1, names).step()];
  });
  return steps.sort((a, b) => a.atMs - b.atMs || rank(a) - rank(b));
}

function rank(step: Step): number {
  return step.action.kind === "server" && step.action.verb.kind === "back" ? 0 : 1;
}

/** How each server verb is read from its words. */
const SERVER_VERBS: Readonly<Record<string, (reader: Reader) => ServerVerb>> = {
  silent: () => ({ kind: "silent" }),
  refuses: () => ({ kind: "refuses" }),
  back: () => ({ kind: "back" }),
  deaf: () => ({ kind: "deaf" }),
  mute: (reader) => ({ kind: "mute", ...reader.lineOption() }),
  answers: (reader) => ({
    kind: "answers",
    status: reader.number("a status", 100, 699),
    to: reader.method(),
    ...reader.retryAfterOption(),
    ...reader.contactOption(),
    ...reader.lineOption(),
  }),
  grants: (reader) => ({
    kind: "grants",
    seconds: reader.number("seconds", 0, 604_800),
    ...reader.lineOption(),
  }),
  "min-expires": (reader) => ({
    kind: "minExpires",
    seconds: reader.number("seconds", 1, 4_294_967_295),
  }),
  latency: (reader) => ({ kind: "latency", delayMs: reader.number("milliseconds", 0, 600_000) }),
  restarts: () => ({ kind: "restarts" }),
  "shares-location": (reader) => ({
    kind: "sharesLocation",
    server: reader.server(reader.word("a server")),
  }),
};

/** Reads the words of one line from left to right. */
class Reader {
  readonly #lineNumber: number;
  readonly #names: Names;
  readonly #words: string[];
  readonly #options = new Map<string, string>();
  readonly #text: string;

  constructor(line: string, lineNumber: number, names: Names) {
    this.#lineNumber = lineNumber;
    this.#names = names;
    this.#words = [];
    for (const word of line.split(/\s+/)) {
      const equals = word.indexOf("=");
      if (equals < 0) this.#words.push(word);
      else this.#options.set(word.slice(0, equals), word.slice(equals + 1));
    }
    this.#text = line.replace(/^\S+\s*/, "").replace(/\s+/g, " ");
  }

  step(): Step {
    const atMs = this.#moment();
    const action = this.#action();
    const [word] = this.#words;
    if (word !== undefined) this.#fail(`"${word}" is one word too many`);
    const [option] = this.#options.keys();
    if (option !== undefined) this.#fail(`"${option}=" does not belong to this verb`);
    return { atMs, action, text: this.#text };
  }

  word(what: string): string {
    return this.#words.shift() ?? this.#fail(`${what} is missing at the end`);
  }

  number(what: string, least: number, most: number): number {
    const text = this.word(what);
    return this.#inRange(what, text, least, most);
  }

  server(name: string): string {
    const { servers } = this.#names;
    if (servers !== undefined && !servers.includes(name))
      this.#fail(`no server "${name}"; there are ${servers.join(", ")}`);
    if (!/^(primary|backup[1-9]\d*)$/.test(name))
      this.#fail(`"${name}" is no server; write primary, backup1, backup2 …`);
    return name;
  }

  method(): "REGISTER" | "OPTIONS" {
    const to = this.#option("to");
    if (to === "REGISTER" || to === "OPTIONS") return to;
    return this.#fail("answers needs to=REGISTER or to=OPTIONS");
  }

  lineOption(): { readonly line?: string } {
    const line = this.#option("line");
    const { lines } = this.#names;
    if (line === undefined) return {};
    if (lines !== undefined && !lines.includes(line))
      this.#fail(`no line "${line}"; there are ${lines.join(", ")}`);
    return { line };
  }

  retryAfterOption(): { readonly retryAfterSeconds?: number } {
    const text = this.#option("retry-after");
    if (text === undefined) return {};
    return { retryAfterSeconds: this.#inRange("retry-after", text, 0, 4_294_967_295) };
  }

  contactOption(): { readonly contact?: string } {
    const contact = this.#option("contact");
    return contact === undefined ? {} : { contact: this.server(contact) };
  }

  /** Seconds with up to three decimals. */
  #moment(): number {
    const text = this.word("a time");
    if (!/^\d+(\.\d{1,3})?$/.test(text))
      this.#fail(`"${text}" is no time; write seconds, such as 100 or 119.9`);
    if (Number(text) > SECONDS_MAX) this.#fail(`${text} s is later than ${SECONDS_MAX} s`);
    return Math.round(Number(text) * 1000);
  }

  #action(): Action {
    const actor = this.word("who acts (a server, call, link or host)");
    if (actor === "call") return { kind: "call", begins: this.#either("begin", "end"), ...this.lineOption() };
    if (actor === "link") return { kind: "link", up: this.#either("up", "down") };
    if (actor === "host") return this.#host();
    const server = this.server(actor);
    const verb = this.word("what the server does");
    const read = Object.hasOwn(SERVER_VERBS, verb) ? SERVER_VERBS[verb] : undefined;
    if (read === undefined)
      return this.#fail(`a server cannot "${verb}"; it can ${Object.keys(SERVER_VERBS).join(", ")}`);
    return { kind: "server", server, verb: read(this) };
  }

  #host(): Action {
    const text = this.word("what the host does");
    const verb = HOST_VERBS.find((one) => one === text);
    if (verb === undefined) return this.#fail(`the host cannot "${text}"; it can ${HOST_VERBS.join(", ")}`);
    const server = verb === "moveTo" ? { server: this.server(this.word("a server")) } : {};
    return { kind: "host", verb, ...server, ...this.lineOption() };
  }

  /** true for the first of two words. */
  #either(first: string, second: string): boolean {
    const word = this.word(`${first} or ${second}`);
    if (word !== first && word !== second) this.#fail(`"${word}" is neither ${first} nor ${second}`);
    return word === first;
  }

  #option(name: string): string | undefined {
    const value = this.#options.get(name);
    this.#options.delete(name);
    return value;
  }

  #inRange(what: string, text: string, least: number, most: number): number {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) this.#fail(`${what} = ${text}, allowed ${least}..${most}`);
    return value;
  }

  #fail(message: string): never {
    throw new ScenarioError(this.#lineNumber, message);
  }
}

/**
 * The short form of one outage: `primary@100..400` is silent from 100 s and back at 400 s;
 * `primary@100` never comes back.
 * @returns the same as scenario text
 */
export function outageScenario(text: string): string {
  const found = /^(\w+)@(\d+(?:\.\d+)?)(?:\.\.(\d+(?:\.\d+)?))?$/.exec(text.trim());
  if (found === null) {
    throw new ScenarioError(1, `"${text}" is no outage; write primary@100..400, or primary@100`);
  }
  const [, server, from, to] = found;
  if (to !== undefined && Number(to) <= Number(from)) {
    throw new ScenarioError(1, `"${text}" ends before it begins`);
  }
  return [`${from} ${server} silent`, ...(to === undefined ? [] : [`${to} ${server} back`])].join("\n");
}
