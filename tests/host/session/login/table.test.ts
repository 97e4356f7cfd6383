// The whole grid of an application session, the silent cells too.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BANNERS, INPUTS, rowFor, STATES, TABLE } from "../../../../host/session/login/table.ts";

test("every cell of the table of states", () => {
  const grid = STATES.map((state) =>
    INPUTS.map((input) => {
      const row = rowFor(state, input);
      return row === undefined ? ".." : `${row.action} ${row.to}`;
    }).join(" | "),
  );
  assert.deepEqual(grid, [
    // start | opened | failed | failedAlone | rejected | lost | ended | endedHollow | back | due | cleared | stop
    "begin starting | .. | .. | .. | .. | .. | .. | .. | .. | .. | .. | nothing over",
    ".. | hold main | askStandby standbyLogin | pause waiting | restMain waiting | .. | .. | .. | .. | .. | .. | nothing ending",
    ".. | .. | .. | .. | .. | end closing | .. | .. | .. | .. | .. | end ending",
    ".. | .. | .. | .. | .. | .. | askMain mainLogin | askStandby standbyLogin | .. | .. | .. | nothing ending",
    ".. | hold main | askStandby standbyLogin | pause waiting | restMain waiting | .. | .. | .. | .. | .. | .. | nothing ending",
    ".. | hold standby | pause waiting | .. | restStandby waiting | .. | .. | .. | .. | .. | askMain mainLogin | nothing ending",
    ".. | .. | .. | .. | .. | end closing | .. | .. | end leaving | .. | end closing | end ending",
    ".. | .. | .. | .. | .. | .. | askMain returning | .. | .. | .. | nothing closing | nothing ending",
    ".. | hold main | askAgain standbyLogin | .. | askAgain standbyLogin | .. | .. | .. | .. | .. | nothing mainLogin | nothing ending",
    ".. | .. | .. | .. | .. | .. | .. | .. | .. | askMain mainLogin | .. | nothing over",
    ".. | end ending | nothing over | nothing over | nothing over | .. | nothing over | nothing over | .. | .. | .. | ..",
    ".. | .. | .. | .. | .. | .. | .. | .. | .. | .. | .. | ..",
  ]);
});

test("no row hides another, and each says why and where that stands", () => {
  assert.equal(new Set(TABLE.map(({ from, input }) => `${from} ${input}`)).size, TABLE.length);
  assert.deepEqual(
    TABLE.filter(({ rule, source }) => rule.length < 7 || source.length < 10),
    [],
  );
});

test("what the display says in each state: the warning is on exactly while we are not on main", () => {
  assert.deepEqual(BANNERS, {
    off: "none",
    starting: "none",
    main: "none",
    closing: "noPbx",
    mainLogin: "noPbx",
    standbyLogin: "noPbx",
    standby: "standby",
    leaving: "standby",
    returning: "standby",
    waiting: "noPbx",
    ending: "none",
    over: "none",
  });
});

test("a session at main is opened only after that at standby has been ended", () => {
  const opens = TABLE.filter(
    ({ action }) => action === "askMain" || action === "askStandby" || action === "askAgain",
  );
  for (const { from } of opens) {
    // None of these states holds a session: none is entered by `hold`.
    assert.ok(!TABLE.some(({ action, to }) => action === "hold" && to === from), from);
  }
});
