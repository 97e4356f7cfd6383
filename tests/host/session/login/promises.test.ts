// What settings promise, from the rules by hand, and which settings are refused.

import assert from "node:assert/strict";
import { test } from "node:test";
import { promisesOf, refusalsOf } from "../../../../host/session/login/promises.ts";
import { SETTINGS, type Settings, settingsWith } from "../../../../host/session/login/settings.ts";

test("the promises of the defaults", () => {
  assert.deepEqual(promisesOf(settingsWith()), {
    noticedMs: 22_000, // two echoes 10 s apart, the second given 2 s
    serviceMs: 28_000, // 2 s for the end, 2 s for main, 2 s for standby
    offeredMs: 11_000, // 2 s, a pause of 5 s, 2 s for main, 2 s for standby
    returnMs: 40_000, // 2 s and 2 s, two checks of 15 s, 2 s each for the probe, the end, the login
    returnAfterFailuresMs: 490_000, // the same with checks of 240 s
  });
});

test("the defaults are in their ranges and keep both limits", () => {
  assert.deepEqual(refusalsOf(settingsWith()), []);
  assert.equal(settingsWith().checkInterval, 15);
});

/** Both sides of each limit. */
const LIMITS: readonly [Partial<Settings>, string | undefined][] = [
  [{ checkInterval: 25, checkIntervalMax: 240 }, undefined], // 10 s + 2 * 25 s = 60 s
  [{ checkInterval: 26 }, "the return to the main server would take up to 62000 ms"],
  [{ probesInRow: 3 }, undefined], // 10 s + 45 s
  [{ probesInRow: 4 }, "the return to the main server would take up to 70000 ms"],
  [{ echoInterval: 56 }, undefined], // 112 + 2 + 6 = 120 s
  [{ echoInterval: 57 }, "service on the standby server would take up to 122000 ms"],
  [{ echoMisses: 10 }, undefined], // 100 + 8 s
  [{ httpTimeout: 7000 }, undefined], // return: 4 * 7 + 2 + 30 = 60 s
  [{ httpTimeout: 7001 }, "the return to the main server would take up to 60004 ms"],
  [{ echoInterval: 1 }, "httpTimeout (2000 ms) is longer than echoInterval (1000 ms)"],
  [{ checkInterval: 1 }, "httpTimeout (2000 ms) is longer than checkInterval (1000 ms)"],
  [{ checkIntervalMax: 14 }, "checkInterval (15000 ms) is longer than checkIntervalMax (14000 ms)"],
];

for (const [given, message] of LIMITS) {
  test(`${JSON.stringify(given)}: ${message ?? "accepted"}`, () => {
    const found = refusalsOf(settingsWith(given));
    assert.deepEqual(
      found.map((one) => one.message),
      message === undefined ? [] : [message],
    );
    assert.ok(found.every(({ remedy }) => remedy.length > 0));
  });
}

test("each setting is refused on both sides of its range, and when it is no whole number", () => {
  for (const { name, min, max } of SETTINGS) {
    for (const value of [min - 1, max + 1, min + 0.5, Number.NaN]) {
      const [refusal] = refusalsOf(settingsWith({ [name]: value }));
      assert.equal(refusal?.name, name, `${name} = ${value}`);
      assert.match(refusal?.allowed ?? "", new RegExp(`^${min}\\.\\.${max}`));
    }
  }
});
