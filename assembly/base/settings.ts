// The values of the parameters. Their ids, defaults and bounds are generated from the one table.
//
// A value is a u32 in the unit of its row; a switch is 0 or 1. Below: base/memory, generated/.

import { E_PARAM, E_RANGE, OK } from "../abi";
import {
  PARAM_COUNT,
  PARAM_TABLE,
  PARAM_VALUES,
  ZERO_ALLOWED_HI,
  ZERO_ALLOWED_LO,
} from "../generated/params";
import { PARAMS, PARAMS_MAX } from "./memory";

if (PARAM_COUNT > PARAMS_MAX) ERROR("more parameters than base/memory.ts has room for");

// One row of PARAM_TABLE.
const ROW: u32 = 3;
const DEFAULT: u32 = 0;
const MIN: u32 = 1;
const MAX: u32 = 2;

/** The value of parameter `id`, in the unit of its row. */
export function param(id: u32): u32 {
  assert(id < PARAM_COUNT);
  return load<u32>(PARAMS + 4 * id);
}

/** The same in milliseconds, for a parameter in seconds. Every range ends below 2^31 ms. */
export function paramMs(id: u32): u32 {
  return 1000 * param(id);
}

/**
 * Sets parameter `id`.
 * @returns OK; E_PARAM: no such id; E_RANGE: outside min..max, and 0 has no meaning of its own
 */
export function setParam(id: u32, value: u32): i32 {
  if (id >= PARAM_COUNT) return E_PARAM;
  const inRange = value >= fromTable(id, MIN) && value <= fromTable(id, MAX);
  if (!inRange && !(value === 0 && zeroAllowed(id))) return E_RANGE;
  store<u32>(PARAMS + 4 * id, value);
  return OK;
}

/** Gives every parameter its default. */
export function resetParams(): void {
  for (let id: u32 = 0; id < PARAM_COUNT; id++) {
    store<u32>(PARAMS + 4 * id, fromTable(id, DEFAULT));
  }
}

function fromTable(id: u32, column: u32): u32 {
  return load<u32>(PARAM_VALUES + 4 * load<u8>(PARAM_TABLE + ROW * id + column));
}

function zeroAllowed(id: u32): bool {
  const mask = id < 32 ? ZERO_ALLOWED_LO : ZERO_ALLOWED_HI;
  return ((mask >> (id & 31)) & 1) !== 0;
}
