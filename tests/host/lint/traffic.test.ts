// Requests of a line in an hour, worked out by hand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { perHourQuiet, perHourWorst } from "../../../host/lint/traffic.ts";
import { defaultSettings } from "../../../host/params/table.ts";
import { OPTIMAL } from "./settings.ts";

for (const [name, change, servers, lines, requests] of [
  // 60 refreshes and 40 heartbeats.
  ["optimal settings", {}, 2, 1, 100],
  ["four lines share the heartbeats", {}, 2, 4, 70],
  ["each refresh starts without credentials", { fullRegistration: true }, 2, 1, 160],
  ["no heartbeats", { primaryDetectInterval: 0 }, 2, 1, 60],
  ["keepalives of 14 s take the place of heartbeats", { sipOptions: true }, 2, 1, 318],
  ["the backup is watched every 60 s", { backupDetectInterval: 60 }, 2, 1, 160],
  ["two backups are watched", { backupDetectInterval: 60 }, 3, 1, 220],
  [
    "nobody watches the backup while detection is off",
    { backupDetectInterval: 60, primaryDetectInterval: 0 },
    2,
    1,
    60,
  ],
] as const) {
  test(`a quiet hour, ${name}: ${requests}`, () => {
    assert.equal(perHourQuiet({ ...OPTIMAL, ...change }, servers, lines), requests);
  });
}

test("a quiet hour with the defaults of the phone: 4", () => {
  assert.equal(perHourQuiet(defaultSettings(), 2), 4);
});

for (const [name, change, servers, lines, requests] of [
  // 120 challenged refreshes, and 20 more that two missed heartbeats each make; 35 + 24 moves of 3 + 4 requests; 40
  // heartbeats, three times each, to both.
  ["optimal settings", {}, 2, 1, 120 + 40 + 59 * 7 + 240],
  ["two lines share the heartbeats", {}, 2, 2, 120 + 40 + 59 * 7 + 120],
  // Nothing to move to. Rounds begin at 0, 32, 94, 216, 458, 940, 1842 and 2744 s: eight; and 40 good
  // heartbeats ask out of turn; all three times.
  ["one server", {}, 1, 1, Math.max(160, 3 * 40 + 3 * 8) + 120],
  ["undamped", { flapDamping: false }, 2, 1, 120 + 40 + 104 * 7 + 240],
  ["no heartbeats", { primaryDetectInterval: 0 }, 2, 1, 120 + 59 * 7],
  // A retry 1 s after a time-out of 2 s: 1200 an hour, three times each, to both; an answer that counts as a miss
  // needs no time-out, so 3600 and half as many refreshes.
  ["retries after each miss", { detectRetryInterval: 1 }, 2, 1, 120 + 3600 + 59 * 7 + 7200],
  // Heartbeats of 5 s that wait 32 s: 11 sendings in each 35 s are more than 720 answered ones;
  // the latter ask out of turn.
  [
    "heartbeats that wait long",
    { primaryDetectInterval: 5, optionsTimeout: 0, flapWindow: 600 },
    1,
    1,
    3 * (720 + 8) + 1132,
  ],
] as const) {
  test(`the worst hour, ${name}: ${requests}`, () => {
    assert.equal(perHourWorst({ ...OPTIMAL, ...change }, servers, lines), requests);
  });
}

test("the worst hour is never less than a quiet one", () => {
  for (const primaryDetectInterval of [0, 5, 90]) {
    for (const servers of [1, 2, 4]) {
      const settings = { ...defaultSettings(), primaryDetectInterval };
      assert.ok(perHourWorst(settings, servers) >= perHourQuiet(settings, servers));
    }
  }
});
