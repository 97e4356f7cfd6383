// Reads a recording record by record, as far as it is whole.
//
// A file of a run that was killed ends anywhere; one that was damaged has a checksum that does not fit. Either way
// what stands before is good. Below: recorder.ts for the format. Above: head.ts, replay.ts.

import crc32 from "crc-32";
import { checksumText, FORMAT, MAGIC } from "./recorder.ts";

/** One record. */
export interface Entry {
  /** Its line in the file, from 1. */
  readonly line: number;
  /** Since the first time that the core was given, ms. */
  readonly t: number;
  /** What follows the time. */
  readonly text: string;
}

/** Why there are no more records. */
export type Ending =
  | { readonly kind: "whole" }
  /** The file ends without saying that it is complete. */
  | { readonly kind: "cut" }
  /** The line is not what was written there; `at` is its first byte, from 0. */
  | { readonly kind: "damaged"; readonly line: number; readonly at: number };

/** The file is none, or of another format. */
export class NoRecording extends Error {}

const DECODER = new TextDecoder();
const LINE_END = 0x0a;
const CHECKSUM_SIZE = 8;

export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #line = 0;
  #checksum = 0;
  #ending: Ending | undefined;

  /** @throws NoRecording, in words */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    const first = this.#take();
    if (first !== undefined) this.#judgeFirst(first);
    else if (!MAGIC.startsWith(text(bytes).slice(0, MAGIC.length))) throw notOurs();
    else this.#ending = { kind: "cut" };
  }

  /** undefined while there may be more records. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** The next record; undefined: `ending` says why there is none. */
  next(): Entry | undefined {
    if (this.#ending) return undefined;
    const [line, at] = [this.#line + 1, this.#at];
    const bytes = this.#take();
    if (bytes === undefined) {
      this.#ending = { kind: "cut" };
      return undefined;
    }
    const entry = this.#judge(bytes, line);
    if (entry === undefined) this.#ending = { kind: "damaged", line, at };
    else if (entry.text === "# end") this.#ending = this.#afterEnd();
    return entry;
  }

  #judgeFirst(first: Uint8Array): void {
    const words = text(first);
    if (!words.startsWith(MAGIC)) throw notOurs();
    const format = words.slice(MAGIC.length);
    if (format !== `${FORMAT}`) {
      const remedy = "use the version of standfast that wrote it";
      throw new NoRecording(`its format is ${printable(format)}, this program reads ${FORMAT}; ${remedy}`);
    }
    this.#checksum = crc32.buf(first);
  }

  #judge(bytes: Uint8Array, line: number): Entry | undefined {
    const body = bytes.subarray(CHECKSUM_SIZE + 1);
    this.#checksum = crc32.buf(body, this.#checksum);
    if (!text(bytes).startsWith(`${checksumText(this.#checksum)} `)) return undefined;
    const [, t, rest] = /^(-?\d+) (.*)$/.exec(text(body)) ?? [];
    return rest === undefined ? undefined : { line, t: Number(t), text: rest };
  }

  #afterEnd(): Ending {
    if (this.#at === this.#bytes.length) return { kind: "whole" };
    return { kind: "damaged", line: this.#line + 1, at: this.#at };
  }

  /** The next line without its end; undefined: the file ends before one does. */
  #take(): Uint8Array | undefined {
    const end = this.#bytes.indexOf(LINE_END, this.#at);
    if (end < 0) return undefined;
    const line = this.#bytes.subarray(this.#at, end);
    this.#at = end + 1;
    this.#line++;
    return line;
  }
}

function notOurs(): NoRecording {
  return new NoRecording("it is no recording of standfast; standfast run --record FILE writes one");
}

/** Only ASCII can have a checksum that fits. */
function text(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}

function printable(words: string): string {
  return words.replace(/[^ -~]/g, "?").slice(0, 20);
}
