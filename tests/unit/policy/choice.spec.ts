// The choice of a server as a list of cases: health, exclusions, turns, pin.

import { choose, isAllOut, isPreferred, NOBODY, nextInRank, REST } from "../../../assembly/policy/choice";
import { phone } from "../../../assembly/policy/state";
import { binding, bitOf, bootLine, line } from "../../../assembly/session/account";
import { server } from "../../../assembly/session/server";
import { NONE } from "../../../assembly/session/states";
import { fresh } from "../phone";

/** Health by its first letter: Unknown is a question mark, Holding, Cooling .. */
const LETTERS = "?USDHC";

// biome-ignore format: a row, a case
const CHOICES: string[] = [
  // health, exclusion (0 not, 1 soft, 2 hard, 3 held), asked, pin: who
  "UUUU 0000 0000 - 0", // rank decides between those that are well
  "???? 0000 0000 - 0",
  "SUUU 0000 0000 - 0", // a suspicion changes nothing
  "?SU? 0000 0000 - 0",
  "DUUU 0000 0000 - 1",
  "CUUU 0000 0000 - 1",
  "DCSU 0000 0000 - 2",
  "HUUU 0000 0000 - 1", // a hold is respected while another is alive
  "HDUD 0000 0000 - 2",
  "DHDS 0000 0000 - 3",
  "HDDD 0000 0000 - 0", // and broken when none is
  "DHDH 0000 0000 - 1",
  "CCDH 0000 0000 - 3",
  "DDDD 0000 0000 - n",
  "CCCC 0000 0000 - n",
  "DCDC 0000 0000 - n",
  "UUUU 1000 0000 - 1", // what the line leaves out
  "UUUU 2000 0000 - 1",
  "UUUU 2110 0000 - 3",
  "UUUU 1111 0000 - n",
  "UHDD 1000 0000 - 1", // a hold is broken too when the rest is left out
  "HHDD 1000 0000 - 1",
  "UDDD 1000 0000 - n",
  "DUUU 1000 0000 - 1",
  "UUUU 3000 0000 - r", // rejected by the primary, and the primary is the choice
  "UUUU 3100 0000 - r",
  "SUUU 3000 0000 - r",
  "DUUU 3000 0000 - 1", // it is not the choice
  "CUUU 3000 0000 - 1",
  "HUUU 3000 0000 - 1",
  "HDDD 3000 0000 - r",
  "DDDD 3000 0000 - n",
  "UUUU 0000 1000 - 1", // had its turn
  "UUUU 0000 0100 - 0",
  "UUUU 0000 1100 - 2",
  "UUUU 0000 1111 - n",
  "UHUU 0000 1011 - 1",
  "UUUU 0100 1000 - 2",
  "UUUU 0000 0000 2 2", // pinned
  "HHUH 0000 1111 3 3",
  "UUUU 3000 0000 1 1",
];

// biome-ignore format: a row, a case
const TURNS: string[] = [
  "UUUU 0000 0000 - 0",
  "DDDD 0000 0000 - 0", // health does not matter
  "HDDD 0000 0000 - 0",
  "CDDD 0000 0000 - 1", // but what a server asked for
  "CCCC 0000 0000 - n",
  "DDDD 1000 0000 - 0", // a soft exclusion does not count
  "DDDD 2000 0000 - 1", // one until a named time does
  "DDDD 3000 0000 - 1",
  "DDDD 2222 0000 - n",
  "DDDD 0000 1000 - 1",
  "DDDD 0000 1110 - 3",
  "DDDD 0000 1111 - n",
  "DDCD 2000 0100 - 3",
];

/** Lays out a row. @returns what it expects */
function lay(row: string): string {
  const parts = row.split(" ");
  phone().servers = 4;
  let asked: u8 = 0;
  for (let s = 0; s < 4; s++) {
    server(s).health = <u8>LETTERS.indexOf(parts[0].charAt(s));
    binding(0, s).excluded = <u8>(parts[1].charCodeAt(s) - 0x30);
    if (parts[2].charCodeAt(s) === 0x31) asked |= bitOf(s);
  }
  line(0).asked = asked;
  line(0).pinned = parts[3].charCodeAt(0) === 0x2d ? NONE : <u8>(parts[3].charCodeAt(0) - 0x30);
  return parts[4];
}

function who(at: i32): string {
  if (at === NOBODY) return "n";
  return at === REST ? "r" : at.toString();
}

function allOut(health: string): bool {
  lay(health + " 0000 0000 - 0");
  return isAllOut();
}

describe("the choice of a server", () => {
  beforeEach(() => {
    fresh();
    bootLine(0);
  });

  it("follows health, rank, exclusions, turns and pins", () => {
    for (let i = 0; i < CHOICES.length; i++) {
      const expected = lay(CHOICES[i]);
      expect(who(choose(0))).toBe(expected, CHOICES[i]);
    }
  });

  it("changes nothing", () => {
    for (let i = 0; i < CHOICES.length; i++) {
      lay(CHOICES[i]);
      const before = line(0).asked;
      expect(choose(0)).toBe(choose(0), CHOICES[i]);
      expect(line(0).asked).toBe(before);
      expect(phone().changed).toBe(0);
    }
  });

  it("sees as many servers as there are", () => {
    lay("DUUU 0000 0000 - 1");
    phone().servers = 1;
    expect(choose(0)).toBe(NOBODY);
    expect(nextInRank(0)).toBe(0);
    expect(isAllOut()).toBe(true);
  });

  it("is each line's own", () => {
    lay("UUUU 1000 0000 - 1");
    bootLine(1);
    expect(choose(1)).toBe(0);
  });
});

describe("a round in rank order", () => {
  it("asks whoever had no turn and did not name a time", () => {
    fresh();
    bootLine(0);
    for (let i = 0; i < TURNS.length; i++) {
      const expected = lay(TURNS[i]);
      expect(who(nextInRank(0))).toBe(expected, TURNS[i]);
    }
  });
});

describe("a server", () => {
  it("is used without further thought while it is UNKNOWN, UP or SUSPECT", () => {
    lay("?USD 0000 0000 - 0");
    expect(isPreferred(0)).toBe(true);
    expect(isPreferred(1)).toBe(true);
    expect(isPreferred(2)).toBe(true);
    expect(isPreferred(3)).toBe(false);
    lay("HCUU 0000 0000 - 0");
    expect(isPreferred(0)).toBe(false);
    expect(isPreferred(1)).toBe(false);
  });

  it("is out while it is DOWN or COOLING, and all may be", () => {
    expect(allOut("DDDD")).toBe(true);
    expect(allOut("DCDC")).toBe(true);
    expect(allOut("DDDH")).toBe(false);
    expect(allOut("DDD?")).toBe(false);
    expect(allOut("SDDD")).toBe(false);
    expect(allOut("DUDD")).toBe(false);
  });
});
