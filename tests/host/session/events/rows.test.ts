// The state tables of service events, whole: a dot is an input that says and changes nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CALL_ROWS,
  PROVIDER_ROWS,
  type Row,
  rowOf,
  SEAT_ROWS,
} from "../../../../host/session/events/rows.ts";

/** A line for each state, a cell for each input: what is said and what comes next. */
function grid<State extends string, Input extends string, Act extends string>(
  rows: readonly Row<State, Input, Act>[],
  states: readonly State[],
  inputs: readonly Input[],
): string[] {
  const cell = (state: State, input: Input): string => {
    const row = rowOf(rows, state, input);
    return row === undefined ? "." : `${row[2] || "-"}>${row[3]}`;
  };
  return states.map((state) => [state, ...inputs.map((input) => cell(state, input))].join(" "));
}

test("provider: reach, gone, shutdown", () => {
  assert.deepEqual(grid(PROVIDER_ROWS, ["out", "in", "shutdown"], ["reach", "gone", "shutdown"]), [
    "out tellIn>in . tellShutdown>shutdown",
    "in . tellOut>out tellShutdown>shutdown",
    "shutdown . . .",
  ]);
});

test("an address at a terminal: in, out, remove", () => {
  assert.deepEqual(grid(SEAT_ROWS, ["out", "in", "removed"], ["in", "out", "remove"]), [
    "out tellIn>in . tellRemoved>removed",
    "in tellMoved>in tellOut>out tellOutAndRemoved>removed",
    "removed . . .",
  ]);
});

test("a call: up, end, see, lose, remove", () => {
  const states = ["none", "hidden", "live", "blind", "over"] as const;
  assert.deepEqual(grid(CALL_ROWS, states, ["up", "end", "see", "lose", "remove"]), [
    "none ->hidden . . . .",
    "hidden . ->none tellStarted>live . ->none",
    "live tellChanged>live tellEnded>none . tellUnobserved>blind tellEnded>none",
    "blind . ->over tellSnapshot>live . tellEnded>none",
    "over ->blind . tellEnded>none . tellEnded>none",
  ]);
});

test("no state has two rows for one input", () => {
  for (const rows of [PROVIDER_ROWS, SEAT_ROWS, CALL_ROWS] as (readonly Row<string, string, string>[])[]) {
    const keys = rows.map(([state, input]) => `${state} ${input}`);
    assert.equal(new Set(keys).size, keys.length);
  }
});
