// The worst cases a configuration promises. The expected times are worked out by hand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { refreshMs, sendings, unansweredIntervalMs } from "../../../host/lint/clock.ts";
import { promises, promisesOf } from "../../../host/lint/promises.ts";
import { defaultSettings, type Settings } from "../../../host/params/table.ts";
import { accepted, reading } from "../config/readings.ts";
import { OPTIMAL } from "./settings.ts";

/** What is asked for, and what comes out, in seconds. */
type Row = readonly [name: string, change: Partial<Settings>, seconds: number];

const DETECTION: readonly Row[] = [
  ["optimal settings", {}, 62],
  ["refresh 1800: two heartbeats are missed", { registerRefreshInterval: 1800 }, 182],
  ["no heartbeats and refresh 1800", { registerRefreshInterval: 1800, primaryDetectInterval: 0 }, 902],
  ["the first miss is enough", { registerRefreshInterval: 1800, maxDetectFailCount: 0 }, 92],
  ["keepalives of 14 s are heartbeats too", { registerRefreshInterval: 1800, sipOptions: true }, 30],
  ["keepalives alone", { registerRefreshInterval: 1800, sipOptions: true, primaryDetectInterval: 0 }, 30],
  ["a switch that is off leaves its interval without effect", { sipOptionsInterval: 1 }, 62],
  // Sent at 5, given up at 37: the points 10..35 pass, next at 40, given up at 72.
  [
    "a time-out longer than the interval skips points",
    { registerRefreshInterval: 1800, primaryDetectInterval: 5, optionsTimeout: 32_000 },
    72,
  ],
  [
    "0 stands for 64 times t1",
    { registerRefreshInterval: 1800, primaryDetectInterval: 5, optionsTimeout: 0 },
    72,
  ],
  // 90, 92 + 5 = 97, given up at 99.
  ["asked again 5 s after a miss", { registerRefreshInterval: 1800, detectRetryInterval: 5 }, 99],
  // 90 + 2 + 100 is behind the point 180.
  ["the next point comes before the retry", { registerRefreshInterval: 1800, detectRetryInterval: 100 }, 182],
  // Points 10, 20 ..; 10, then 12 + 1 = 13, 15 + 1 = 16, 18 + 1 = 19, given up at 21.
  [
    "three retries",
    {
      registerRefreshInterval: 1800,
      primaryDetectInterval: 10,
      maxDetectFailCount: 3,
      detectRetryInterval: 1,
    },
    21,
  ],
  // Points 4, 8 ..; sent at 4, 7, then 8 is pending until 9 so at 10, given up at 12.
  [
    "a retry that the grid does not overtake",
    {
      registerRefreshInterval: 1800,
      sipOptions: true,
      sipOptionsInterval: 4,
      maxDetectFailCount: 2,
      detectRetryInterval: 1,
    },
    12,
  ],
  ["refresh at 80 percent", { refreshPercent: 80 }, 98],
  ["a long time-out comes on top of the refresh", { primaryDetectInterval: 0, registerTimeout: 0 }, 92],
];

for (const [name, change, seconds] of DETECTION) {
  test(`detection, ${name}: ${seconds} s`, () => {
    assert.equal(promises({ ...OPTIMAL, ...change }, 2).detectMs, seconds * 1000);
  });
}

test("detection with the defaults of the phone: 902 s", () => {
  assert.equal(promises(defaultSettings(), 2).detectMs, 902_000);
});

test("a primary that refuses is noticed at the refresh, or at once by the heartbeat that is one too many", () => {
  const long = { ...OPTIMAL, registerRefreshInterval: 1800 };
  assert.equal(promises(OPTIMAL, 2).detectRefusedMs, 60_000);
  assert.equal(promises(long, 2).detectRefusedMs, 180_000);
  assert.equal(promises({ ...long, detectRetryInterval: 5 }, 2).detectRefusedMs, 95_000);
  // What is refused is never pending: the points 5 and 10.
  assert.equal(promises({ ...long, primaryDetectInterval: 5, optionsTimeout: 0 }, 2).detectRefusedMs, 10_000);
});

for (const [name, targets, detectMs, refusedMs, coldMs, serviceMs] of [
  ["one address each", [1, 1], 62_000, 60_000, 62_000, 62_000],
  ["a primary with three", [3, 1], 66_000, 60_000, 66_000, 66_000],
  ["a backup with three", [1, 3], 62_000, 60_000, 62_000, 62_000],
  ["a first backup of two that has three", [1, 3, 1], 62_000, 60_000, 62_000, 68_000],
] as const) {
  test(`${name}: each address that is silent takes a time-out of its own`, () => {
    const promised = promises(OPTIMAL, targets.length, { targets });
    assert.equal(promised.detectMs, detectMs);
    assert.equal(promised.detectRefusedMs, refusedMs);
    assert.equal(promised.detectColdMs, coldMs);
    assert.equal(promised.serviceMs, serviceMs);
  });
}

