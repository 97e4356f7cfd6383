// Every number of the core has a word, and each event its reason and what is next.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import type { EventRecord } from "../../../host/core/core.ts";
import { describe, type Reason } from "../../../host/core/events.ts";
import { isRefusal, refusalName, resultWords } from "../../../host/core/results.ts";

const NAMES = { servers: ["primary", "backup1"], lines: ["6000"] };

function record(fields: Partial<EventRecord>): EventRecord {
  const none = { type: abi.EV_MOVED, rule: 0, next: 0, status: 0, at: 0, a: 0, b: 0, nextMs: 0 };
  return { ...none, server: abi.SERVER_NONE, line: abi.LINE_ALL, ...fields };
}

/** Every number of abi.ts whose name begins so, with that name. */
function numbers(prefix: string): [string, number][] {
  return Object.entries(abi).filter(([name]) => name.startsWith(prefix));
}

test("every event of the core has a name of its own", () => {
  const names = numbers("EV_").map(([constant, type]) => {
    const { type: name } = describe(record({ type }), 0, NAMES);
    const camel = constant
      .slice(3)
      .toLowerCase()
      .replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    assert.equal(name, camel);
    return name;
  });
  assert.equal(new Set(names).size, 21);
  assert.throws(() => describe(record({ type: 200 }), 0, NAMES), /unknown to this host; update it/);
});

test("every rule begins with a word of the closed list", () => {
  const words =
    /^(start|heartbeat|timeout|transport|\d{3}|credentials|link|lease|calls|damping|hold|failover|failback|command)$/;
  for (const [constant, rule] of numbers("RULE_")) {
    const { reason } = describe(record({ rule, status: 503 }), 0, NAMES);
    assert.match(reason?.rule ?? "", words, constant);
  }
});

test("what became of a flow has a word, but for its being up and for a datagram that came back", () => {
  const words = [...numbers("FLOW_"), ["a datagram", 0] as const].map(([constant, a]) => {
    const event = record({ type: abi.EV_SERVER_DOWN, rule: abi.RULE_TRANSPORT, a });
    return `${constant} ${describe(event, 0, NAMES).reason?.flow ?? "none"}`;
  });
  assert.deepEqual(words, [
    "FLOW_BROKEN broken",
    "FLOW_LOST lost",
    "FLOW_REFUSED refused",
    "FLOW_TLS tls",
    "FLOW_TLS_EXPIRED tlsExpired",
    "FLOW_TLS_NAME tlsName",
    "FLOW_TLS_UNTRUSTED tlsUntrusted",
    "FLOW_UP none",
    "a datagram none",
  ]);
});

test("every next action has a name", () => {
  for (const [constant, next] of numbers("NEXT_")) {
    const event = describe(record({ next, nextMs: 5000 }), 1000, NAMES);
    assert.equal(event.next === undefined, constant === "NEXT_NONE", constant);
  }
  assert.deepEqual(describe(record({ next: abi.NEXT_REFRESH, nextMs: 60_000 }), 1000, NAMES).next, {
    what: "refresh",
    at: 61_000,
  });
  for (const next of [abi.NEXT_LINK, abi.NEXT_CALL_END]) {
    assert.equal(describe(record({ next }), 1000, NAMES).next?.at, undefined, "waits for somebody else");
  }
});

test("reasons carry their inputs by name", () => {
  const rows: [Partial<EventRecord>, Reason][] = [
    [
      { rule: abi.RULE_HEARTBEAT, a: 2, b: 1 },
      { rule: "heartbeat", misses: 2, allowed: 1 },
    ],
    [
      { rule: abi.RULE_TIMEOUT, a: 2000 },
      { rule: "timeout", waitedMs: 2000 },
    ],
    [
      { rule: abi.RULE_STATUS, status: 503, a: 300 },
      { rule: "503", retryAfterSeconds: 300 },
    ],
    [{ rule: abi.RULE_STATUS, status: 403 }, { rule: "403" }],
    [
      { rule: abi.RULE_CREDENTIALS, status: 401 },
      { rule: "credentials", status: 401 },
    ],
    [
      { rule: abi.RULE_CREDENTIALS, status: 401, a: abi.E_UNSUPPORTED >>> 0 },
      { rule: "credentials", status: 401, problem: "unsupported" },
    ],
    [
      { rule: abi.RULE_LEASE, a: 60, b: 120 },
      { rule: "lease", grantedSeconds: 60, askedSeconds: 120 },
    ],
    [
      { rule: abi.RULE_CALLS, a: 1 },
      { rule: "calls", calls: 1 },
    ],
    [
      { rule: abi.RULE_DAMPING, a: 3000, b: 2500 },
      { rule: "damping", penalty: 3000, limit: 2500 },
    ],
    [
      { rule: abi.RULE_HOLD, a: 43_200 },
      { rule: "hold", delaySeconds: 43_200 },
    ],
    [
      { rule: abi.RULE_FAILOVER, a: 0 },
      { rule: "failover", from: "primary" },
    ],
    [{ rule: abi.RULE_FAILOVER, a: abi.SERVER_NONE }, { rule: "failover" }],
    [
      { rule: abi.RULE_FAILBACK, a: 1 },
      { rule: "failback", from: "backup1" },
    ],
    [
      { rule: abi.RULE_COMMAND, a: abi.CMD_MOVE_TO },
      { rule: "command", command: "moveTo" },
    ],
    [
      { type: abi.EV_PACKET_REFUSED, rule: abi.RULE_TRANSPORT, a: abi.R_LATE, b: 7 },
      { rule: "transport", refusal: "late", count: 7 },
    ],
    [
      { type: abi.EV_ADDRESS_CHANGED, rule: abi.RULE_TRANSPORT, a: 30 },
      { rule: "transport", settleSeconds: 30 },
    ],
  ];
  for (const [fields, reason] of rows) {
    assert.deepEqual(describe(record(fields), 0, NAMES).reason, reason);
  }
});

test("fields that do not apply are absent, and one event is told word for word", () => {
  assert.deepEqual(Object.keys(describe(record({}), 5, NAMES)), ["t", "type"]);
  const standby = describe(record({ type: abi.EV_STANDBY_DOWN, server: 1 }), 2000, NAMES);
  assert.deepEqual(standby, {
    t: 2000,
    type: "standbyDown",
    server: "backup1",
    text: "standby server is down",
  });
});

test("every result and every refusal has a name, a cause and a remedy", () => {
  const results = [...numbers("E_"), ...numbers("OK"), ...numbers("NOT_MINE")];
  const names = results.map(([constant, code]) => {
    const { name, cause, remedy } = resultWords(code);
    assert.doesNotMatch(name, /^code/, constant);
    assert.ok(cause !== "" && remedy !== "", constant);
    return name;
  });
  assert.equal(new Set(names).size, results.length);
  for (const [constant, reason] of numbers("R_")) {
    assert.doesNotMatch(refusalName(reason), /^reason/, constant);
    assert.equal(isRefusal(abi.REFUSED_BASE - reason), true);
    assert.match(resultWords(abi.REFUSED_BASE - reason).cause, new RegExp(refusalName(reason)));
  }
  assert.equal(isRefusal(abi.E_TOO_LONG), false);
  assert.equal(isRefusal(abi.REFUSED_BASE - abi.REFUSED_COUNT), false);
});
