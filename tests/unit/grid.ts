// The whole grid of a state table as text: each cell an action and the next state, or two dots for silence.

import { action, END, next, row } from "../../assembly/base/machine";

/** A line for each state, a cell for each input. Digits are those of the constants; `a` is 10. */
export function grid(table: usize, states: u32, inputs: u32): string {
  let text = "";
  for (let state: u32 = 0; state < states; state++) {
    for (let input: u32 = 0; input < inputs; input++) {
      const found = row(table, state, input);
      text += (input === 0 ? "" : " ") + (found ? cell(found) : "..");
    }
    text += "\n";
  }
  return text;
}

function cell(found: usize): string {
  return action(found).toString(16) + next(found).toString(16);
}

/** Rows of a table: as many as its grid has cells that are not silent, when no row is hidden by another. */
export function rowsOf(table: usize): i32 {
  let rows = 0;
  for (let at = table; load<u8>(at) !== END; at += 4) rows++;
  return rows;
}

/** Cells of a grid that are not silent. */
export function loudCells(text: string): i32 {
  return text
    .split("\n")
    .join(" ")
    .split(" ")
    .filter((one) => one.length === 2 && one !== "..").length;
}
