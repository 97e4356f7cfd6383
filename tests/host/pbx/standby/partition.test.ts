// The way between master and standby is cut: both serve, and after it is mended each line is at the master alone.
//
// Heartbeats of the link lie on a grid of 5 s: the cut at 100 s is told by the misses of 100 s and 105 s, so at 107 s.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Setting } from "../../../sim/fixture.ts";
import { Nodes, type Side } from "./nodes.ts";
import { told } from "./timeline.ts";

const SETTINGS = { takeoverDelayMs: 30_000, returnDelayMs: 30_000 };
const PHONE: Setting = { primaryDetectInterval: 20 };

function lines(...sides: readonly Side[]): readonly string[] {
  return sides.flatMap((side) => ["6000", "6001", "6002", "6003"].map((line) => `${side} ${line}`));
}

for (const [name, phone] of [
  ["phones that go back when they can", { ...PHONE, preferPrimary: true }],
  ["phones that stay until they are sent", { ...PHONE, preferPrimary: false }],
] as const) {
  test(`a cut of 300 s, ${name}: both nodes serve, then the master alone; none lost, none doubled`, () => {
    const nodes = new Nodes(SETTINGS, [[100, 400]], phone);
    nodes.runTo(99_950);
    assert.deepEqual([nodes.boundAt("master"), nodes.boundAt("standby")], [lines("both", "standbyOnly"), []]);
    nodes.runTo(136_950);
    assert.deepEqual(nodes.boundAt("standby"), [], "bound before takeoverDelay was over");
    nodes.runTo(399_950);
    assert.deepEqual(
      [nodes.boundAt("master"), nodes.boundAt("standby")],
      [lines("both"), lines("standbyOnly")],
    );
    // 30 s of returnDelay, a heartbeat of the phones, a second for spacing of their REGISTERs.
    for (let at = 455_000; at <= 900_000; at += 5_000) {
      nodes.runTo(at);
      assert.deepEqual(nodes.boundAt("master"), lines("both", "standbyOnly"), `at ${at}`);
      assert.deepEqual(nodes.boundAt("standby"), [], `at ${at}`);
    }
    assert.deepEqual(told(nodes.events), [
      "0 UNREGISTERED > STANDBY",
      "107000 STANDBY > LOST",
      "137000 LOST > ACTIVE",
      "137000 alarm on",
      "400000 ACTIVE > RETURNING",
      "430000 RETURNING > STANDBY",
      "430000 alarm off",
      "430000 hand back",
    ]);
    assert.equal(nodes.phones.both.summary.filter(({ gaps }) => gaps.length > 0).length, 0);
  });
}

test("ten cuts of 20 s: no line is moved, and the standby never holds one", () => {
  const cuts = Array.from({ length: 10 }, (_, index) => [100 + index * 60, 120 + index * 60] as const);
  const nodes = new Nodes(SETTINGS, cuts, { ...PHONE, preferPrimary: true });
  for (let at = 100_000; at <= 720_000; at += 1_000) {
    nodes.runTo(at);
    assert.deepEqual(nodes.boundAt("standby"), [], `at ${at}`);
    assert.deepEqual(nodes.boundAt("master"), lines("both", "standbyOnly"), `at ${at}`);
  }
  const roles = new Set(nodes.events.map((event) => (event.kind === "role" ? event.to : event.kind)));
  assert.deepEqual([...roles], ["STANDBY", "LOST"]);
});
