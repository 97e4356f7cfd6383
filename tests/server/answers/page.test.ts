// docs/answers.md is what the tables say, and the tables are sound.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { GROUPS } from "./groups.ts";
import { page } from "./page.ts";
import { VIRTUAL } from "./virtual.ts";
import { compare, type Exchange, parse } from "./wire.ts";

const PAGE = "docs/answers.md";

test("the page is fresh", () => {
  if (process.env.UPDATE !== undefined) writeFileSync(PAGE, page());
  assert.equal(readFileSync(PAGE, "utf8"), page(), `${PAGE} is stale: UPDATE=1 npm test -- answers/page`);
});

test("the page names tests that are there", () => {
  const missing = VIRTUAL.filter(({ file, title }) => !readFileSync(file, "utf8").includes(title));
  assert.deepEqual(missing, []);
});

test("each case is looked at until well after its last line, and no two have one name", () => {
  for (const { title, cases } of GROUPS) {
    for (const { says, wire, untilSeconds } of cases) {
      const last = Math.max(...wire.map(parse).map(({ from, to = from }) => Number(to)));
      assert.ok(untilSeconds >= last + 0.4, `${title}: ${says}: the last line comes at ${last}`);
    }
    const names = cases.map(({ says }) => says);
    assert.equal(new Set(names).size, names.length, `${title}: ${names}`);
  }
});

const FOUND: Exchange = {
  atSeconds: 5.1,
  server: "backup1",
  isSecond: false,
  method: "REGISTER",
  isRemoval: false,
  isSigned: true,
  isOutbound: false,
  asks: 60,
  status: 200,
  copies: 1,
};

for (const [line, fits] of [
  ["5 backup1 200", true],
  ["5 backup1 signed asks 60 200 x1", true],
  ["4..6 backup1 200", true],
  ["4.5 backup1 200", true],
  ["6 backup1 200", false],
  ["5 primary 200", false],
  ["5 stranger 200", false],
  ["5 backup1 second 200", false],
  ["5 backup1 OPTIONS 200", false],
  ["5 backup1 removal 200", false],
  ["5 backup1 bare 200", false],
  ["5 backup1 outbound 200", false],
  ["5 backup1 asks 90 200", false],
  ["5 backup1 silent", false],
  ["5 backup1 403", false],
  ["5 backup1 200 x2", false],
] as const) {
  test(`"${line}" ${fits ? "fits" : "does not fit"} what was found`, () => {
    const differs = compare([FOUND], [line]);
    const whole = { missing: [line], tooMany: ["5.10 backup1 signed asks 60 200"] };
    assert.deepEqual(differs, fits ? { missing: [], tooMany: [] } : whole);
  });
}

test("what comes later than the end of a run may, and is not wanted", () => {
  assert.deepEqual(compare([FOUND], [], 5), { missing: [], tooMany: [] });
});

test("a request that is not listed is found, and one that is listed twice is wanted twice", () => {
  assert.equal(compare([FOUND, FOUND], ["5 backup1 200"]).tooMany.length, 1);
  assert.equal(compare([FOUND], ["5 backup1 200", "5 backup1 200"]).missing.length, 1);
});

test("a line that says nothing known is refused", () => {
  assert.throws(() => parse("5 tertiary 200"), /is no line/);
});
