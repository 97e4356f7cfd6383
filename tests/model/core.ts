// The shipped module, set down in any moment it has been in, given one input, and looked at.
//
// A moment is a copy of its memory (state is memory only, DESIGN.md D3), its clock, and what it has sent and
// nobody has answered. The dice are pinned: a generator of zeros draws the least of every span, so each
// wait between rounds is half of retryMax. Below: host/core, host/sip. Above: beside.ts.

import { readFileSync } from "node:fs";
import { Agent } from "../../host/core/agent.ts";
import { Core } from "../../host/core/core.ts";
import { describe, type Names } from "../../host/core/events.ts";
import { type CompiledModule, type CoreExports, instantiate } from "../../host/core/load.ts";
import { seedBytes } from "../../host/sim/seed.ts";
import { placesOf } from "../../host/sim/servers.ts";
import { first, readRequest, writeAnswer } from "../../host/sip/message.ts";
import { phoneConfig, type Setting } from "../sim/fixture.ts";

/** What the core has sent and nobody has answered: by method and server. */
export type Outstanding = ReadonlyMap<string, Uint8Array>;

export interface Moment {
  readonly now: number;
  readonly sleepMs: number;
  readonly memory: Patch;
  readonly outstanding: Outstanding;
}

/** Words that differ from the memory at the start. */
type Patch = { readonly at: Uint16Array; readonly words: Uint32Array };

const PHONE = { address: "192.0.2.100", port: 5060 };

export class SteppedCore {
  readonly core: Core;
  readonly names: Names;
  readonly #exports: CoreExports;
  readonly #words: Uint32Array;
  readonly #base: Uint32Array;
  readonly #changed: Uint16Array;
  #outstanding = new Map<string, Uint8Array>();
  #now = 0;
  #sleepMs = 0;

  constructor(module: CompiledModule, settings: Setting) {
    this.#exports = instantiate(module);
    this.core = new Core(this.#exports);
    const config = phoneConfig({ servers: 2, lines: 1, params: settings });
    this.names = { servers: config.servers.map(({ name }) => name), lines: ["6000"] };
    const agent = new Agent(this.core, () => {});
    agent.configure(config, placesOf(config, PHONE.port), {
      seed: seedBytes(1),
      instance: "0a0b0c0d",
      userAgent: "standfast",
    });
    this.#words = new Uint32Array(this.#exports.memory.buffer).subarray(0, memoryEnd() / 4);
    this.#words[(addressOf("RANDOM") + 4) / 4] = 0;
    this.#base = this.#words.slice();
    this.#changed = new Uint16Array(this.#words.length);
  }

  /** What it asked for last: ms until it is to be woken. */
  get sleepMs(): number {
    return this.#sleepMs;
  }

  /** Here and in the others: what it sent and told, in the words of the model and in no order. */
  start(): string[] {
    this.core.start(0);
    return this.#drain().sort();
  }

  wake(): string[] {
    this.core.wake(this.#now);
    return this.#drain();
  }

  command(code: number, server: number): string[] {
    this.core.command(code, 0, server, this.#now);
    return this.#drain();
  }

  /** Answers what is outstanding, such as "REGISTER 0". @param extra header lines */
  answer(key: string, status: number, extra: readonly string[] = []): string[] {
    const bytes = this.#outstanding.get(key);
    if (bytes === undefined) throw new Error(`nothing is outstanding: ${key}`);
    this.#outstanding.delete(key);
    const result = this.core.receive(Number(key.split(" ")[1]), answerTo(bytes, status, extra), this.#now);
    if (result !== 0) throw new Error(`${status} to ${key} was refused: ${result}`);
    return this.#drain();
  }

  /** Lets time pass in as many wake-ups as it asks for, the last one left to the input that comes then. */
  sleep(passedMs: number): string[] {
    const until = this.#now + passedMs;
    const out: string[] = [];
    while (this.#now + this.#sleepMs < until) {
      this.#now += this.#sleepMs;
      out.push(...this.wake());
    }
    this.#now = until;
    return out;
  }

  /** The moment it is in. */
  moment(): Moment {
    return { now: this.#now, sleepMs: this.#sleepMs, memory: this.#patch(), outstanding: this.#outstanding };
  }

  /** Puts it back into that moment. */
  restore({ now, sleepMs, memory, outstanding }: Moment): void {
    const { at, words } = memory;
    const all = this.#words;
    all.set(this.#base);
    for (let n = 0; n < at.length; n++) all[at[n] as number] = words[n] as number;
    this.#outstanding = new Map(outstanding);
    this.#now = now;
    this.#sleepMs = sleepMs;
  }

  #patch(): Patch {
    const [words, base, at] = [this.#words, this.#base, this.#changed];
    let count = 0;
    for (let n = 0; n < words.length; n++) if (words[n] !== base[n]) at[count++] = n;
    const changed = new Uint32Array(count);
    for (let n = 0; n < count; n++) changed[n] = words[at[n] as number] as number;
    return { at: at.slice(0, count), words: changed };
  }

  #drain(): string[] {
    const said: string[] = [];
    for (;;) {
      const output = this.core.poll();
      if (output.kind === "event") {
        const { type, server } = describe(output.record, 0, this.names);
        said.push(`tells ${type} ${server === undefined ? -1 : this.names.servers.indexOf(server)}`);
      } else if (output.kind === "send") {
        const text = this.#sent(output.server, output.bytes);
        if (text !== undefined) said.push(text);
      } else if (output.kind === "sleep") {
        this.#sleepMs = output.forMs;
        return said;
      } else if (output.kind !== "field") throw new Error(`unexpected: ${output.kind}`);
    }
  }

  /** A request in the words of the model; undefined: a repeat. */
  #sent(server: number, bytes: Uint8Array): string | undefined {
    const method = bytes[0] === LETTER_R ? "REGISTER" : "OPTIONS";
    const key = `${method} ${server}`;
    const earlier = this.#outstanding.get(key);
    if (earlier !== undefined && Buffer.compare(earlier, bytes) === 0) return undefined;
    this.#outstanding.set(key, bytes);
    return `> ${key}`;
  }
}

const LETTER_R = 0x52;

/** Requests that are answered in several ways are read once. */
const answers = new WeakMap<Uint8Array, Map<string, Uint8Array>>();

function answerTo(bytes: Uint8Array, status: number, extra: readonly string[]): Uint8Array {
  const written = answers.get(bytes) ?? new Map<string, Uint8Array>();
  answers.set(bytes, written);
  const key = [status, ...extra].join();
  const answer = written.get(key) ?? write(bytes, status, extra);
  written.set(key, answer);
  return answer;
}

function write(bytes: Uint8Array, status: number, extra: readonly string[]): Uint8Array {
  const request = readRequest(bytes);
  if (request === undefined) throw new Error("the core sent what is no request");
  const contact =
    status === 200 && request.method === "REGISTER" ? [`Contact: ${first(request, "contact")}`] : [];
  return writeAnswer(request, PHONE, status, "model", [...contact, ...extra]);
}

interface Size {
  readonly memoryUsed: number;
  readonly memoryMap: readonly { readonly name: string; readonly address: number }[];
}

function size(): Size {
  return JSON.parse(readFileSync("build/size.json", "utf8"));
}

function memoryEnd(): number {
  return (size().memoryUsed + 3) & ~3;
}

function addressOf(name: string): number {
  const found = size().memoryMap.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${name} in the memory map`);
  return found.address;
}
