// What one run found, as one row of the table of runs; and that table: for the terminal, as JSON, and
// as the Markdown that docs/real-servers.md shows.

import { writeFileSync } from "node:fs";
import Table from "cli-table3";

export type Row = {
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

const HEAD = ["run", "fault", "left", "served", "promised", "back", "promised", "bindings", "found"];

/** Prints the rows and writes them to build/real-servers.json and .md. */
export function report(rows: readonly Row[]): void {
  writeFileSync("build/real-servers.json", `${JSON.stringify(rows, null, 2)}\n`);
  const cells = rows.map(toCells);
  const markdown = [HEAD, HEAD.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`);
  writeFileSync("build/real-servers.md", `${markdown.join("\n")}\n`);
  const table = new Table({ head: HEAD, style: { head: [], border: [] } });
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
