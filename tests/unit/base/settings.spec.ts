// Each parameter at its default and at both sides of its bounds.

import { E_PARAM, E_RANGE, OK } from "../../../assembly/abi";
import { param, paramMs, resetParams, setParam } from "../../../assembly/base/settings";
import {
  BACK_TO_PRIMARY_DELAY,
  MAX_DETECT_FAIL_COUNT,
  PARAM_COUNT,
  PARAM_TABLE,
  PARAM_VALUES,
  PRIMARY_DETECT_INTERVAL,
  REGISTER_REFRESH_INTERVAL,
  REGISTER_TIMEOUT,
  RPORT,
  T1,
} from "../../../assembly/generated/params";

function least(id: u32): u32 {
  return load<u32>(PARAM_VALUES + 4 * load<u8>(PARAM_TABLE + 3 * id, 1));
}

function most(id: u32): u32 {
  return load<u32>(PARAM_VALUES + 4 * load<u8>(PARAM_TABLE + 3 * id, 2));
}

describe("a parameter", () => {
  beforeEach(resetParams);

  it("has its default until it is set", () => {
    expect(param(REGISTER_REFRESH_INTERVAL)).toBe(1800);
    expect(param(REGISTER_TIMEOUT)).toBe(2000);
    expect(param(PRIMARY_DETECT_INTERVAL)).toBe(0);
    expect(param(BACK_TO_PRIMARY_DELAY)).toBe(43200);
    expect(param(RPORT)).toBe(1);
    setParam(T1, 1000);
    expect(param(T1)).toBe(1000);
    resetParams();
    expect(param(T1)).toBe(500);
  });

  it("takes both of its bounds, and nothing beyond them", () => {
    for (let id: u32 = 0; id < PARAM_COUNT; id++) {
      const name = "parameter " + id.toString();
      expect(setParam(id, least(id))).toBe(OK, name);
      expect(param(id)).toBe(least(id), name);
      expect(setParam(id, most(id))).toBe(OK, name);
      expect(param(id)).toBe(most(id), name);
      expect(setParam(id, most(id) + 1)).toBe(E_RANGE, name);
      expect(setParam(id, 0xffffffff)).toBe(E_RANGE, name);
      if (least(id) > 1) expect(setParam(id, least(id) - 1)).toBe(E_RANGE, name);
      expect(param(id)).toBe(most(id), name);
    }
  });

  it("may be 0 below its least where 0 means something of its own", () => {
    let zeros = "";
    for (let id: u32 = 0; id < PARAM_COUNT; id++) {
      if (least(id) > 0 && setParam(id, 0) === OK) zeros += id.toString() + " ";
    }
    expect(zeros).toBe("1 2 3 9 45 "); // two time-outs: RFC 3261; two intervals: off
    expect(setParam(REGISTER_TIMEOUT, 499)).toBe(E_RANGE);
    expect(setParam(MAX_DETECT_FAIL_COUNT, 0)).toBe(OK);
  });

  it("has a default inside its range", () => {
    for (let id: u32 = 0; id < PARAM_COUNT; id++) {
      const first = param(id);
      expect(setParam(id, first)).toBe(OK, id.toString());
    }
  });

  it("in seconds is shorter than half of the clock in milliseconds", () => {
    for (let id: u32 = 0; id < PARAM_COUNT; id++) {
      expect(<u64>most(id) * 1000 < 0x80000000).toBe(true, id.toString());
      setParam(id, most(id));
      expect(paramMs(id)).toBe(1000 * most(id), id.toString());
    }
  });

  it("that is none is refused", () => {
    expect(setParam(PARAM_COUNT, 1)).toBe(E_PARAM);
    expect(setParam(0xffffffff, 1)).toBe(E_PARAM);
    expect(() => {
      param(PARAM_COUNT);
    }).toThrow();
  });
});
