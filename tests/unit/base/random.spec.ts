// Same seed, same bytes; bounds that are kept and reached.

import { between, draw, jitter, seed } from "../../../assembly/base/random";
import { hexOf } from "../text";

const SEED: usize = memory.data(32, 4);
const OUT: usize = memory.data(64, 4);

function seedWith(byte: u8): void {
  memory.fill(SEED, byte, 32);
  seed(SEED);
}

function drawn(length: u32): string {
  draw(OUT, length);
  return hexOf(OUT, length);
}

describe("draw", () => {
  it("is SHA-256 of the seed and a counter, whose 0 went into the jitter", () => {
    // (head -c 32 /dev/zero; printf '\1\0\0\0') | sha256sum
    seedWith(0);
    expect(drawn(32)).toBe("71c99cc3bc21757feed5b712744ebb0f770d5c41d99189f9457495747bf11050");
  });

  it("gives the same bytes for the same seed, and others for another", () => {
    seedWith(1);
    const first = drawn(8);
    const second = drawn(8);
    expect(first).not.toBe(second);
    seedWith(2);
    expect(drawn(8)).not.toBe(first);
    seedWith(1);
    expect(drawn(8)).toBe(first);
    expect(drawn(8)).toBe(second);
  });

  it("writes as many bytes as asked and not one more", () => {
    seedWith(3);
    memory.fill(OUT, 0xaa, 64);
    draw(OUT, 4);
    expect(load<u8>(OUT, 4)).toBe(0xaa);
    draw(OUT, 32);
    expect(load<u8>(OUT, 32)).toBe(0xaa);
  });

  throws("gives at most 32 bytes", () => {
    draw(OUT, 33);
  });
});

describe("jitter", () => {
  it("goes on with the seed, is never 0 and does not repeat soon", () => {
    seedWith(4);
    const first = jitter();
    let bad = 0;
    for (let count = 0; count < 100000; count++) {
      const value = jitter();
      if (value === 0 || value === first) bad++;
    }
    expect(bad).toBe(0);
    seedWith(4);
    expect(jitter()).toBe(first);
  });
});

describe("between", () => {
  it("stays inside its bounds and reaches both", () => {
    seedWith(5);
    const counts = new Array<i32>(11).fill(0);
    for (let count = 0; count < 5000; count++) counts[between(0, 10)]++;
    for (let value = 0; value <= 10; value++) {
      expect(counts[value]).toBeGreaterThan(350); // 454 on average
      expect(counts[value]).toBeLessThan(560);
    }
  });

  it("has no choice where the bounds are equal", () => {
    expect(between(7, 7)).toBe(7);
    expect(between(0, 0)).toBe(0);
    expect(between(0xffffffff, 0xffffffff)).toBe(0xffffffff);
  });

  it("spans every number there is", () => {
    seedWith(6);
    let low: u32 = 0xffffffff;
    let high: u32 = 0;
    for (let count = 0; count < 1000; count++) {
      const value = between(0, 0xffffffff);
      low = min(low, value);
      high = max(high, value);
    }
    expect(low).toBeLessThan(0x02000000);
    expect(high).toBeGreaterThan(0xfe000000);
  });

  throws("refuses bounds in the wrong order", () => {
    between(2, 1);
  });
});
