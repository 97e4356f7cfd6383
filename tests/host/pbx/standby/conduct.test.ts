// What clients are answered, role by role.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Conduct, conductFor } from "../../../../host/pbx/standby/conduct.ts";
import type { RoleName } from "../../../../host/pbx/standby/role.ts";
import { down, live, type Step, up } from "./timeline.ts";

const SETTINGS = { takeoverDelayMs: 30_000, returnDelayMs: 30_000 };
const LOST: readonly Step[] = [up(0), down(10_000)];
/** How to get there, and a moment while it lasts. */
const WAYS: Readonly<Record<RoleName, readonly [readonly Step[], number]>> = {
  UNREGISTERED: [[], 5_000],
  STANDBY: [[up(0)], 5_000],
  LOST: [LOST, 15_000],
  ACTIVE: [LOST, 50_000],
  RETURNING: [[...LOST, up(50_000)], 55_000],
};

function word(conduct: Conduct): string {
  return conduct.kind === "wait" ? `wait ${conduct.retryAfterSeconds}` : conduct.kind;
}

for (const [role, divert, register, options, other] of [
  ["UNREGISTERED", "redirect", "wait 25", "wait 25", "wait 25"],
  ["UNREGISTERED", "relay", "wait 25", "wait 25", "wait 25"],
  ["STANDBY", "redirect", "redirect", "redirect", "redirect"],
  ["STANDBY", "relay", "relay", "redirect", "relay"],
  ["LOST", "redirect", "wait 25", "wait 25", "wait 25"],
  ["LOST", "relay", "wait 25", "wait 25", "wait 25"],
  ["ACTIVE", "redirect", "serve", "serve", "serve"],
  ["ACTIVE", "relay", "serve", "serve", "serve"],
  ["RETURNING", "redirect", "serve", "serve", "serve"],
  ["RETURNING", "relay", "serve", "serve", "serve"],
] as const) {
  test(`${role}, ${divert}: REGISTER ${register}, OPTIONS ${options}, others ${other}`, () => {
    const [steps, at] = WAYS[role];
    const machine = live(SETTINGS, steps, at).role;
    assert.equal(machine.name, role);
    const answers = ["REGISTER", "OPTIONS", "SUBSCRIBE"].map((method) =>
      word(conductFor(machine, method, divert, at)),
    );
    assert.deepEqual(answers, [register, options, other]);
  });
}

test("Retry-After is what is left, rounded up, and never 0", () => {
  const { role } = live(SETTINGS, LOST, 10_000);
  const left = [10_000, 10_001, 39_000, 39_001, 39_999, 40_000].map((now) =>
    word(conductFor(role, "REGISTER", "redirect", now)),
  );
  assert.deepEqual(left, ["wait 30", "wait 30", "wait 1", "wait 1", "wait 1", "wait 1"]);
});
