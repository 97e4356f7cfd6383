// A standby's role in virtual time. Every time is typed from the rule: DESIGN.md D34.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type RoleSettings, StandbyRole } from "../../../../host/pbx/standby/role.ts";
import { down, flapping, live, type Step, told, up } from "./timeline.ts";

const SETTINGS: RoleSettings = { takeoverDelayMs: 30_000, returnDelayMs: 40_000 };
const UNDAMPED: RoleSettings = { ...SETTINGS, damping: { flapDamping: false } };
const HOUR_MS = 3_600_000;

const JOINED = "1000 UNREGISTERED > STANDBY";
const LOST = "100000 STANDBY > LOST";
const TAKEN = ["130000 LOST > ACTIVE", "130000 alarm on"];

function back(at: number): readonly string[] {
  return [`${at} RETURNING > STANDBY`, `${at} alarm off`, `${at} hand back`];
}

/** Name, inputs after the registration at 1 s and the loss at 100 s, what is said about them. */
const TIMELINES: readonly [string, readonly Step[], readonly string[]][] = [
  ["back 1 ms before takeoverDelay is over: nothing changed", [up(129_999)], ["129999 LOST > STANDBY"]],
  [
    "back as takeoverDelay is over: taken over",
    [up(130_000)],
    [...TAKEN, "130000 ACTIVE > RETURNING", ...back(170_000)],
  ],
  ["back 1 ms after: taken over", [up(130_001)], [...TAKEN, "130001 ACTIVE > RETURNING", ...back(170_001)]],
  ["lost twice: the delay runs from the first loss", [down(129_000)], TAKEN],
  [
    "lost 1 ms before returnDelay is over: goes on serving, the alarm stays",
    [up(200_000), down(239_999)],
    [...TAKEN, "200000 ACTIVE > RETURNING", "239999 RETURNING > ACTIVE"],
  ],
  [
    "lost as returnDelay is over: handed back, and lost again",
    [up(200_000), down(240_000)],
    [...TAKEN, "200000 ACTIVE > RETURNING", ...back(240_000), "240000 STANDBY > LOST"],
  ],
  [
    "lost 1 ms after returnDelay: handed back, and lost again",
    [up(200_000), down(240_001)],
    [...TAKEN, "200000 ACTIVE > RETURNING", ...back(240_000), "240001 STANDBY > LOST"],
  ],
  [
    "registered again and again: returnDelay runs from the first",
    [up(200_000), up(220_000), up(239_999)],
    [...TAKEN, "200000 ACTIVE > RETURNING", ...back(240_000)],
  ],
];

for (const [name, steps, expected] of TIMELINES) {
  test(name, () => {
    const { events } = live(SETTINGS, [up(1_000), down(100_000), ...steps], 260_000);
    assert.deepEqual(told(events), [JOINED, LOST, ...expected]);
  });
}

test("without a master at its start it serves after takeoverDelay, not a millisecond before", () => {
  const refused = down(20_000, "the master refuses the password");
  assert.deepEqual(told(live(SETTINGS, [refused], 29_999).events), []);
  const { role, events } = live(SETTINGS, [refused], 30_000);
  assert.deepEqual(told(events), ["30000 UNREGISTERED > ACTIVE", "30000 alarm on"]);
  assert.equal(role.cause, "not registered at the master for 30 s: the master refuses the password");
});

test("each change says what, why, since when, and by which rule", () => {
  const { role, events } = live(
    SETTINGS,
    [up(1_000), down(100_000, "no answer in 8 s"), up(200_000)],
    240_000,
  );
  assert.deepEqual(
    events.flatMap((event) => (event.kind === "role" ? [`${event.cause} | ${event.rule}`] : [])),
    [
      "registered at the master | the master is there: it serves",
      "no answer in 8 s | a short loss moves nobody: wait takeoverDelay",
      "not registered at the master for 30 s: no answer in 8 s | takeoverDelay is over: serve",
      "registered at the master after 100 s without it | the master has to stay for returnDelay first",
      "registered at the master for 40 s | returnDelay is over: the master serves again",
    ],
  );
  const { changes, ...rest } = role.explain(250_000);
  assert.equal(changes.length, 5);
  assert.deepEqual(rest, {
    role: "STANDBY",
    since: 240_000,
    cause: "registered at the master for 40 s",
    alarmedSince: undefined,
    link: { isRegistered: true, since: 200_000, cause: "registered at the master" },
    due: undefined,
    damping: { penalty: 0, suspendedMs: 0 },
    changesTotal: 5,
  });
});

test("the alarm counts from the takeover on, over failed returns too", () => {
  const { role } = live(SETTINGS, [up(0), down(100_000), up(200_000), down(210_000), up(220_000)], 230_000);
  assert.deepEqual([role.name, role.explain(230_000).alarmedSince], ["RETURNING", 130_000]);
});

test("what a role waits for is told, to the millisecond and in seconds rounded up", () => {
  const { role } = live(SETTINGS, [up(1_000), down(100_000)], 100_000);
  assert.deepEqual(role.explain(100_001).due, { input: "takeoverDue", inMs: 29_999 });
  assert.deepEqual(
    [100_000, 100_001, 101_000, 129_999, 130_000].map((now) => role.leftSeconds(now)),
    [30, 30, 29, 1, 0],
  );
});

test("a clock that goes back moves nothing, and a tick that comes late does what it would have done", () => {
  const role = new StandbyRole(SETTINGS, 50_000);
  assert.deepEqual(told(role.feed({ kind: "registered" }, 40_000)), ["50000 UNREGISTERED > STANDBY"]);
  assert.deepEqual(told(role.feed({ kind: "lost", cause: "x" }, 60_000)), ["60000 STANDBY > LOST"]);
  assert.deepEqual(told(role.feed({ kind: "registered" }, 500_000)), [
    "500000 LOST > ACTIVE",
    "500000 alarm on",
    "500000 ACTIVE > RETURNING",
  ]);
});