test("a server of three addresses that recovers at one of them is found by the third heartbeat", () => {
  assert.equal(promises(OPTIMAL, 2, { targets: [3] }).returnMs, 88_500 + 180_000);
  assert.equal(promises(OPTIMAL, 2, { targets: [3] }).returnRefusedMs, 270_000);
});

test("a connection that breaks is noticed as soon as the line may ask again", () => {
  const streams = true;
  assert.equal(promises(OPTIMAL, 2, { streams }).detectLostMs, 1000);
  assert.equal(promises({ ...OPTIMAL, registerSpacing: 200 }, 2, { streams }).detectLostMs, 200);
  assert.equal(promises(OPTIMAL, 2).detectLostMs, null);
});

test("recovery between the last chance and the verdict is noticed a heartbeat later", () => {
  // The last repeat of the REGISTER is 0.5 s before the verdict, and a heartbeat just before it is forgotten.
  assert.equal(promises(OPTIMAL, 2).returnEarlyMs, 90_500);
  assert.equal(promises(OPTIMAL, 2, { streams: true }).returnEarlyMs, 92_000);
  assert.equal(promises({ ...OPTIMAL, primaryDetectInterval: 0 }, 2).returnEarlyMs, 60_500);
  assert.equal(promises(OPTIMAL, 1).returnEarlyMs, null);
});

test("a server that never answers OPTIONS is found by the REGISTER beside a refresh", () => {
  assert.equal(promises(OPTIMAL, 2).returnDeafMs, 60_500);
  assert.equal(promises({ ...OPTIMAL, registerRefreshInterval: 1800 }, 2).returnDeafMs, 900_500);
});

test("a backup that was asked just now is asked again when the spacing is over", () => {
  const settings = { ...OPTIMAL, primaryDetectInterval: 5, registerSpacing: 30_000 };
  assert.equal(promises(settings, 2).detectMs, 12_000);
  assert.equal(promises(settings, 2).serviceMs, 30_000);
});

test("before the first answered heartbeat a REGISTER has to decide", () => {
  assert.equal(promises({ ...OPTIMAL, registerRefreshInterval: 1800 }, 2).detectColdMs, 184_000);
  assert.equal(promises(OPTIMAL, 2).detectColdMs, 62_000);
});

test("over TCP and TLS nothing is repeated, so only the next heartbeat or refresh finds a server again", () => {
  const streams = true;
  assert.equal(promises(OPTIMAL, 2, { streams }).returnMs, 90_000);
  assert.equal(promises(OPTIMAL, 2, { streams }).detectMs, 62_000);
  assert.equal(promises({ ...OPTIMAL, primaryDetectInterval: 0 }, 2, { streams }).returnMs, 62_000);
  const pair = 'servers = [{ host = "a" }, { host = "b", transport = "tcp" }]';
  const config = accepted(reading(`${pair}\nlines = [{ phoneNumber = "6000", password = "p" }]`, "a.toml"));
  assert.equal(promisesOf({ ...config, settings: OPTIMAL }).returnMs, 90_000);
});

test("a server that grants less is refreshed, and found dead, sooner", () => {
  assert.equal(promises(OPTIMAL, 2, { grantedSeconds: 60 }).detectMs, 32_000);
  assert.equal(promises(OPTIMAL, 2, { grantedSeconds: 3600 }).detectMs, 62_000);
});

for (const [name, servers, change, rttMs, ms] of [
  ["no backup", 1, {}, 0, null],
  ["one backup", 2, {}, 0, 62_000],
  ["one backup, 50 ms away", 2, {}, 50, 62_100],
  ["two backups, the first silent too", 3, {}, 0, 64_000],
  ["three backups", 4, {}, 0, 66_000],
  ["phones spread over 30 s", 2, { failoverSpread: 30 }, 0, 92_000],
] as const) {
  test(`service on the backup, ${name}: ${ms} ms`, () => {
    assert.equal(promises({ ...OPTIMAL, ...change }, servers, { rttMs }).serviceMs, ms);
  });
}

