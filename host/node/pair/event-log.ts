// The events of a node in a file that outlives it: a line of JSON each, appended.
//
// A disk that is full costs lines and never a call: it is told once, and each further event tries again. One earlier
// file is kept. Below: node:fs. Above: whoever runs a node.
import { appendFileSync, closeSync, fdatasyncSync, openSync, renameSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "../error.ts";

/** Name of the file in its folder; the earlier one has `.1` behind it. */
export const EVENT_LOG = "events.ndjson";

/** About 100,000 events, bytes. */
const LONGEST = 16 * 1024 * 1024;

export class EventLog {
  readonly #path: string;
  readonly #longest: number;
  readonly #onRemark: (text: string) => void;
  #isBroken = false;

  /** @param folder is there already */
  constructor(folder: string, onRemark: (text: string) => void, longest = LONGEST) {
    this.#path = join(folder, EVENT_LOG);
    this.#onRemark = onRemark;
    this.#longest = longest;
  }

  write(event: object): void {
    try {
      this.#turn();
      const cut = this.#isBroken ? "\n" : ""; // the last line may have been begun only
      appendFileSync(this.#path, `${cut}${JSON.stringify(event)}\n`, { mode: 0o600 });
      this.#isBroken = false;
    } catch (error) {
      const isNews = !this.#isBroken;
      this.#isBroken = true; // first, as the remark is an event too
      if (isNews) this.#onRemark(this.#told(error));
    }
  }

  /** Whether a line gets as far as the disk. @returns why not, with the way out */
  check(at: string): string | undefined {
    try {
      const file = openSync(this.#path, "a", 0o600);
      try {
        writeSync(file, `${JSON.stringify({ type: "check", at })}\n`);
        if (statSync(this.#path).isFile()) fdatasyncSync(file);
      } finally {
        closeSync(file);
      }
      return undefined;
    } catch (error) {
      return this.#told(error);
    }
  }

  #turn(): void {
    const size = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > this.#longest) renameSync(this.#path, `${this.#path}.1`);
  }

  #told(error: unknown): string {
    return `${this.#path} cannot be written (${codeOf(error)}); make room, or let this user write there`;
  }
}
