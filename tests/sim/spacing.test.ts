// The least time between two attempts at one server: waiting for it is not silence of the server.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sentAt, told, world } from "./fixture.ts";

test("a refresh that has to wait longer than a whole attempt may last is sent, and blames nobody", () => {
  const { events, packets } = world({
    params: { registerSpacing: 10_000, registerTimeout: 2000 },
    scenario: ["2 host refresh"],
  }).runTo(30_000);
  assert.deepEqual(told(events, ["serverDown", "outOfService"]), []);
  assert.deepEqual(sentAt(packets, /REGISTER/), [0, 0, 10_000]);
});

test("silence behind such a wait is judged one time-out after the request was sent", () => {
  const { events } = world({
    params: { registerSpacing: 10_000, registerTimeout: 2000 },
    scenario: ["2 host refresh", "3 primary silent"],
  }).runTo(30_000);
  assert.deepEqual(told(events, ["serverDown"]), ["12000 serverDown primary timeout"]);
});
