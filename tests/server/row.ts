// What one run found, as one row of the table of runs; and that table, for a person and as a file.

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

const FILE = "build/real-servers.json";

/** Writes the rows to build/real-servers.json and prints them. */
export function report(rows: readonly Row[]): void {
  writeFileSync(FILE, `${JSON.stringify(rows, null, 2)}\n`);
  const table = new Table({
    head: ["run", "fault", "left", "served", "promised", "back", "promised", "left at", "found"],
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    table.push([
      row.run,
      row.fault,
      seconds(row.leftMs),
      seconds(row.servedMs),
      seconds(row.servedPromiseMs),
      seconds(row.backMs),
      seconds(row.backPromiseMs),
      `${row.left.primary} + ${row.left.backup}`,
      row.found,
    ]);
  }
  process.stdout.write(`${table.toString()}\n`);
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? "" : `${(ms / 1_000).toFixed(2)} s`;
}