test("an hour of a link that flaps at half of takeoverDelay: nobody is moved", () => {
  const { events } = live(
    SETTINGS,
    [up(0), ...flapping(60_000, HOUR_MS, 15_000), up(60_000 + HOUR_MS)],
    2 * HOUR_MS,
  );
  const served = events.filter((event) => event.kind !== "role" || event.to === "ACTIVE");
  assert.deepEqual(served, []);
  assert.equal(events.length, 1 + 240);
});

test("an hour of a master that stays for half of returnDelay: it never gets the clients back", () => {
  const flaps = flapping(60_000, HOUR_MS, 20_000);
  const { events } = live({ ...SETTINGS, takeoverDelayMs: 10_000 }, [up(0), ...flaps], 60_000 + HOUR_MS);
  assert.deepEqual(told(events.filter(({ kind }) => kind !== "role")), ["70000 alarm on"]);
});

/** Down for 45 s and up for 60 s: taken over at 30 s of each loss, handed back after 40 s of each return. */
const LONG: readonly Step[] = Array.from({ length: 34 }, (_, index) => [
  down(100_000 + index * 105_000),
  up(145_000 + index * 105_000),
]).flat();

test("an hour at 1.5 times both delays, without damping: 34 takeovers and 34 returns", () => {
  const { events } = live(UNDAMPED, [up(0), ...LONG], 100_000 + 34 * 105_000);
  const moves = told(events).filter((line) => /alarm|hand/.test(line));
  assert.equal(moves.length, 34 * 3);
  assert.deepEqual(moves.slice(0, 4), [
    "130000 alarm on",
    "185000 alarm off",
    "185000 hand back",
    "235000 alarm on",
  ]);
});

// Losses 20 s after a return are charged as they are taken over: at 235 s, 340 s and 445 s, 3000 > 2500. The charges
// halve each 300 s from 235 s on: 535 s 1500, 835 s 750, 1135 s 375 < 750. Then 1180 s 1375, 1285 s 2375, 1390 s 3375;
// 1435 s 1687, 1735 s 843, 2035 s 421. Then 2125 s 1421, 2230 s 2421, 2335 s half of it and 1000, 2440 s 3210;
// 2635 s 1605, 2935 s 802, 3235 s 401. Then 3280 s, 3385 s, and 3490 s 3401.
test("an hour at 1.5 times both delays, damped: 13 returns, none while the charges are high", () => {
  const { events } = live(SETTINGS, [up(0), ...LONG], 100_000 + 34 * 105_000);
  const handed = events.flatMap(({ kind, at }) => (kind === "handBack" ? [at / 1000] : []));
  assert.deepEqual(handed, [185, 290, 395, 1135, 1235, 1340, 2075, 2180, 2285, 2390, 3235, 3335, 3440]);
});

test("damping never holds up a takeover: each of the 34 losses is taken over at its 30th second", () => {
  const { events } = live(SETTINGS, [up(0), ...LONG], 100_000 + 34 * 105_000);
  const serving = (at: number): boolean => {
    const last = events.findLast((event) => event.kind === "role" && event.at <= at);
    return last?.kind === "role" && (last.to === "ACTIVE" || last.to === "RETURNING");
  };
  for (let loss = 0; loss < 34; loss++) assert.ok(serving(130_000 + loss * 105_000), `loss ${loss}`);
});

test("a return that fails is charged, one that is suspended is not tried", () => {
  const tries = [200, 210, 220, 230, 240].flatMap((at) => [up(at * 1000), down(at * 1000 + 5_000)]);
  const { role } = live(SETTINGS, [up(0), down(100_000), ...tries], 250_000);
  // 205 s, 215 s, 225 s: 3000. From 205 s on they halve: 505 s 1500, 805 s 750, 1105 s 375.
  assert.deepEqual(role.explain(250_000).damping, { penalty: 3000, suspendedMs: 855_000 });
});

test("returns are suspended for flapMaxSuppress at most", () => {
  const tries = [200, 210, 220].flatMap((at) => [up(at * 1000), down(at * 1000 + 5_000)]);
  const settings = { ...SETTINGS, damping: { flapMaxSuppress: 60 } };
  const { events } = live(settings, [up(0), down(100_000), ...tries, up(230_000)], 290_000);
  assert.deepEqual(told(events).slice(-3), back(285_000));
});

test("a loss counts against the master up to flapWindow after a return, not at its end", () => {
  for (const [lostAt, penalty] of [
    [839_999, 1000],
    [840_000, 0],
  ] as const) {
    const steps = [up(0), down(100_000), up(200_000), down(lostAt)];
    assert.equal(live(SETTINGS, steps, 900_000).role.explain(900_000).damping.penalty, penalty);
  }
});

test("one that could not serve begins takeoverDelay anew, and only before it has found its master", () => {
  const role = new StandbyRole(SETTINGS, 0);
  role.postpone(29_999);
  assert.deepEqual(role.feed({ kind: "tick" }, 59_998), []);
  const [taken] = role.feed({ kind: "tick" }, 59_999);
  assert.ok(taken?.kind === "role" && taken.to === "ACTIVE");
  const joined = new StandbyRole(SETTINGS, 0);
  joined.feed({ kind: "registered" }, 1000);
  joined.feed({ kind: "lost", cause: "gone" }, 100_000);
  joined.postpone(129_999);
  assert.equal(joined.wakeInMs(129_999), 1, "a master that it knew and lost is not waited for any longer");
});
