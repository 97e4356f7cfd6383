// The order in which the targets of SRV records are tried: RFC 2782, "Priority" and "Weight".
//
// Pure: the draw is given. Above: locate.ts.
import type { Srv } from "./records.ts";

/** A whole number from 0 to below `end`; `end` is 1 at least. */
export type Draw = (end: number) => number;

/** Lowest priority first; within one priority at random, a heavier one sooner in proportion. */
export function ordered(records: readonly Srv[], draw: Draw): readonly Srv[] {
  const priorities = [...new Set(records.map(({ priority }) => priority))].sort((a, b) => a - b);
  return priorities.flatMap((wanted) =>
    drawn(
      records.filter(({ priority }) => priority === wanted),
      draw,
    ),
  );
}

/** Those of weight 0 come first in the row that is drawn from, so that they have a small chance too. */
function drawn(alike: readonly Srv[], draw: Draw): readonly Srv[] {
  const row = [...alike].sort((a, b) => Number(a.weight > 0) - Number(b.weight > 0));
  const order: Srv[] = [];
  while (row.length > 0) {
    const sum = row.reduce((total, { weight }) => total + weight, 0);
    order.push(...row.splice(chosen(row, draw(sum + 1)), 1));
  }
  return order;
}

/** The first whose running sum of weights reaches `drawnSum`. */
function chosen(row: readonly Srv[], drawnSum: number): number {
  let sum = 0;
  return row.findIndex(({ weight }) => {
    sum += weight;
    return sum >= drawnSum;
  });
}
