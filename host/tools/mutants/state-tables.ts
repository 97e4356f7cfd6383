// The core's four state tables as they stand in its sources: the rows, by the names of their constants.
//
// Above: counting.ts, and the tests that hold a case against each row.

import { readFileSync } from "node:fs";

export type Row = {
  readonly state: string;
  readonly input: string;
  readonly action: string;
  readonly next: string;
};

/** Files below assembly/ that hold a TABLE, without `.ts`. */
export const STATE_TABLES = [
  "session/transaction",
  "session/registration",
  "policy/health",
  "policy/line",
] as const;

/** The rows of the TABLE in a source of the core, in their order. */
export function rowsOf(path: string): readonly Row[] {
  const source = readFileSync(path, "utf8");
  const [, table] = /export const TABLE: usize = memory\.data<u8>\(\[\n([\s\S]*?)\n\]\);/.exec(source) ?? [];
  if (table === undefined)
    throw new Error(`${path} holds no "export const TABLE: usize = memory.data<u8>([..]);"`);
  const words = table
    .replace(/\/\/.*$/gm, "")
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  if (words.length % 4 !== 1) throw new Error(`${path}: TABLE has rows of four words, and then the end`);
  return Array.from({ length: (words.length - 1) / 4 }, (_, index) => {
    const [state = "", input = "", action = "", next = ""] = words.slice(4 * index);
    return { state, input, action, next };
  });
}
