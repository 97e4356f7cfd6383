// Many lines at one set: health is found out once for all of them, a fault of one line is seen by no
// other, and a dead server is left within failoverSpread.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { World } from "../../host/sim/world.ts";
import { type RunOptions, sent, sentAt, world } from "./fixture.ts";

const LINES = 8;
/** The line that things happen to. */
const HIT = "6003";

test("one heartbeat for each server, however many lines there are", () => {
  const params = { backupDetectInterval: 30, primaryDetectInterval: 30 };
  const asked = (lines: number): string[] => {
    const { packets } = world({ lines, params }).runTo(130_000);
    return sent(packets, /OPTIONS/).map((line) => line.split(" ").slice(0, 3).join(" "));
  };
  const grid = [30_000, 60_000, 90_000, 120_000].flatMap((at) => [
    `${at} primary OPTIONS`,
    `${at} backup1 OPTIONS`,
  ]);
  assert.deepEqual(asked(LINES).sort(), grid.sort());
  assert.deepEqual(asked(1).sort(), grid);
});

/** What is drawn at random, and what follows from it. */
const DRAWN = /(branch=|Call-ID: |;tag=|nonce="|response="|opaque=")[\w.-]+/g;

/**
 * Every packet of the other lines, both ways, without what is drawn; and the heartbeats of the primary.
 * Those of the backup are not among them: a line that is served there makes it worth asking.
 */
function othersPackets({ packets }: World): string[] {
  return packets.flatMap(({ at, from, server, bytes }) => {
    const text = new TextDecoder().decode(bytes);
    const isHits = text.includes(`<sip:${HIT}@`) || (server !== "primary" && /CSeq: \d+ OPTIONS/.test(text));
    return isHits ? [] : [`${at} ${from} ${server} ${text.replace(DRAWN, "$1")}`];
  });
}

/** The packets of the others are those of a run in which nothing happens. */
function othersSeeNothing(plain: World, hit: World): void {
  const [expected, actual] = [othersPackets(plain), othersPackets(hit)];
  assert.ok(expected.length > 400, "there is something to compare");
  const differs = expected.findIndex((packet, at) => packet !== actual[at]);
  assert.equal(actual[differs], expected[differs]);
  assert.equal(actual.length, expected.length);
  const felt = ({ packets }: World): string[] => sent(packets, new RegExp(` ${HIT}`));
  assert.notDeepEqual(felt(hit), felt(plain), "the fault was felt");
}

const FAULTS: readonly string[] = [
  ...[400, 401, 403, 404, 407, 423, 430, 500, 600].map(
    (status) => `0 primary answers ${status} to=REGISTER line=${HIT}`,
  ),
  `0 primary answers 302 to=REGISTER contact=backup1 line=${HIT}`,
  `0 primary grants 0 line=${HIT}`,
  `0 primary grants 20 line=${HIT}`,
  `300 primary answers 403 to=REGISTER line=${HIT}`,
  `300 primary answers 500 to=REGISTER retry-after=100 line=${HIT}`,
  `310 host refresh line=${HIT}`,
  `310 host callFailed line=${HIT}`,
  `310 host moveTo backup1 line=${HIT}`,
];

const EIGHT: RunOptions = { lines: LINES, seed: 7 };
const UNTIL_MS = 2_000_000;

for (const fault of FAULTS) {
  test(`"${fault}" changes no byte for the other seven`, () => {
    othersSeeNothing(world(EIGHT).runTo(UNTIL_MS), world({ ...EIGHT, scenario: [fault] }).runTo(UNTIL_MS));
  });
}

test("a line that the primary swallows costs the others one heartbeat, which settles the question", () => {
  const mute = world({ ...EIGHT, scenario: [`0 primary mute line=${HIT}`] }).runTo(80_000);
  assert.deepEqual(sentAt(mute.packets, /primary OPTIONS/), [2000]);
  const registers = ({ packets }: World): string[] => sent(packets, /REGISTER (?!6003)/);
  assert.deepEqual(registers(mute), registers(world(EIGHT).runTo(80_000)));
});

test("a wrong password of one line changes no byte for the other seven", () => {
  const run = (password: string): World => {
    const played = world(EIGHT);
    const held = { account: HIT, password };
    const input = { kind: "credentials", line: HIT, server: "primary", held } as const;
    return played.at(200_000, () => played.agent.feed(input, played.now)).runTo(UNTIL_MS);
  };
  const hit = run("wrong");
  othersSeeNothing(run("secret-0"), hit);
  assert.ok(hit.events.some(({ type, line }) => type === "rejected" && line === HIT));
});

/** When each line asks the backup first. */
function arrivals(failoverSpread: number): number[] {
  const { packets, summary } = world({
    lines: LINES,
    params: { failoverSpread },
    scenario: ["100 primary silent"],
  }).runTo(200_000);
  assert.ok(summary.every(({ server }) => server === "backup1"));
  return [...Array(LINES).keys()].map((index) =>
    Number(sentAt(packets, new RegExp(` backup1 REGISTER .*${6000 + index}`))[0]),
  );
}

test("a dead server is left by all lines at once when there is no spread", () => {
  assert.deepEqual(arrivals(0), Array(LINES).fill(122_000)); // timeline T2
});

test("with a spread of 10 s each line leaves at a moment of its own within it", () => {
  const at = arrivals(10);
  assert.ok(
    at.every((one) => one >= 122_000 && one <= 132_000),
    `${at}`,
  );
  assert.equal(new Set(at).size, LINES);
});
