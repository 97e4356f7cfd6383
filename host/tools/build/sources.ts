// What a variant of the core changes in the sources, before the compiler reads them.
//
// The knobs of a build are constants of assembly/base/limits.ts; a patch is any piece of text, given with
// what stands there now, so that it cannot miss its place unseen. Above: compile.ts.

import { readFile } from "node:fs/promises";

/** The file that holds the constants of the build. */
const LIMITS = "assembly/base/limits.ts";
/** Its tables take room even where nothing uses them. */
const SHA256 = "assembly/base/sha256.ts";
const NO_SHA256 =
  "export const SHA256_INITIAL: usize = 0; export function sha256Mix(state: usize, words: usize): void { unreachable(); }";

export type Sizes = {
  readonly lines?: number;
  readonly servers?: number;
  /** Bytes of the longest message that is read. */
  readonly input?: number;
  /** False: UDP only. */
  readonly streams?: boolean;
  /** False: MD5 only. */
  readonly sha256?: boolean;
  /** Bytes of nobody behind each region and record. */
  readonly gap?: number;
};

export type Patch = {
  /** Path from the top of the repository. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly old: string;
  readonly new: string;
};

export type Variant = Sizes & {
  readonly patches?: readonly Patch[];
  /** Not shrunk: compiled in half the time, larger, and never shipped. */
  readonly isQuick?: boolean;
  /** Shrunk without inlining: every function keeps its name, for coverage and for stacks. */
  readonly keepsFunctions?: boolean;
};

/** The files that differ, by path. Throws when a patch or a constant does not find its place. */
export async function changedSources({
  lines,
  servers,
  input,
  streams,
  sha256,
  gap,
  patches = [],
}: Variant): Promise<Map<string, string>> {
  const changed = new Map<string, string>();
  const change = async (file: string, how: (text: string) => string) =>
    void changed.set(file, how(changed.get(file) ?? (await readFile(file, "utf8"))));
  const limits = {
    LINES: lines,
    SERVERS: servers,
    INPUT_SIZE: input,
    STREAMS: bit(streams),
    STRONG_DIGEST: bit(sha256),
    GAP: gap,
  };
  await change(LIMITS, (text) =>
    Object.entries(limits).reduce((sum, [name, value]) => put(sum, name, value), text),
  );
  if (sha256 === false) await change(SHA256, () => NO_SHA256);
  for (const patch of patches) await change(patch.file, (text) => replaceOnce(text, patch));
  return changed;
}

function bit(flag: boolean | undefined): number | undefined {
  return flag === undefined ? undefined : Number(flag);
}

function put(text: string, name: string, value: number | undefined): string {
  if (value === undefined) return text;
  const before = new RegExp(`(export const ${name}: u32 = )\\d+;`);
  if (!before.test(text)) throw new Error(`${LIMITS} has no line "export const ${name}: u32 = ..;"`);
  return text.replace(before, `$1${value};`);
}

function replaceOnce(text: string, { file, old, new: replacement }: Patch): string {
  const [before, after, ...more] = text.split(old);
  if (before !== undefined && after !== undefined && more.length === 0) return before + replacement + after;
  const times = text.split(old).length - 1;
  throw new Error(`${file}: the text to replace occurs ${times} times, and has to occur once:\n${old}`);
}
