// A table of text without lines: columns as wide as what stands in them, the last one wraps.
import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";

/** No borders: what is printed can be cut, sorted and searched by other programs. */
const NO_BORDERS = Object.fromEntries(
  [
    ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
    ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid"],
  ].map((place) => [place, ""]),
);

const GAP = 2;
const LAST_LEAST = 20;

/**
 * @param rows  all of the same length; colours take no room
 * @param width columns of the terminal; without it nothing wraps
 */
export function columns(rows: readonly (readonly string[])[], width?: number): string[] {
  const last = (rows[0]?.length ?? 1) - 1;
  const before = Array.from({ length: last }, (_, at) => widest(rows, at) + GAP).reduce((a, b) => a + b, 0);
  // A column without a width is made as wide as it needs to be.
  const colWidths: number[] = [];
  if (width !== undefined && widest(rows, last) > width - before) {
    colWidths[last] = Math.max(LAST_LEAST, width - before);
  }
  const table = new Table({
    chars: { ...NO_BORDERS, middle: " ".repeat(GAP) },
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    colWidths,
    wordWrap: true,
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}

function widest(rows: readonly (readonly string[])[], at: number): number {
  return Math.max(0, ...rows.map((row) => stripVTControlCharacters(row[at] ?? "").length));
}
