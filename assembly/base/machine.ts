// Row lookup for every state table.
//
// A row is four bytes: state, input, action, next state. Rows end with END. What has no row is
// ignored by the machine, on purpose.

/** Stands where the state of a further row would. */
export const END: u8 = 255;

const ROW_SIZE: usize = 4;

/** The first row of `table` for `input` in `state`; 0 when there is none. */
export function row(table: usize, state: u32, input: u32): usize {
  for (let at = table; load<u8>(at) !== END; at += ROW_SIZE) {
    if (load<u8>(at) === state && load<u8>(at, 1) === input) return at;
  }
  return 0;
}

/** What the machine does on this row. */
export function action(row: usize): u32 {
  return load<u8>(row, 2);
}

/** The state after this row. */
export function next(row: usize): u32 {
  return load<u8>(row, 3);
}
