// Events as people read them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sentence, toneOf } from "../../../host/cli/sentence.ts";
import type { PhoneEvent } from "../../../host/core/events.ts";

const CASES: (readonly [PhoneEvent, string])[] = [
  [
    { t: 0, type: "inService", line: "6000", server: "primary", reason: { rule: "start" } },
    "6000 in service on primary",
  ],
  [
    { t: 46, type: "outOfService", line: "6000", reason: { rule: "start" } },
    "6000 out of service: since the start",
  ],
  [
    {
      t: 122_000,
      type: "outOfService",
      line: "6000",
      server: "primary",
      reason: { rule: "timeout", waitedMs: 2000 },
      next: { what: "register", at: 122_000 },
    },
    "6000 out of service: no answer in 2000 ms; registers now",
  ],
  [
    {
      t: 122_000,
      type: "moved",
      line: "6000",
      server: "backup1",
      reason: { rule: "failover", from: "primary" },
    },
    "6000 moved to backup1: away from primary",
  ],
  [
    {
      t: 272_000,
      type: "serverDown",
      server: "primary",
      reason: { rule: "heartbeat", misses: 2, allowed: 1 },
    },
    "primary down: 2 heartbeats missed in a row, 1 allowed",
  ],
  [
    {
      t: 360_000,
      type: "serverHolding",
      server: "primary",
      reason: { rule: "hold", delaySeconds: 43_200 },
      next: { what: "return", at: 43_560_000 },
    },
    "primary answers again, not preferred yet: it has to stay well for 12:00:00; return in 12:00:00",
  ],
  [
    {
      t: 5,
      type: "failbackDeferred",
      line: "6000",
      server: "primary",
      reason: { rule: "calls", calls: 1 },
      next: { what: "callEnd", at: 5 },
    },
    "6000 waits with its return to primary: 1 call on the line; waits for the end of the call",
  ],
  [
    {
      t: 5,
      type: "serverCooling",
      server: "primary",
      reason: { rule: "503", retryAfterSeconds: 30 },
      next: { what: "retry", at: 30_005 },
    },
    "primary asks for a pause: answered 503, 30 s; next try in 30 s",
  ],
  [
    { t: 5, type: "rejected", line: "6000", server: "primary", reason: { rule: "credentials", status: 403 } },
    "6000 rejected by primary: credentials, 403",
  ],
  [
    {
      t: 5,
      type: "bound",
      line: "6000",
      server: "primary",
      reason: { rule: "lease", askedSeconds: 120, grantedSeconds: 60 },
      next: { what: "refresh", at: 30_005 },
    },
    "6000 bound at primary: granted 60 s of 120 s; refresh in 30 s",
  ],
  [
    { t: 2000, type: "standbyDown", server: "backup1", text: "standby server is down" },
    "standby server is down (backup1)",
  ],
  ...(
    [
      ["refused", "it cannot be connected"],
      ["lost", "the connection was closed"],
      ["broken", "what came over the connection is no SIP"],
      ["tls", "the TLS handshake failed"],
      ["tlsExpired", "its certificate is not valid by the clock of this machine"],
      ["tlsName", "its certificate is for another name"],
      ["tlsUntrusted", "its certificate is signed by nobody we trust"],
    ] as const
  ).map(([flow, words]): readonly [PhoneEvent, string] => [
    { t: 5, type: "serverDown", server: "primary", reason: { rule: "transport", flow } },
    `primary down: ${words}`,
  ]),
  [{ t: 9, type: "fault", text: "unreachable" }, "the core stopped: unreachable"],
];

for (const [event, expected] of CASES) {
  test(`${event.type}: ${expected}`, () => assert.equal(sentence(event), expected));
}

test("losing service is bad, gaining it good, a doubt in between", () => {
  assert.equal(toneOf({ t: 0, type: "outOfService" }), "bad");
  assert.equal(toneOf({ t: 0, type: "inService" }), "good");
  assert.equal(toneOf({ t: 0, type: "serverSuspect" }), "doubt");
});
