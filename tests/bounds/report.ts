// What was promised beside the worst that was seen, kept for build/bounds.md.
//
// The files of this folder run in processes of their own: each writes its part, and the page of all parts there are.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { after } from "node:test";

export interface Row {
  readonly promise: string;
  /** The configuration. */
  readonly setup: string;
  readonly promised: string;
  readonly seen: string;
  /** How to see it again, or why it is not reached. */
  readonly where: string;
}

const PARTS = "build/bounds";

/** The rows of one file of tests; they are written when its tests are over. */
export function report(part: string): Row[] {
  const rows: Row[] = [];
  after(() => {
    mkdirSync(PARTS, { recursive: true });
    writeFileSync(`${PARTS}/${part}.md`, `## ${part}\n\n${table(rows)}\n`);
    const parts = readdirSync(PARTS).sort();
    const pages = parts.map((name) => readFileSync(`${PARTS}/${name}`, "utf8"));
    writeFileSync("build/bounds.md", `# Promised, and the worst seen\n\n${pages.join("\n")}`);
  });
  return rows;
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ promise, setup, promised, seen, where }) => [
    promise,
    setup,
    promised,
    seen,
    where,
  ]);
  return [["promise", "configuration", "promised", "worst seen", "where"], Array(5).fill("---"), ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/** `88.559 s`. */
export function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
