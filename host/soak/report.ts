// What a soak took, as a page: how much, of what, and what was never taken.
//
// Above: host/tools/soak.ts. Below: hunt.ts.

import { type RowPlace, rowName } from "../tools/mutants/rows.ts";
import type { Found } from "./hunt.ts";

/** Rows of the core's tables that no run took. */
export function missingRows({ counts }: Found, places: readonly RowPlace[]): readonly string[] {
  return places.map(rowName).filter((name) => !counts.rows[name]);
}

/** @param minutes that it took */
export function renderSoak(found: Found, places: readonly RowPlace[], minutes: number): string {
  const { counts, broken } = found;
  const missing = missingRows(found, places);
  return [
    "# Soak",
    "",
    `${counts.cases} cases, ${counts.hours.toFixed(1)} phone-hours, ${counts.moments} moments, ${counts.datagrams} datagrams, ${counts.moves} moves.`,
    `${minutes.toFixed(1)} minutes: ${(counts.cases / minutes).toFixed(0)} cases and ${(counts.hours / minutes).toFixed(0)} phone-hours a minute.`,
    "",
    broken.length === 0 ? "No invariant broke." : `${broken.length} invariants broke:`,
    ...broken.flatMap(({ invariant, atMs, text, seed, case: shown }) => [
      "",
      `\`${invariant}\` at ${atMs} ms, seed ${seed}: ${text}`,
      "",
      ...shown.split("\n").map((line) => `    ${line}`.trimEnd()),
    ]),
    "",
    missing.length === 0
      ? `Each of the ${places.length} rows was taken.`
      : `Rows that were never taken: ${missing.join(", ")}.`,
    ...table("Events", counts.events),
    ...table("Faults", counts.faults),
    ...table("Rows of the tables", counts.rows),
    ...table("Fault × health of that server × state of a line", counts.struck),
    "",
  ].join("\n");
}

/** The rarest last. */
function table(title: string, counts: Readonly<Record<string, number>>): readonly string[] {
  const rows = Object.entries(counts).sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return [];
  return [
    "",
    `## ${title}`,
    "",
    "| what | times |",
    "|---|---|",
    ...rows.map(([name, times]) => `| ${name} | ${times} |`),
  ];
}
