// Processes that write to a store and say what they have written, until they are killed.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { bundleOne } from "../../../../host/tools/bundle.mjs";

/** @param words what the child does: `bind`, one registration a line, or `edit`, 100 objects a line */
export function startWriter(folder: string, words: readonly string[]): Promise<Writer> {
  return start("writer-child", [folder, ...words]);
}

/** @param words as the head of node-child.ts says */
export function startNode(words: readonly string[]): Promise<Writer> {
  return start("node-child", words);
}

async function start(name: string, words: readonly string[]): Promise<Writer> {
  const bundle = `build/tests/pair-${name}.mjs`;
  await bundleOne(`tests/host/node/pair/${name}.ts`, bundle);
  return new Writer(spawn(process.execPath, [bundle, ...words], { stdio: ["ignore", "pipe", "inherit"] }));
}

export class Writer {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #text = "";

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, "close");
    child.stdout?.on("data", (bytes) => {
      this.#text += bytes;
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** What it has said so far; a line that is not whole was never said. */
  get said(): readonly string[] {
    return this.#text.split("\n").slice(0, -1);
  }

  async acknowledged(count: number): Promise<void> {
    const { stdout } = this.#child;
    while (this.said.length < count && stdout !== null) {
      await Promise.race([once(stdout, "data"), this.#ended]);
      if (this.#child.exitCode !== null && this.said.length < count)
        throw new Error("the writer ended by itself");
    }
  }

  async kill(): Promise<this> {
    this.#child.kill("SIGKILL");
    await this.#ended;
    return this;
  }
}
