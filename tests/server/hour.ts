// An hour of real time: one line, 30 s of expiry, Kamailio. The binding must never lapse.
//
// Not part of the tests, for it takes its hour: `npm run hour`. Nonces live for 300 s, so the line also
// meets a dozen stale ones. Judged by the server's table, looked at every few seconds, and by the
// wire. STANDFAST_HOUR_SECONDS makes it shorter.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Params } from "../real/phone.ts";
import { bindingsLeft, boot, farewell, ONE_LINE } from "../real/quick.ts";
import { Bench } from "./bench.ts";

const SECONDS = Number(process.env.STANDFAST_HOUR_SECONDS ?? 3_600);
const LOOK_EVERY_MS = 3_000;
const EXPIRY_SECONDS = 30;

const PARAMS: Params = {
  registerRefreshInterval: EXPIRY_SECONDS,
  primaryDetectInterval: 30,
  maxDetectFailCount: 1,
  preferPrimary: true,
};

const plan = {
  name: "hour",
  params: PARAMS,
  lines: ONE_LINE,
  primary: { withQop: true, withSha256: true },
};

type Hour = {
  readonly seconds: number;
  /** How often the table was looked at, and how often it held no binding. */
  readonly looks: number;
  readonly lapses: number;
  /** The least that was left of the binding at any look. */
  readonly leastLeftSeconds: number;
  readonly registers: number;
  readonly challenges: number;
  readonly granted: number;
  readonly heartbeats: number;
  readonly longestBetweenGrantsMs: number;
  readonly perHour: number;
  readonly promisedPerHour: number;
};

const hour = await Bench.with(plan, async (bench): Promise<Hour> => {
  const promise = await bench.promises();
  await boot(bench);
  const left: number[] = [];
  for (const until = Date.now() + SECONDS * 1_000; Date.now() < until; ) {
    const [binding] = await bench.primary.table();
    left.push(binding?.expiresSeconds ?? 0);
    await sleep(LOOK_EVERY_MS);
  }
  await bench.capture?.settle();
  const answers = bench.answers(bench.primary, "REGISTER");
  const grants = answers.filter(({ status }) => status === 200);
  const registers = bench.requests(bench.primary, "REGISTER").length;
  const heartbeats = bench.requests(bench.primary, "OPTIONS").length;
  assert.equal(bench.requests(bench.backup, "REGISTER").length, 0, "nobody had a reason to move");
  assert.deepEqual(await bindingsLeft(bench), { primary: 1, backup: 0 });
  await farewell(bench);
  return {
    seconds: SECONDS,
    looks: left.length,
    lapses: left.filter((seconds) => seconds === 0).length,
    leastLeftSeconds: Math.min(...left),
    registers,
    challenges: answers.filter(({ status }) => status === 401).length,
    granted: grants.length,
    heartbeats,
    longestBetweenGrantsMs: Math.max(
      ...grants.slice(1).map(({ atMs }, index) => Math.round(atMs - (grants[index]?.atMs ?? 0))),
    ),
    perHour: Math.round(((registers + heartbeats) * 3_600) / SECONDS),
    promisedPerHour: promise.perHourQuiet,
  };
});

writeFileSync("build/hour.json", `${JSON.stringify(hour, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(hour, null, 2)}\n`);
assert.equal(hour.lapses, 0, "the binding lapsed");
assert.ok(hour.leastLeftSeconds > 5, "the refresh came late");
