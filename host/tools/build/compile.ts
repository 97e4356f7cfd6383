// Compiles the core with asc, inside this process; options come from asconfig.json. Then shrinks it.
//
// A variant is the same sources with something replaced while they are read: sources.ts. Above: core.ts.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { main } from "../compiler.mjs";
import { layoutHook, type Region } from "./layout.ts";
import { shrink } from "./shrink.ts";
import { changedSources, type Variant } from "./sources.ts";

export type Compiled =
  | {
      readonly kind: "module";
      readonly bytes: Uint8Array;
      readonly text: string;
      readonly regions: readonly Region[];
    }
  | { readonly kind: "refused"; readonly why: string };

/**
 * @param target a target of asconfig.json
 * @param words  more words for the command line of asc; they win over asconfig.json
 */
export async function compile(
  target: string,
  variant: Variant = {},
  words: readonly string[] = [],
): Promise<Compiled> {
  const sources = await changedSources(variant);
  const written = new Map<string, Uint8Array | string>();
  const said: string[] = [];
  let regions: readonly Region[] = [];
  const listener = { write: (text: string | Uint8Array) => said.push(String(text)) > 0 };
  const { error } = await main(["--target", target, "--outFile", "out.wasm", ...words], {
    stdout: listener,
    stderr: listener,
    readFile: (name, folder) => readSource(join(folder, name), sources),
    writeFile: (name, contents) => void written.set(name, contents),
    transforms: [
      layoutHook((found) => {
        regions = found;
      }),
    ],
  });
  const bytes = written.get("out.wasm");
  const why = complaints(said.join(""));
  if (error !== null || why !== "" || !(bytes instanceof Uint8Array)) {
    return { kind: "refused", why: why || (error?.message ?? "asc wrote no module") };
  }
  return {
    kind: "module",
    ...(variant.isQuick ? { bytes, text: "" } : shrink(bytes, variant.keepsFunctions !== true)),
    regions,
  };
}

/** What asc said: its errors, or when it has none its warnings, which are as good as errors here. */
function complaints(said: string): string {
  const blocks = said.split(/\n(?=ERROR |WARNING |FAILURE )/).map((block) => block.trim());
  const errors = blocks.filter((block) => block.startsWith("ERROR "));
  return (errors.length > 0 ? errors : blocks.filter((block) => block !== "")).join("\n\n");
}

async function readSource(path: string, changed: ReadonlyMap<string, string>): Promise<string | null> {
  try {
    return changed.get(path) ?? (await readFile(path, "utf8"));
  } catch {
    return null; // asc tries several names for one import
  }
}
