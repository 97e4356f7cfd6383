// Every invariant can fail: facts that are as they should be leave it silent, one that is not makes it speak.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { EventType, PhoneEvent } from "../../host/core/events.ts";
import { load } from "../../host/core/load.ts";
import { parseScenario } from "../../host/sim/scenario.ts";
import type { Case } from "../../host/soak/case.ts";
import { calls } from "../../host/soak/invariants/calls.ts";
import { conserved } from "../../host/soak/invariants/conserved.ts";
import { credentials } from "../../host/soak/invariants/credentials.ts";
import { heals } from "../../host/soak/invariants/heals.ts";
import { lease } from "../../host/soak/invariants/lease.ts";
import { moves } from "../../host/soak/invariants/moves.ts";
import { oneServer } from "../../host/soak/invariants/one-server.ts";
import { preference } from "../../host/soak/invariants/preference.ts";
import { promise } from "../../host/soak/invariants/promise.ts";
import { rate } from "../../host/soak/invariants/rate.ts";
import { reason } from "../../host/soak/invariants/reason.ts";
import { service } from "../../host/soak/invariants/service.ts";
import { stop } from "../../host/soak/invariants/stop.ts";
import { told } from "../../host/soak/invariants/told.ts";
import { wire } from "../../host/soak/invariants/wire.ts";
import type { Invariant } from "../../host/soak/watcher.ts";
import { module } from "../sim/fixture.ts";
import { arrived, type Doctored, doctored, moment, sent } from "./doctored.ts";

const HOUR_MS = 3_600_000;
const OUT = { state: "waiting", server: undefined, next: { what: "round", inMs: 1000 } } as never;

function event(t: number, type: EventType, part: Partial<PhoneEvent> = {}): PhoneEvent {
  return { t, type, line: "6000", server: "primary", reason: { rule: "start" }, ...part };
}

function happens(it: Doctored, line: string): void {
  for (const step of parseScenario(line)) {
    it.facts.truth.apply(step, it.facts.lines);
    it.watcher.stepped(step);
  }
}

type Feed = (it: Doctored) => void;

