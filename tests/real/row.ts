// What one run found, as one row of the table of runs; and that table: for the terminal, as JSON, and
// as the Markdown that a page of docs/ shows.

import { writeFileSync } from "node:fs";
import Table from "cli-table3";

export type Row = {
  /** What tells it from those with the same fault. */
  readonly run: string;
  readonly fault: string;
  /** From the fault to the first REGISTER to the backup, on the wire. */
  readonly leftMs?: number | undefined;
  /** From the fault until every line is in the backup's table. */
  readonly servedMs?: number | undefined;
  /** What the linter promises for it, without slack. */
  readonly servedPromiseMs?: number | undefined;
  /** From the first answer of the healed server until every line is in its table again. */
  readonly backMs?: number | undefined;
  readonly backPromiseMs?: number | undefined;
  /** Bindings left before the phone was stopped. */
  readonly left: { readonly primary: number; readonly backup: number };
  readonly found: string;
};

const HEAD = ["fault", "left", "served", "promised", "back", "promised", "bindings", "found"];

/** Prints the rows and writes them to build/`name`.json and .md; `first` is the head of the first column. */
export function report(rows: readonly Row[], name: string, first = "run"): void {
  writeFileSync(`build/${name}.json`, `${JSON.stringify(rows, null, 2)}\n`);
  const head = [first, ...HEAD];
  const cells = rows.map(toCells);
  const markdown = [head, head.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`);
  writeFileSync(`build/${name}.md`, `${markdown.join("\n")}\n`);
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...cells);
  process.stdout.write(`${table.toString()}\n`);
}

function toCells(row: Row): string[] {
  return [
    row.run,
    row.fault,
    seconds(row.leftMs),
    seconds(row.servedMs),
    seconds(row.servedPromiseMs),
    seconds(row.backMs),
    seconds(row.backPromiseMs),
    `${row.left.primary} + ${row.left.backup}`,
    row.found,
  ];
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? "" : `${(ms / 1_000).toFixed(2)} s`;
}
