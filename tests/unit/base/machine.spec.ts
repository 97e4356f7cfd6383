// The lookup of rows that every state table uses.

import { action, END, next, row } from "../../../assembly/base/machine";

// biome-ignore format: rows
const TABLE: usize = memory.data<u8>([
  0, 0, 10, 1,
  0, 1, 11, 0,
  1, 1, 12, 2,
  1, 1, 99, 9, // never reached: the first row of a state and an input counts
  2, END, 13, 0, // the mark of the end counts only where a state stands
  END,
  3, 0, 14, 3, // behind the end
]);

const EMPTY: usize = memory.data<u8>([END]);

describe("a table", () => {
  it("gives the action and the next state of the first row that fits", () => {
    expect(action(row(TABLE, 0, 0))).toBe(10);
    expect(next(row(TABLE, 0, 0))).toBe(1);
    expect(action(row(TABLE, 0, 1))).toBe(11);
    expect(next(row(TABLE, 0, 1))).toBe(0);
    expect(action(row(TABLE, 1, 1))).toBe(12);
    expect(next(row(TABLE, 1, 1))).toBe(2);
    expect(action(row(TABLE, 2, END))).toBe(13);
  });

  it("has no row for what it does not name", () => {
    expect(row(TABLE, 1, 0)).toBe(0);
    expect(row(TABLE, 2, 0)).toBe(0);
    expect(row(TABLE, 3, 0)).toBe(0);
    expect(row(TABLE, 256, 0)).toBe(0);
    expect(row(EMPTY, 0, 0)).toBe(0);
  });
});
