// A configuration and a scenario in, what it meant for each line out.

import assert from "node:assert/strict";
import { test } from "node:test";
import { renderSummary } from "../../host/sim/render.ts";
import { outageScenario, parseScenario, ScenarioError } from "../../host/sim/scenario.ts";
import { defaultUntilMs, type Whatif, whatif } from "../../host/sim/whatif.ts";
import { module, OPTIMAL, phoneConfig } from "./fixture.ts";

function play(scenario: string, untilMs?: number): Whatif {
  const config = phoneConfig({ params: OPTIMAL });
  return whatif({ module: module(), config, scenario, ...(untilMs !== undefined && { untilMs }) });
}

test("an outage: the gap is that of the callers, and the return is told", () => {
  const { summary, untilMs } = play(outageScenario("primary@100..400"));
  assert.equal(untilMs, 1_000_000);
  assert.deepEqual(summary, [
    {
      line: "6000",
      firstServedMs: 0,
      gaps: [{ fromMs: 100_000, toMs: 122_000 }],
      longestGapMs: 22_000,
      totalGapMs: 22_000,
      backMs: [450_000],
      server: "primary",
    },
  ]);
  assert.deepEqual(
    summary.flatMap((line) => renderSummary(line, untilMs)),
    [
      "line 6000: in service at 0.000 s, at the end on primary",
      "  without service: 22.000 s in all (22.000 s from 100.000 s)",
      "  back on the primary at 450.000 s",
    ],
  );
});

test("a gap that lasts to the end is counted up to there", () => {
  const { summary, untilMs } = play("100 primary silent\n100 backup1 silent", 200_000);
  assert.deepEqual(summary[0]?.gaps, [{ fromMs: 100_000, toMs: undefined }]);
  assert.equal(summary[0]?.totalGapMs, 100_000);
  assert.deepEqual(renderSummary(summary[0], untilMs), [
    "line 6000: in service at 0.000 s, at the end out of service",
    "  without service: 100.000 s in all (from 100.000 s to the end)",
  ]);
});

test("a phone that is never served says so", () => {
  const { summary } = play("0 primary silent\n0 backup1 silent", 60_000);
  assert.deepEqual(
    summary.flatMap((line) => renderSummary(line, 60_000)),
    ["line 6000: never in service in 60.000 s"],
  );
});

test("nothing happens: nobody is without service", () => {
  const { summary } = play("");
  assert.deepEqual(
    summary.flatMap((line) => renderSummary(line, 0)),
    ["line 6000: in service at 0.000 s, at the end on primary", "  without service: never"],
  );
});

test("a registrar that forgot the binding is a gap too, until the next refresh", () => {
  const { summary } = play("100 primary restarts", 200_000);
  assert.deepEqual(summary[0]?.gaps, [{ fromMs: 100_000, toMs: 120_000 }]);
});

test("a scenario may name only what the configuration has", () => {
  assert.throws(() => play("1 backup2 silent"), ScenarioError);
  assert.throws(() => play("1 host refresh line=7000"), /there are 6000/);
});

test("a run lasts ten minutes longer than its scenario, and 1000 s at least", () => {
  assert.equal(defaultUntilMs([]), 1_000_000);
  assert.equal(defaultUntilMs(parseScenario("400 primary silent")), 1_000_000);
  assert.equal(defaultUntilMs(parseScenario("5000 primary silent")), 5_600_000);
});

test("half a day of outages takes less than a second of the processor", () => {
  const before = process.cpuUsage();
  play("100 primary silent\n300 primary back\n20000 backup1 silent", 43_600_000);
  const { user } = process.cpuUsage(before);
  assert.ok(user < 1_000_000, `${user / 1000} ms`);
});
