// `npm run soak [-- --minutes 15]`: random outages on every core of this machine, and what they took.
//
// Builds, and plays the counting variant, so that every row of the core's tables is known to have been taken; a row that
// no run took fails the soak: idle phone-hours prove nothing. Writes build/soak.json and build/soak.md.
// Ctrl-C ends a run as its time does: with the summary. Below: build/all.ts, mutants/counting.ts, `standfast simulate`.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { text } from "node:stream/consumers";
import { Command } from "commander";
import { positive, whole } from "../cli/run.ts";
import { monotonicMs } from "../node/clock.ts";
import type { Found } from "../soak/hunt.ts";
import { missingRows, renderSoak } from "../soak/report.ts";
import { build } from "./build/all.ts";
import { place } from "./bundle.mjs";
import { buildCounting, COUNTING } from "./mutants/counting.ts";
import type { RowPlace } from "./mutants/rows.ts";

interface SoakOptions {
  readonly minutes: number;
  readonly seeds?: number;
  readonly from: number;
  readonly jobs: number;
}

await new Command("soak")
  .description(
    "Play random outages around the core in virtual time; fail on a broken invariant or a row never taken.",
  )
  .usage("[options]     as `npm run soak -- [options]`")
  .option("--minutes <minutes>", "for so long", positive, 15)
  .option("--seeds <number>", "so many cases, instead of --minutes", whole)
  .option("--from <seed>", "first seed", whole, 1)
  .option("--jobs <number>", "threads", whole, availableParallelism())
  .action(soak)
  .parseAsync();

async function soak({ minutes, seeds, from, jobs }: SoakOptions): Promise<void> {
  const problems = await build();
  if (problems.length > 0) {
    console.error(problems.join("\n"));
    process.exitCode = 1;
    return;
  }
  await buildCounting();
  const startedAt = monotonicMs();
  const length = seeds === undefined ? ["--minutes", minutes] : ["--seeds", seeds];
  const found = await simulate([...length, "--from", from, "--jobs", jobs].map(String));
  if (found === undefined) {
    process.exitCode = 1;
    return;
  }
  const places = JSON.parse(readFileSync(COUNTING.places, "utf8")) as readonly RowPlace[];
  const page = renderSoak(found, places, (monotonicMs() - startedAt) / 60_000);
  await place("build/soak.json", JSON.stringify(found, undefined, 1));
  await place("build/soak.md", page);
  console.log(page);
  process.exitCode = found.broken.length === 0 && missingRows(found, places).length === 0 ? 0 : 1;
}

/** @returns undefined: it failed, and has said why */
async function simulate(words: readonly string[]): Promise<Found | undefined> {
  // The child ends at Ctrl-C by itself, with what it found so far.
  process.on("SIGINT", () => {});
  const counting = ["--module", COUNTING.wasm, "--rows", COUNTING.places];
  const child = spawn(
    process.execPath,
    ["build/standfast.mjs", "simulate", "--json", ...words, ...counting],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
  const line = output.split("\n").find((one) => one.startsWith("{"));
  return line === undefined ? undefined : (JSON.parse(line) as Found);
}
