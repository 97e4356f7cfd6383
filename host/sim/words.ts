// One line of a scenario, read word by word from left to right; what is wrong is told with its place.
//
// Above: scenario.ts, verbs.ts.

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

export class Words {
  readonly #lineNumber: number;
  readonly #names: Names;
  readonly #words: string[];
  readonly #options = new Map<string, string>();
  /** The line without its time. */
  readonly text: string;

  constructor(line: string, lineNumber: number, names: Names) {
    this.#lineNumber = lineNumber;
    this.#names = names;
    this.#words = [];
    for (const word of line.split(/\s+/)) {
      const equals = word.indexOf("=");
      if (equals < 0) this.#words.push(word);
      else this.#options.set(word.slice(0, equals), word.slice(equals + 1));
    }
    this.text = line.replace(/^\S+\s*/, "").replace(/\s+/g, " ");
  }

  /** Seconds with up to three decimals, as ms. */
  moment(): number {
    const text = this.word("a time");
    if (!/^\d+(\.\d{1,3})?$/.test(text))
      this.fail(`"${text}" is no time; write seconds, such as 100 or 119.9`);
    if (Number(text) > SECONDS_MAX) this.fail(`${text} s is later than ${SECONDS_MAX} s`);
    return Math.round(Number(text) * 1000);
  }

  word(what: string): string {
    return this.#words.shift() ?? this.fail(`${what} is missing at the end`);
  }

  number(what: string, least: number, most: number): number {
    return this.#inRange(what, this.word(what), least, most);
  }

  /** `40..60` */
  span(what: string, most: number): readonly [number, number] {
    const text = this.word(what);
    const [from, to, more] = text.split("..");
    if (from === undefined || to === undefined || more !== undefined)
      this.fail(`"${text}" is no span; write 40..60`);
    const least = this.#inRange(what, from, 0, most);
    return [least, this.#inRange(what, to, least, most)];
  }

  /** One of a list of words. @param who what is wrong when it is none: `a server cannot "fly"` */
  oneOf<T extends string>(what: string, who: string, allowed: readonly T[]): T {
    const text = this.word(what);
    const found = allowed.find((one) => one === text);
    return found ?? this.fail(`${who} "${text}"; it can ${allowed.join(", ")}`);
  }

  /** true for the first of two words. */
  either(first: string, second: string): boolean {
    const word = this.word(`${first} or ${second}`);
    if (word !== first && word !== second) this.fail(`"${word}" is neither ${first} nor ${second}`);
    return word === first;
  }

  server(name: string): string {
    const { servers } = this.#names;
    if (servers !== undefined && !servers.includes(name))
      this.fail(`no server "${name}"; there are ${servers.join(", ")}`);
    if (!/^(primary|backup[1-9]\d*)$/.test(name))
      this.fail(`"${name}" is no server; write primary, backup1, backup2 …`);
    return name;
  }

  lineOption(): { readonly line?: string } {
    const line = this.option("line");
    const { lines } = this.#names;
    if (line === undefined) return {};
    if (lines !== undefined && !lines.includes(line))
      this.fail(`no line "${line}"; there are ${lines.join(", ")}`);
    return { line };
  }

  serverOption(): { readonly server?: string } {
    const server = this.option("server");
    return server === undefined ? {} : { server: this.server(server) };
  }

  /** The value of `name=..`, which must be one of these. */
  optionOf<T extends string>(name: string, allowed: readonly T[], complaint: string): T {
    const text = this.option(name);
    return allowed.find((one) => one === text) ?? this.fail(complaint);
  }

  numberOption(name: string, least: number, most: number): number | undefined {
    const text = this.option(name);
    return text === undefined ? undefined : this.#inRange(name, text, least, most);
  }

  option(name: string): string | undefined {
    const value = this.#options.get(name);
    this.#options.delete(name);
    return value;
  }

  /** Nothing may be left. */
  end(): void {
    const [word] = this.#words;
    if (word !== undefined) this.fail(`"${word}" is one word too many`);
    const [option] = this.#options.keys();
    if (option !== undefined) this.fail(`"${option}=" does not belong to this verb`);
  }

  fail(message: string): never {
    throw new ScenarioError(this.#lineNumber, message);
  }

  #inRange(what: string, text: string, least: number, most: number): number {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) this.fail(`${what} = ${text}, allowed ${least}..${most}`);
    return value;
  }
}
