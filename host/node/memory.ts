// Remembers over runs of the program at which server we may still be bound, and under which Contact; and which
// passwords were refused.
//
// DESIGN.md D22. Below: core/contacts.ts, state-file.ts, rests.ts. Above: carrier.ts.
import type { PhoneConfig, ServerConfig } from "../config/model.ts";
import { Contacts } from "../core/contacts.ts";
import type { PhoneEvent } from "../core/events.ts";
import type { LineState } from "../core/view.ts";
import { Rests, type Withheld } from "./rests.ts";
import { type Kept, readState, writeState } from "./state-file.ts";

export interface MemoryOptions {
  readonly path: string;
  readonly config: PhoneConfig;
  /** This machine, and nobody else's. */
  readonly device: string;
  /** A remark for people. */
  readonly notice: (text: string) => void;
}

export class Memory {
  readonly #options: MemoryOptions;
  readonly #earlier: Kept | undefined;
  readonly #rests: Rests;
  readonly #contacts: Contacts;
  #instance = "";
  #isWritable = true;
  /** What stands in the file. */
  #written = "";

  constructor(options: MemoryOptions) {
    this.#options = options;
    const found = readState(options.path, options.device);
    if (found.kind === "refused") {
      this.#isWritable = found.mayReplace;
      const then = found.mayReplace
        ? "it is begun anew"
        : "the phone starts without it and leaves it as it is";
      options.notice(`${options.path}: ${found.why}; ${then}`);
    }
    this.#earlier = found.kind === "kept" ? found.kept : undefined;
    this.#contacts = new Contacts(options.config.servers, this.#earlier?.contacts);
    this.#rests = new Rests(options.config, options.device, this.#earlier?.rests ?? {}, Date.now());
  }

  /** The name of the device: that of the earlier run, or `otherwise`. */
  instance(otherwise: string): string {
    this.#instance = this.#earlier?.instance ?? otherwise;
    return this.#instance;
  }

  /** The Contact under which an earlier run may be bound at a server; undefined: none. */
  earlierContact(server: ServerConfig): string | undefined {
    return this.#contacts.earlierAt(server);
  }

  /** Credentials that a server refused in an earlier run, and that are not to be sent yet. */
  withheld(): readonly Withheld[] {
    return this.#rests.withheld(Date.now());
  }

  /** A binding that was removed needs no remembering, unless another has taken its place. */
  note(event: PhoneEvent, lines: readonly LineState[]): void {
    this.#rests.note(event, Date.now());
    this.#contacts.note(event, lines);
  }

  /** Takes down where the lines are bound now, and writes when that is news. */
  settle(lines: readonly LineState[], contactAt: (rank: number) => string): void {
    this.#contacts.settle(lines, contactAt);
    this.#write();
  }

  #write(): void {
    const kept = { instance: this.#instance, contacts: this.#contacts.all, rests: this.#rests.times };
    const text = JSON.stringify(kept);
    if (!this.#isWritable || text === this.#written) return;
    this.#written = text;
    const { path, device, notice } = this.#options;
    try {
      writeState(path, device, kept);
    } catch (error) {
      this.#isWritable = false;
      notice(
        `${path}: it cannot be written: ${(error as Error).message}; a crash may leave a binding until its lease ends, and a start may repeat a refused password`,
      );
    }
  }
}
