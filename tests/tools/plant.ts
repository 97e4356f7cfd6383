// Modules with one fault each, made here: from text by binaryen, or from AssemblyScript by asc.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import binaryen from "binaryen";
import { main } from "../../host/tools/compiler.mjs";

/** A module from its text, with everything binaryen knows switched on. */
export function fromText(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

/** A file that is not there: the options of the core must not reach what is planted. */
const NO_CONFIG = "planted.json";

/** A module from AssemblyScript, compiled with `words` and a memory of one page. */
export async function fromSource(source: string, words: readonly string[]): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  const said: string[] = [];
  const listener = { write: (text: string | Uint8Array) => said.push(String(text)) > 0 };
  const fixed = ["--config", NO_CONFIG, "--initialMemory", "1", "--use", "abort=", "--outFile", "out.wasm"];
  const { error } = await main(["planted.ts", ...fixed, ...words], {
    stdout: listener,
    stderr: listener,
    readFile: async (name, folder) => (name === "planted.ts" ? source : read(join(folder, name))),
    writeFile: (_name, contents) => {
      if (contents instanceof Uint8Array) bytes = contents;
    },
  });
  if (error !== null || bytes === undefined) throw new Error(said.join("") || String(error));
  return bytes;
}

async function read(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return null;
  }
}
