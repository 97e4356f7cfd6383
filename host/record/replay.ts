// Feeds a recording to the module and compares everything that comes out, byte for byte.
//
// What the module hands out is written in the words of the recording and compared as text, with the same masks.
// Above: host/cli/replay.ts, tests.

import { describe, eventName, type PhoneEvent } from "../core/events.ts";
import { type CompiledModule, type CoreExports, instantiate } from "../core/load.ts";
import { readCall } from "./calls.ts";
import { eventOf, outputText, trapText } from "./output.ts";
import { type Entry, NoRecording, type Reader } from "./reader.ts";
import type { About } from "./recorder.ts";

export interface ReplayOptions {
  readonly reader: Reader;
  readonly about: About;
  readonly module: Uint8Array | CompiledModule;
  /** Stops before what is later, ms; absent: nothing is. */
  readonly untilMs?: number;
  /** Is told each decision that came out as it was recorded. */
  readonly tell?: (event: PhoneEvent) => void;
}

/** The first thing that came out otherwise. */
export interface Difference {
  /** Line of the file. */
  readonly line: number;
  readonly t: number;
  readonly recorded: string;
  readonly now: string;
}

export interface Outcome {
  readonly inputs: number;
  /** What was compared and found the same. */
  readonly outputs: number;
  /** Time of the last record that was looked at, ms. */
  readonly t: number;
  readonly difference?: Difference;
}

/**
 * Replays as far as the recording is whole, or to the first difference.
 * @throws NoRecording: a record that this program does not know
 */
export function replay(options: ReplayOptions): Outcome {
  const run = new Replay(options);
  return run.toTheEnd();
}

class Replay {
  readonly #options: ReplayOptions;
  #core: CoreExports;
  /** The clock of the core when the time of the recording was 0. */
  #clock = 0;
  /** What the last call gave, to be found in the next record: a result that is not 0, or a trap. */
  #owed: string | undefined;
  #inputs = 0;
  #outputs = 0;
  #t = 0;

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#core = instantiate(options.module);
  }

  toTheEnd(): Outcome {
    const { reader, untilMs = Number.POSITIVE_INFINITY } = this.#options;
    for (let entry = reader.next(); entry !== undefined && entry.t <= untilMs; entry = reader.next()) {
      this.#t = entry.t;
      const now = this.#take(entry);
      if (now !== undefined)
        return this.#outcome({ line: entry.line, t: entry.t, recorded: entry.text, now });
    }
    return this.#outcome();
  }

  #outcome(difference?: Difference): Outcome {
    const counts = { inputs: this.#inputs, outputs: this.#outputs, t: this.#t };
    return difference === undefined ? counts : { ...counts, difference };
  }

  /** @returns what came instead of the record; undefined: the same */
  #take(entry: Entry): string | undefined {
    const { text } = entry;
    const body = text.slice(2);
    if (text.startsWith("< ")) return this.#compare(body, entry);
    if (this.#owed !== undefined) return `< ${this.#owed}`;
    if (text.startsWith("> ")) this.#call(body, entry);
    else if (text === "# boot") this.#core = instantiate(this.#options.module);
    else if (text.startsWith("# clock ")) this.#clock = Number(text.split(" ")[2]);
    return undefined;
  }

  #call(text: string, { line, t }: Entry): void {
    const call = readCall(text);
    if (call === undefined) {
      throw new NoRecording(`line ${line} has a call that this program does not know; use a newer one`);
    }
    this.#inputs++;
    const result = this.#guarded(() => call(this.#core, (this.#clock + t) >>> 0));
    if (result !== 0) this.#owed = typeof result === "string" ? result : `result ${result}`;
  }

  #compare(recorded: string, entry: Entry): string | undefined {
    const now = this.#owed ?? this.#polled(recorded);
    this.#owed = undefined;
    if (comparable(now) !== comparable(recorded)) return `< ${now}`;
    this.#outputs++;
    this.#tell(recorded, entry);
    return undefined;
  }

  /** What is next; a result of 0 is never written. */
  #polled(recorded: string): string {
    if (recorded.startsWith("result ")) return "result 0";
    const kind = this.#guarded(() => this.#core.poll());
    return typeof kind === "string" ? kind : outputText(this.#core, kind);
  }

  /** Calls the module; what it throws as the text of a record. */
  #guarded(call: () => number): number | string {
    try {
      return call();
    } catch (error) {
      return trapText(error);
    }
  }

  #tell(text: string, { t }: Entry): void {
    const { tell, about } = this.#options;
    if (tell === undefined) return;
    if (isTrap(text)) tell({ t, type: "fault", text: text.slice("trap ".length) });
    const record = eventOf(text);
    if (record === undefined) return;
    if (eventName(record.type) === undefined) {
      throw new NoRecording(`it has event ${record.type}, which this program does not know; use a newer one`);
    }
    const agoMs = Math.max((this.#clock + t - record.at) | 0, 0);
    tell(describe(record, t - agoMs, about));
  }
}

/** The word for readers behind an event is the host's, the words of a trap are the engine's. */
function comparable(text: string): string {
  return text.replace(/^(event(?: \d+)+|trap) .*$/, "$1");
}

function isTrap(text: string): boolean {
  return text.startsWith("trap ");
}
