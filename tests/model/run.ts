// Explores sets and prints figures, or plays one schedule again: see README.md.

import { readFileSync } from "node:fs";
import { module } from "../sim/fixture.ts";
import { explore } from "./explore.ts";
import { arrive } from "./liveness.ts";
import { replay } from "./replay.ts";
import { paramsOf, SETS } from "./sets.ts";

const [word = "", schedule] = process.argv.slice(2);
const chosen = SETS.filter(({ name }) => name.includes(word));
if (chosen.length === 0) {
  console.error(
    `no set has "${word}" in its name; there are\n  ${SETS.map(({ name }) => name).join("\n  ")}`,
  );
  process.exitCode = 2;
}
if (schedule === undefined) for (const set of chosen) figures(set);
else if (chosen[0] !== undefined) console.log(replay(chosen[0], module(), readFileSync(schedule, "utf8")));

function figures(set: (typeof SETS)[number]): void {
  const startedAt = performance.now();
  const { states, transitions, depth, cut, wrong } = explore(set, module());
  console.log(`${set.name}: ${states.length} states, ${transitions} transitions, depth ${depth}, ${cut} cut`);
  if (wrong === undefined) {
    const params = paramsOf(set);
    const both = arrive(states, params, [0, 1], 0);
    const one = arrive(states, params, [1], 1);
    console.log(
      `  on the primary within ${both.longest / 1000} s, on the backup within ${one.longest / 1000} s`,
    );
  } else {
    console.log(wrong);
    process.exitCode = 1;
  }
  console.log(`  ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}
