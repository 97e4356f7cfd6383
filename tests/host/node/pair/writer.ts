// Processes that write to a store and say what they have written, until they are killed.
import { bundleOne } from "../../../../host/tools/bundle.mjs";
import { Running } from "../../running.ts";

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
  return new Writer(process.execPath, [bundle, ...words]);
}

export class Writer extends Running {
  /** What it has said so far; a line that is not whole was never said. */
  get said(): readonly string[] {
    return this.stdout.split("\n").slice(0, -1);
  }

  acknowledged(count: number): Promise<void> {
    return this.until(({ said }) => said.length >= count);
  }

  async kill(): Promise<this> {
    this.child.kill("SIGKILL");
    await this.end();
    return this;
  }
}
