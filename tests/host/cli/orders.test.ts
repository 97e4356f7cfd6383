// Typed orders: what each means, and what is said to one that means nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { KEYS, readOrder } from "../../../host/cli/orders.ts";

const GOOD: [string, object][] = [
  ["refresh", { kind: "refresh" }],
  ["refresh 6000", { kind: "refresh", line: "6000" }],
  ["  return   6001 ", { kind: "returnNow", line: "6001" }],
  ["move backup1", { kind: "moveTo", server: "backup1" }],
  ["move backup1 6000", { kind: "moveTo", server: "backup1", line: "6000" }],
  ["call begin 6000", { kind: "callBegin", line: "6000" }],
  ["call end", { kind: "callEnd" }],
  ["call failed 6000", { kind: "callFailed", line: "6000" }],
  ["link down", { kind: "linkDown" }],
  ["link up", { kind: "linkUp" }],
  ["restart", { kind: "restart" }],
  ["stop", { kind: "stop" }],
  ["help", { kind: "help" }],
];

for (const [typed, order] of GOOD) {
  test(`"${typed}" is an order`, () => assert.deepEqual(readOrder(typed), order));
}

test("an empty line orders nothing", () => {
  assert.equal(readOrder(""), undefined);
  assert.equal(readOrder("   "), undefined);
});

for (const [typed, answer] of [
  ["jump", /no order "jump"/],
  ["move", /move SERVER/],
  ["call", /begin\|end\|failed/],
  ["call constructor", /begin\|end\|failed/],
  ["link sideways", /down\|up/],
  ["refresh 6000 6001", /too many words/],
  ["stop now", /too many words/],
] as const) {
  test(`"${typed}" is answered with what is allowed`, () => {
    const answer_ = readOrder(typed);
    assert.equal(typeof answer_, "string");
    assert.match(answer_ as string, answer);
  });
}

test("every key stands for an order, also with a line behind it where it is meant for a line", () => {
  for (const { typed, perLine } of KEYS.values()) {
    assert.equal(typeof readOrder(typed), "object");
    assert.equal(typeof readOrder(`${typed} 6000`), perLine ? "object" : "string", typed);
  }
});
