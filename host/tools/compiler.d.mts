// Types of compiler.mjs. The compiler's own declarations describe the globals of AssemblyScript too, which would
// replace those of Node in every file of the host.

type Stream = { write(chunk: string | Uint8Array): boolean };

export type Hooks = {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readFile(name: string, folder: string): Promise<string | null>;
  writeFile(name: string, contents: string | Uint8Array): void;
  /** Classes with hooks such as afterCompile; the compiler gives them `program`. */
  readonly transforms?: readonly (new () => object)[];
};

/** Runs asc with the words of a command line. */
export function main(words: readonly string[], hooks: Hooks): Promise<{ readonly error: Error | null }>;

type Enum = Readonly<Record<string, number>>;
export const AssertionKind: Enum;
export const CommonFlags: Enum;
export const LiteralKind: Enum;
export const NodeKind: Enum;
export const Token: Enum;
