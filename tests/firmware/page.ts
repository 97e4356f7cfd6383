// Tables of a page, to be compared with what was measured.
//
// Above: budgets.test.ts, knobs.test.ts.

import { readFileSync } from "node:fs";
import type { ImageSize } from "../../host/tools/firmware/cortex-m.ts";

/** The page that says what images take. */
export const CORTEX_M = "host/firmware/port/cortex-m/README.md";

/** Rows of a page that match the words, each with its numbers. */
export function rowsOf(page: string, words: RegExp): number[][] {
  const rows = readFileSync(page, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && words.test(line));
  return rows.map((line) =>
    [...line.matchAll(/\| (-?[\d.,]+) (?=\|)/g)].map(([, cell = ""]) => Number(cell.replaceAll(",", ""))),
  );
}

/** With one digit behind the point. */
export function inKib(size: ImageSize | undefined): number[] {
  return [size?.flash, size?.ram].map((bytes = 0) => Number((bytes / 1024).toFixed(1)));
}