/** Invariant, case, what is right, and what is wrong after it. */
const CASES: readonly [Invariant, Partial<Case>, Feed, Feed, RegExp][] = [
  [
    service,
    {},
    ({ watcher }) => watcher.moment(moment(0, { line: OUT })),
    ({ watcher, facts }) => watcher.moment(moment(facts.bounds.serviceMs + 1, { line: OUT })),
    /6000 is waiting since 0, primary is well since 0: 1 ms too long/,
  ],
  [
    promise,
    { calmAtMs: 5_000_000, scenario: ["1000 primary silent"] },
    ({ watcher }) => {
      watcher.moment(moment(999_999));
      watcher.told(event(1_902_000, "serverDown"));
    },
    ({ watcher }) => watcher.told(event(1_902_001, "inService", { server: "backup1" })),
    /service took 902001 ms, promised 902000/,
  ],
  [
    preference,
    { params: { preferPrimary: true, primaryDetectInterval: 90 } },
    ({ watcher }) => watcher.moment(moment(0, { line: { server: "backup1" } })),
    ({ watcher, facts }) =>
      watcher.moment(moment(facts.bounds.returnMs + 1, { line: { server: "backup1" } })),
    /6000 is at backup1 since 0, primary is well since 0: 1 ms too long/,
  ],
  [
    oneServer,
    {},
    ({ watcher }) => {
      watcher.moment(moment(0));
      watcher.sent(sent(1));
      watcher.moment(moment(1));
    },
    ({ watcher }) => {
      watcher.sent(sent(2, { server: "backup1" }));
      watcher.moment(moment(2));
    },
    /6000 registers at backup1, which it neither uses nor asks/,
  ],
  [
    oneServer,
    {},
    ({ watcher }) => watcher.moment(moment(0, { held: { primary: 1, backup1: 1 } })),
    ({ watcher }) => watcher.moment(moment(2 * HOUR_MS, { held: { primary: 1, backup1: 1 } })),
    /backup1 holds 1 of 6000, served at primary/,
  ],
  [
    calls,
    {},
    (it) => happens(it, "1 call begin"),
    ({ watcher }) => watcher.moment(moment(2000, { line: { server: "backup1", returning: "primary" } })),
    /6000 has 1 calls and returns to primary/,
  ],
  [
    moves,
    { params: { primaryDetectInterval: 5, preferPrimary: true } },
    ({ watcher }) => {
      // 25 an hour of damping and 24 of lineCool: host/lint/README.md.
      for (let n = 0; n < 40; n++) watcher.told(event(n, "moved"));
    },
    ({ watcher }) => {
      for (let n = 0; n < 200; n++) watcher.told(event(40 + n, "moved"));
    },
    /6000 moved \d+ times in an hour/,
  ],
  [
    rate,
    {},
    ({ watcher }) => {
      watcher.sent(sent(0));
      watcher.sent(sent(1000, { branch: "z9hG4bK2" }));
    },
    ({ watcher }) => watcher.sent(sent(1999, { branch: "z9hG4bK3" })),
    /6000 primary: an attempt 999 ms after the one before/,
  ],
  [
    rate,
    {},
    ({ watcher }) => watcher.sent(sent(0)),
    ({ watcher }) => {
      for (let n = 1; n < 5000; n++) watcher.sent(sent(n, { method: "OPTIONS" }));
    },
    /requests in an hour, at most/,
  ],
  [
    lease,
    {},
    ({ watcher }) => watcher.moment(moment(0)),
    ({ watcher }) => watcher.told(event(1_800_000, "outOfService", { reason: { rule: "lease" } })),
    /6000 lost its lease of 1800000 ms at primary/,
  ],
  [
    lease,
    {},
    ({ watcher }) => watcher.moment(moment(0, { held: {} })),
    ({ watcher }) => watcher.moment(moment(HOUR_MS, { held: {} })),
    /in service at primary, well since 0, which holds no binding/,
  ],
  [
    credentials,
    {},
    ({ watcher }) => {
      const proofs = [{ realm: "r", nonce: "n", count: 1 }];
      watcher.sent(sent(0, { proofs }));
      watcher.arrived(
        arrived(0, { status: 401, challenges: [{ realm: "r", nonce: "m", count: 0, stale: false }] }),
      );
    },
    ({ watcher }) =>
      watcher.sent(sent(0, { branch: "z9hG4bK2", cseq: 2, proofs: [{ realm: "r", nonce: "n", count: 1 }] })),
    /6000 sends primary what it refused/,
  ],
  [
    credentials,
    {},
    ({ watcher }) => watcher.told(event(0, "rejected")),
    ({ watcher }) => watcher.sent(sent(1_199_999)),
    /6000 asks primary 1 ms before its rest is over/,
  ],
  [
    reason,
    {},
    ({ watcher }) => watcher.moment(moment(0)),
    ({ watcher }) => watcher.moment(moment(0, { line: { ...(OUT as object), next: undefined } as never })),
    /6000 is waiting: nothing next/,
  ],
  [
    reason,
    {},
    ({ watcher }) => watcher.moment(moment(0, { line: { ...(OUT as object) } as never })),
    ({ watcher }) =>
      watcher.moment(
        moment(0, { line: { ...(OUT as object), next: { what: "round", inMs: 5e7 } } as never }),
      ),
    /6000 is waiting: round in 50000000 ms/,
  ],
  [
    told,
    {},
    ({ watcher }) => {
      watcher.told(event(0, "inService"));
      watcher.moment(moment(0));
    },
    ({ watcher }) => watcher.moment(moment(1, { line: { server: "backup1", warning: true } })),
    /6000 is served at backup1, the events say primary/,
  ],
  [
    told,
    {},
    ({ watcher }) => watcher.told(event(0, "warningOn")),
    ({ watcher }) => watcher.told(event(1, "warningOn")),
    /6000 warningOn twice/,
  ],
  [
    wire,
    {},
    ({ watcher }) => {
      watcher.sent(sent(0));
      watcher.sent(sent(500));
    },
    ({ watcher }) => watcher.sent(sent(1499)),
    /repeated after 1499 ms, not 1500/,
  ],
  [
    wire,
    {},
    ({ watcher }) => watcher.sent(sent(0)),
    ({ watcher }) => watcher.sent(sent(1, { branch: "z9hG4bK2" })),
    /CSeq 1 after 1/,
  ],
  [
    heals,
    {},
    ({ watcher }) => watcher.healed(moment(0)),
    ({ watcher }) => watcher.healed(moment(0, { line: { server: "backup1" } })),
    /6000 is served at backup1/,
  ],
  [
    stop,
    {},
    ({ watcher }) => watcher.stopped(moment(1e9, { held: {} }), 1e9 - 2000, 1e9),
    ({ watcher }) => watcher.stopped(moment(1e9, { held: { backup1: 1 } }), 1e9 - 2000, 1e9),
    /backup1 still holds 1 of 6000/,
  ],
  [
    stop,
    {},
    ({ watcher }) => watcher.stopped(moment(1e9, { held: {} }), 1e9 - 2000, 1e9),
    ({ watcher }) => watcher.stopped(moment(1e9, { held: {} }), 1e9 - 2001, 1e9),
    /ended at 1000000000/,
  ],
];

for (const [invariant, part, right, wrong, text] of CASES) {
  test(`${invariant.name} sees: ${text.source}`, () => {
    const it = doctored(invariant, part);
    right(it);
    assert.deepEqual(it.broken, []);
    wrong(it);
    assert.match(it.broken[0] ?? "", text);
  });
}

test("conserved sees a constant that changed, a parameter that changed, a byte behind the end", () => {
  const { memory } = load(module());
  const bytes = new Uint8Array(memory);
  const constant = bytes.findLastIndex((byte) => byte !== 0);
  const places = [constant, 65_535];
  for (const at of places) {
    const it = doctored(conserved);
    it.watcher.healed(moment(0, { memory: () => memory }));
    assert.deepEqual(it.broken, []);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    it.watcher.healed(moment(0, { memory: () => memory }));
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    assert.equal(it.broken.length, 1, `${at}`);
  }
});
