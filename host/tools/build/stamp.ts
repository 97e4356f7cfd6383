// Whether something has to be built again: a fingerprint of all it is made from, kept beside it.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { place } from "../bundle.mjs";

/** Fingerprint of files and folders; what is not there counts as empty. */
export function fingerprint(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths.flatMap(filesOf)) hash.update(path).update("\0").update(readFileSync(path));
  return hash.digest("hex");
}

function filesOf(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}

/** Runs `make` unless every one of `outputs` is there and made from the same fingerprint. */
export async function unlessFresh(
  stampFile: string,
  print: string,
  outputs: readonly string[],
  make: () => Promise<string[]>,
): Promise<string[]> {
  const isFresh =
    existsSync(stampFile) && readFileSync(stampFile, "utf8") === print && outputs.every(existsSync);
  if (isFresh) return [];
  const problems = await make();
  if (problems.length === 0) await place(stampFile, print);
  return problems;
}
