import { PHONE, PHONE_SIZE } from "../../../assembly/base/memory";
import { changed, countRefusal, phone, refusals } from "../../../assembly/policy/state";
import { fresh } from "../phone";

describe("the phone", () => {
  beforeEach(() => {
    fresh();
  });

  it("counts each reason for a refusal by itself, inside its record", () => {
    for (let reason: u32 = 0; reason < 8; reason++) {
      for (let i: u32 = 0; i <= reason; i++) countRefusal(reason);
    }
    for (let reason: u32 = 0; reason < 8; reason++) expect(refusals(reason)).toBe(reason + 1);
    expect(phone().phase).toBe(0);
    expect(phone().queued).toBe(0);
    expect(load<u32>(PHONE + PHONE_SIZE)).toBe(0);
  });

  it("counts past 2^32", () => {
    store<u32>(PHONE + PHONE_SIZE - 4, 0xffffffff);
    countRefusal(7);
    expect(refusals(7)).toBe(0);
  });

  it("remembers that something changed", () => {
    expect(phone().changed).toBe(0);
    changed();
    expect(phone().changed).toBe(1);
  });
});
