// Keeps the state of a phone in a file, so that a run that was killed goes on where it stopped. DESIGN.md D30.
//
// Below: core/snapshot.ts, replace-file.ts. Above: carrier.ts.
import { readFileSync, rmSync } from "node:fs";
import { type Fit, readSnapshot, type Snapshot, SnapshotError, writeSnapshot } from "../core/snapshot.ts";
import { after, monotonicMs } from "./clock.ts";
import { replaceFile } from "./replace-file.ts";

export interface SnapshotFileOptions {
  readonly path: string;
  readonly fit: Fit;
  /** The state now; undefined: there is none worth keeping. */
  readonly take: () => Snapshot | undefined;
  /** A remark for people. */
  readonly notice: (text: string) => void;
}

/** From one writing to the next, ms: what happens meanwhile is verified on the wire anyway. */
const PACE_MS = 5000;
/** What comes in one moment is written together. */
const SETTLE_MS = 500;

export class SnapshotFile {
  readonly #options: SnapshotFileOptions;
  #isWritable = true;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #forget: (() => void) | undefined;

  constructor(options: SnapshotFileOptions) {
    this.#options = options;
  }

  /** What an earlier run has left; undefined: nothing that is of use, and that was told. */
  read(): Snapshot | undefined {
    const { path, fit } = this.#options;
    try {
      const bytes = readFileSync(path);
      return bytes.length === 0 ? undefined : readSnapshot(bytes, fit);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.#refuse(error as Error);
      return undefined;
    }
  }

  /** Something has happened: it is written soon. */
  note(): void {
    if (this.#forget || !this.#isWritable) return;
    this.#forget = after(Math.max(SETTLE_MS, this.#writtenAt + PACE_MS - monotonicMs()), () => this.flush());
  }

  /** Writes now what is still to be written. */
  flush(): void {
    if (!this.#forget) return;
    this.#cancel();
    const { path, fit, take, notice } = this.#options;
    const snapshot = take();
    if (!snapshot) return;
    this.#writtenAt = monotonicMs();
    try {
      replaceFile(path, writeSnapshot(snapshot, fit));
    } catch (error) {
      this.#isWritable = false;
      notice(
        `${path}: it cannot be written: ${(error as Error).message}; after a crash the phone starts without it`,
      );
    }
  }

  /** The run has come to its end: the next one starts anew. */
  remove(): void {
    this.#cancel();
    if (this.#isWritable) rmSync(this.#options.path, { force: true });
    this.#isWritable = false;
  }

  #cancel(): void {
    this.#forget?.();
    this.#forget = undefined;
  }

  #refuse(error: Error): void {
    const isOurs = error instanceof SnapshotError && error.isOurs;
    this.#isWritable = isOurs;
    const then = isOurs
      ? "the phone starts without it"
      : "the phone starts without it and leaves it as it is";
    this.#options.notice(`${this.#options.path}: ${error.message}; ${then}`);
  }
}
