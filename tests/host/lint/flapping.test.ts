// How often lines may move, and when damping can never act.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dampedReturns } from "../../../host/lint/damping.ts";
import { canSuppress, lineCoolMoves, movesPerHour, returnCycleSeconds } from "../../../host/lint/flapping.ts";
import { OPTIMAL } from "./settings.ts";

// Away, and there and back for each return; the next test says how many returns there are.
for (const [name, change, servers, moves] of [
  ["damped", {}, 2, 35],
  ["damped, two better servers", {}, 3, 70],
  ["one server has nowhere to go", {}, 1, 0],
  ["undamped, there and back with every heartbeat", { flapDamping: false }, 2, 80],
  ["charges that never exceed the limit damp nothing", { flapPenalty: 312 }, 2, 80],
  ["undamped, with the shortest heartbeats", { flapDamping: false, primaryDetectInterval: 5 }, 2, 1440],
  [
    "a delay of 600 s alone keeps them rare",
    { flapDamping: false, preferPrimary: false, backToPrimaryDelay: 510 },
    2,
    12,
  ],
  ["no window, only failed returns are charged", { flapWindow: 0 }, 2, 80],
] as const) {
  test(`moves in an hour, ${name}: ${moves}`, () => {
    assert.equal(movesPerHour({ ...OPTIMAL, ...change }, servers), moves);
  });
}

// Charges of 1000 may stand at 2500. Three returns at the start, two before the charges halve and one behind; then
// for each 600 s, in which they are quartered, one uncharged return and one or two charged ones; one more at the end.
for (const [name, change, cycle, returns] of [
  ["heartbeats of 5 s", {}, 5, 18],
  ["heartbeats of 90 s take time themselves", {}, 90, 17],
  ["a window of 60 s lets a server through that stays as long", { flapWindow: 60 }, 5, 73],
  ["no window: nothing is charged", { flapWindow: 0 }, 5, 720],
  ["as many as fit into the hour where a return takes longer than it", {}, 43_200, 1],
  // Three at once reach the limit of 2500; below 2400 they are allowed again, so after each halving.
  ["a limit that forgives soon", { flapReuse: 2400 }, 5, 21],
] as const) {
  test(`returns in an hour, ${name}: ${returns}`, () => {
    assert.equal(dampedReturns({ ...OPTIMAL, ...change }, cycle), returns);
  });
}

test("a line that is refused alone moves as its cooling lets it", () => {
  assert.equal(lineCoolMoves(OPTIMAL), 24);
  assert.equal(lineCoolMoves({ ...OPTIMAL, lineCool: 1 }), 7200);
});

for (const [name, change, can] of [
  // Heartbeats of 90 s: four charges in a half-life of 300 s, so less than eight penalties.
  ["eight charges of 313", { flapPenalty: 313 }, true],
  ["eight charges of 312", { flapPenalty: 312 }, false],
  ["the greatest limit", { flapSuppress: 1_000_000 }, false],
  ["the defaults", {}, true],
  ["returns too rare to flap", { preferPrimary: false }, true],
  [
    "returns too rare to flap, and a limit out of reach",
    { preferPrimary: false, flapSuppress: 122_000 },
    false,
  ],
] as const) {
  test(`damping ${can ? "acts" : "never acts"}: ${name}`, () => {
    assert.equal(canSuppress({ ...OPTIMAL, ...change }), can);
  });
}

test("where damping is said never to act, no row of failures ever reaches its limit", () => {
  const settings = fc.record({
    flapPenalty: fc.integer({ min: 1, max: 2000 }),
    flapSuppress: fc.integer({ min: 800, max: 20_000 }),
    flapHalfLife: fc.integer({ min: 10, max: 900 }),
    primaryDetectInterval: fc.integer({ min: 5, max: 280 }),
  });
  fc.assert(
    fc.property(settings, (change) => {
      const held = { ...OPTIMAL, ...change };
      fc.pre(!canSuppress(held));
      assert.ok(highestPenalty(held) <= held.flapSuppress);
    }),
  );
});

/** The penalty after a charge in each cycle for fifty half-lives, halved at the end of each. */
function highestPenalty(settings: typeof OPTIMAL): number {
  const cycle = returnCycleSeconds(settings);
  let highest = 0;
  let penalty = 0;
  let halved = 0;
  for (let now = 0; now < 50 * settings.flapHalfLife; now += cycle) {
    for (; (halved + 1) * settings.flapHalfLife <= now; halved++) penalty >>>= 1;
    penalty += settings.flapPenalty;
    highest = Math.max(highest, penalty);
  }
  return highest;
}