const RETURN: readonly (readonly [
  name: string,
  change: Partial<Settings>,
  servers: number,
  rttMs: number,
  ms: number | null,
])[] = [
  ["optimal settings", {}, 2, 0, 88_500],
  ["50 ms away", {}, 2, 50, 88_650],
  ["no backup", {}, 1, 0, null],
  ["two good heartbeats wanted", { recoverCount: 2 }, 2, 0, 178_500],
  ["prefer primary off", { preferPrimary: false }, 2, 0, 43_288_500],
  ["a delay of 60 s", { preferPrimary: false, backToPrimaryDelay: 60 }, 2, 0, 148_500],
  // One heartbeat in 35 s, repeated until 31.5 s after it was sent: 3.5 s, less than the 4 s between two repeats.
  ["a time-out longer than the interval", { primaryDetectInterval: 5, optionsTimeout: 0 }, 2, 0, 4_000],
  // The last repeat of a heartbeat beside the grid is 0.5 s before its end, and a point that comes then is passed.
  ["keepalives of 14 s beside the heartbeats", { sipOptions: true }, 2, 0, 90_500],
  ["a retry beside the heartbeats", { detectRetryInterval: 5 }, 2, 0, 90_500],
  // The heartbeat just before its death was answered, and the REGISTER behind it took 2 s.
  [
    "a time-out almost as long as the interval",
    { primaryDetectInterval: 35, optionsTimeout: 0 },
    2,
    0,
    33_000,
  ],
  ["an attempt a minute", { primaryDetectInterval: 5, registerSpacing: 60_000 }, 2, 50, 60_100],
  ["without heartbeats", { primaryDetectInterval: 0 }, 2, 0, 60_500],
  // The lease at the backup counts from the answer to its challenge; so does its refresh, 60.05 s later at worst.
  ["without heartbeats, 50 ms away", { primaryDetectInterval: 0 }, 2, 50, 60_700],
  [
    "without heartbeats, phones spread over 30 s",
    { primaryDetectInterval: 0, failoverSpread: 30 },
    2,
    0,
    90_500,
  ],
  ["without heartbeats, three servers asked in turn", { primaryDetectInterval: 0 }, 3, 0, 120_500],
  // ceil(130 / 60) = 3 refreshes.
  [
    "without heartbeats, after 130 s",
    { primaryDetectInterval: 0, preferPrimary: false, backToPrimaryDelay: 130 },
    2,
    0,
    180_500,
  ],
  [
    "without heartbeats, after two refreshes exactly",
    { primaryDetectInterval: 0, preferPrimary: false, backToPrimaryDelay: 120 },
    2,
    0,
    120_500,
  ],
  [
    "keepalives to the serving server watch no other",
    { primaryDetectInterval: 0, sipOptions: true },
    2,
    0,
    60_500,
  ],
];

for (const [name, change, servers, rttMs, ms] of RETURN) {
  test(`return, ${name}: ${ms} ms`, () => {
    assert.equal(promises({ ...OPTIMAL, ...change }, servers, { rttMs }).returnMs, ms);
  });
}

test("a server that refused is found by no repeat: back one whole interval later at worst", () => {
  assert.equal(promises(OPTIMAL, 2).returnRefusedMs, 90_000);
  assert.equal(promises({ ...OPTIMAL, recoverCount: 2 }, 2).returnRefusedMs, 180_000);
  assert.equal(promises({ ...OPTIMAL, primaryDetectInterval: 0 }, 2).returnRefusedMs, 60_000);
  assert.equal(promises(OPTIMAL, 1).returnRefusedMs, null);
});

test("damping may add twenty minutes, and nothing where it is off", () => {
  assert.equal(promises(OPTIMAL, 2).dampingMs, 1_200_000);
  assert.equal(promises({ ...OPTIMAL, flapDamping: false }, 2).dampingMs, 0);
});

for (const [timeout, change, times] of [
  [2000, {}, [0, 500, 1500]],
  [1500, {}, [0, 500]],
  [1501, {}, [0, 500, 1500]],
  [500, {}, [0]],
  [501, {}, [0, 500]],
  [32_000, {}, [0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]],
  [2000, { t1: 100, t2: 500 }, [0, 100, 300, 700, 1200, 1700]],
] as const) {
  test(`within ${timeout} ms, ${JSON.stringify(change)}, a request goes out at ${times.join(", ")}`, () => {
    assert.deepEqual(sendings({ ...defaultSettings(), ...change }, timeout), times);
  });
}

for (const [change, granted, ms] of [
  [{}, 120, 60_000],
  [{ refreshPercent: 90 }, 120, 108_000],
  // 90 percent of 10 s leaves less than the time-out of 2 s, so it is the lease less the time-out.
  [{ refreshPercent: 90 }, 10, 8_000],
  // A time-out longer than half the lease counts as half.
  [{ refreshPercent: 90, registerTimeout: 8000 }, 10, 5_000],
  [{ refreshPercent: 10, registerTimeout: 8000 }, 10, 1_000],
  [{}, 1, 1_000],
  [{ registerSpacing: 200 }, 1, 500],
] as const) {
  test(`a lease of ${granted} s is refreshed after ${ms} ms with ${JSON.stringify(change)}`, () => {
    assert.equal(refreshMs({ ...OPTIMAL, ...change }, granted), ms);
  });
}

test("unanswered heartbeats keep to the grid", () => {
  assert.equal(unansweredIntervalMs(5000, 2000), 5000);
  assert.equal(unansweredIntervalMs(5000, 5000), 5000);
  assert.equal(unansweredIntervalMs(5000, 5001), 10_000);
});
