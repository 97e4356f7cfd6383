// A recording in a file, beside the phone and never in its way.
//
// The system writes while the phone goes on. What goes wrong is told once, and ends the recording, not the phone. A
// recording that is there already is kept under another name: after a crash it is the one that matters.
// Below: host/record. Above: host/index.ts.
import {
  closeSync,
  constants,
  createWriteStream,
  openSync,
  readSync,
  renameSync,
  statSync,
  type WriteStream,
  writeFileSync,
} from "node:fs";
import type { PhoneConfig } from "../config/model.ts";
import type { CompiledModule } from "../core/load.ts";
import { aboutPhone } from "../record/about.ts";
import { MAGIC, Recorder } from "../record/recorder.ts";

export interface RecordFileOptions {
  readonly path: string;
  readonly config: PhoneConfig;
  /** The module that is recorded. */
  readonly module: CompiledModule;
  /** A remark for people; it comes after the core has been served. */
  readonly notice: (text: string) => void;
  /** The recording ends here, bytes; LONGEST unless given. */
  readonly longest?: number;
}

const MIB = 1024 * 1024;
/** A month at the optimal settings, bytes. */
const LONGEST = 100 * MIB;
/** More than this waits for a disk that hangs, bytes. */
const BACKLOG = MIB;
/** Not to be waited for: opening a pipe that nobody reads would hold the phone's end up. */
const { O_CREAT, O_NONBLOCK = 0, O_TRUNC, O_WRONLY } = constants;
const FLAGS = O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK;
/** Where an earlier recording goes. */
const EARLIER = ".1";

/** Makes the recorder of a phone; the file is there after the first call of the module. */
export function recordTo(options: RecordFileOptions): Recorder {
  const file = new RecordFile(options);
  return new Recorder({
    about: () => aboutPhone(options.config, options.module, new Date().toISOString()),
    write: (text) => file.write(text),
    close: () => file.close(),
  });
}

/**
 * Writes a whole recording.
 * @throws Error of the system, or: there is something else already
 */
export function writeRecording(path: string, pieces: readonly string[]): void {
  makeWay(path);
  writeFileSync(path, pieces.join(""), { mode: 0o600 });
}

class RecordFile {
  readonly #options: RecordFileOptions;
  #stream: WriteStream | undefined;
  #isOver = false;
  #isTold = false;
  #size = 0;

  constructor(options: RecordFileOptions) {
    this.#options = options;
  }

  write(text: string): void {
    if (this.#isOver) return;
    const stream = this.#stream ?? this.#open();
    if (stream === undefined) return;
    const { longest = LONGEST } = this.#options;
    this.#size += text.length;
    if (this.#size > longest) this.#stop(`it is as long as a recording gets, ${longest / MIB} MiB`);
    else if (stream.writableLength > BACKLOG) this.#stop("it cannot be written as fast as the phone goes on");
    else stream.write(text);
  }

  close(): void {
    this.#isOver = true;
    this.#stream?.end();
  }

  #open(): WriteStream | undefined {
    const { path } = this.#options;
    try {
      makeWay(path);
    } catch (error) {
      this.#stop((error as Error).message);
      return undefined;
    }
    // The type of flags knows words only; Node takes the system's numbers too.
    this.#stream = createWriteStream(path, { flags: FLAGS as unknown as string, mode: 0o600 });
    this.#stream.on("error", (error) => this.#stop(`it cannot be written: ${error.message}`));
    return this.#stream;
  }

  #stop(why: string): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.close();
    const { path, notice } = this.#options;
    queueMicrotask(() => notice(`${path}: ${why}; the recording ends here, the phone goes on`));
  }
}

/**
 * Moves an earlier recording out of the way. Devices and pipes are written to as they are.
 * @throws Error: what is there is no recording, and is left as it is
 */
function makeWay(path: string): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return;
  if (!isRecording(path)) throw new Error("it is no recording, and is left as it is");
  renameSync(path, `${path}${EARLIER}`);
}

/** Or the beginning of one, down to nothing at all. */
function isRecording(path: string): boolean {
  const start = Buffer.alloc(MAGIC.length);
  const file = openSync(path, "r");
  try {
    const length = readSync(file, start, 0, start.length, 0);
    return MAGIC.startsWith(start.toString("latin1", 0, length));
  } finally {
    closeSync(file);
  }
}
