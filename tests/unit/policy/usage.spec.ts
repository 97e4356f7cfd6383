// Who uses which server, asked over all lines.

import { isServedAt, isUsedBelow, lowestServing, serves } from "../../../assembly/policy/usage";
import { bootLine, line } from "../../../assembly/session/account";
import { NONE, SEEKING, SERVED } from "../../../assembly/session/states";
import { fresh } from "../phone";

/** Lines by two letters each: S served, s a lease but out of service, a asking, - neither; and the server. */
function lay(text: string): void {
  fresh();
  for (let i = 0; i < 8; i++) bootLine(i);
  const words = text.split(" ");
  for (let i = 0; i < words.length; i++) {
    const it = line(i);
    const at = <u8>(words[i].charCodeAt(1) - 0x30);
    const kind = words[i].charAt(0);
    it.state = kind.includes("S") ? SERVED : SEEKING;
    if (kind.includes("S") || kind.includes("s")) it.served = at;
    if (kind.includes("a")) it.asking = at;
  }
}

// biome-ignore format: a row, a case
const CASES: string[] = [
  // lines; who serves; the lowest that serves; below which server somebody is served or asks
  "-0 -0|----|-1|----",
  "S0 -0|*---|0|----",
  "S0 S2|*-*-|2|**--",
  "S1 a3|-*--|1|***-",
  "a0 -0|----|-1|----",
  "a1 -0|----|-1|*---",
  "s2 -0|----|-1|----", // a lease that is of no use
  "S3 S3|---*|3|***-",
];

function marks(serving: bool): string {
  let text = "";
  for (let s = 0; s < 4; s++) text += (serving ? serves(s) : isUsedBelow(s)) ? "*" : "-";
  return text;
}

describe("who uses which server", () => {
  it("is asked over all lines", () => {
    for (let i = 0; i < CASES.length; i++) {
      const parts = CASES[i].split("|");
      lay(parts[0]);
      expect(marks(true)).toBe(parts[1], CASES[i]);
      expect(lowestServing().toString()).toBe(parts[2], CASES[i]);
      expect(marks(false)).toBe(parts[3], CASES[i]);
    }
  });

  it("is asked of one line", () => {
    lay("S1 s1");
    expect(isServedAt(line(0), 1)).toBe(true);
    expect(isServedAt(line(0), 0)).toBe(false);
    expect(isServedAt(line(1), 1)).toBe(false);
    expect(isServedAt(line(2), NONE)).toBe(false);
  });
});
