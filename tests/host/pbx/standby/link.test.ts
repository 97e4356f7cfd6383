// What the standby's own line says, as its role hears it.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { PhoneEvent } from "../../../../host/core/events.ts";
import { linkInput } from "../../../../host/pbx/standby/link.ts";

for (const [type, more, expected] of [
  ["inService", {}, { kind: "registered" }],
  [
    "outOfService",
    { reason: { rule: "heartbeat", misses: 2, allowed: 1 } },
    { kind: "lost", cause: "heartbeat (misses 2, allowed 1)" },
  ],
  ["outOfService", { reason: { rule: "refused" } }, { kind: "lost", cause: "refused" }],
  ["rejected", { reason: { rule: "answer", status: 403 } }, { kind: "lost", cause: "answer (status 403)" }],
  ["resting", {}, { kind: "lost", cause: "resting" }],
  ["serverSuspect", { reason: { rule: "heartbeat", misses: 1 } }, undefined],
  ["bound", {}, undefined],
] as const) {
  test(`${type}: ${expected?.kind ?? "nothing"}`, () => {
    const event: PhoneEvent = { t: 0, type, line: "_STANDBY_", server: "primary", ...more };
    assert.deepEqual(linkInput(event), expected);
  });
}
