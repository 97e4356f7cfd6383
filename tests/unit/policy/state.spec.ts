// The counters of the phone, and their place in its record.

import { REFUSALS, REFUSALS_SIZE } from "../../../assembly/base/memory";
import { changed, countRefusal, phone, refusals } from "../../../assembly/policy/state";
import { fresh } from "../phone";

const REASONS: u32 = REFUSALS_SIZE / 4;

describe("the phone", () => {
  beforeEach(() => {
    fresh();
  });

  it("counts each reason for a refusal by itself", () => {
    for (let reason: u32 = 0; reason < REASONS; reason++) {
      for (let i: u32 = 0; i <= reason; i++) countRefusal(reason);
    }
    for (let reason: u32 = 0; reason < REASONS; reason++) expect(refusals(reason)).toBe(reason + 1);
    expect(phone().phase).toBe(0);
    expect(phone().queued).toBe(0);
  });

  it("counts past 2^32", () => {
    store<u32>(REFUSALS + REFUSALS_SIZE - 4, 0xffffffff);
    countRefusal(REASONS - 1);
    expect(refusals(REASONS - 1)).toBe(0);
  });

  it("remembers that something changed", () => {
    expect(phone().changed).toBe(0);
    changed();
    expect(phone().changed).toBe(1);
  });
});
