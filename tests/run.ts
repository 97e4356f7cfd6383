// The runner of every test: `npm test [-- [--suite NAME].. [--name PATTERN] [WORD..]]`.
//
// Builds, then runs the suites: those that compute one after the other, those that wait beside them. WORD picks
// files whose path holds it. The last line is `N passed, N failed, N skipped` over all of them; the exit code is 1
// when anything failed. Below: tests/run/, host/tools/.

import { parseArgs } from "node:util";
import { build } from "../host/tools/build/all.ts";
import { lintSuite, typesSuite } from "./run/lint.ts";
import { nodeSuites } from "./run/node.ts";
import { packagesSuite } from "./run/packages.ts";
import { ended, started } from "./run/report.ts";
import { countLine, oneResult, type Result, type Suite, sum } from "./run/suite.ts";
import { unitSuite } from "./run/unit.ts";

const USAGE = "usage: npm test [-- [--quick] [--suite NAME].. [--name PATTERN] [WORD..]]";

/** What `npm run quick` runs: the core alone, and what it does in time. */
const QUICK = { suites: ["unit", "sim"], words: ["tests/unit", "tests/sim/timeline", "tests/sim/cases"] };

const BUILD: Suite = {
  name: "build",
  proves: "the core compiles, and the proof accepts the module",
  sleeps: false,
  async run() {
    const problems = await build();
    return oneResult(problems.length === 0, problems);
  },
};

await main();

async function main(): Promise<void> {
  const chosen = choose(readArguments());
  const packages = packagesSuite(chosen.map((suite) => suite.name));
  // After a failed build the other suites run all the same: the run has failed, and shows all that it can.
  const first = [...(packages ? [packages] : []), ...(needsBuild(chosen) ? [BUILD] : [])];
  const total = sum([...(await runInOrder(first)), ...(await runSuites(chosen))]);
  console.log(countLine(total));
  process.exitCode = total.failed === 0 ? 0 : 1;
}

type Arguments = {
  suites: string[];
  words: string[];
  name: string | undefined;
  /** Shows each test, not only those that fail. */
  show: boolean;
};

function readArguments(): Arguments {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        suite: { type: "string", multiple: true, default: [] },
        name: { type: "string" },
        quick: { type: "boolean", default: false },
      },
    });
    const { suite: suites, name } = values;
    if (values.quick) return { ...QUICK, name, show: false };
    return { suites, words: positionals, name, show: suites.length === 1 || positionals.length > 0 };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(USAGE);
    process.exit(2);
  }
}

/** The suites to run. Words without a suite mean every suite that has a file of that path. */
function choose({ suites, words, name, show }: Arguments): Suite[] {
  const files = [...unitSuites(words, show), ...nodeSuites({ words, name, show })];
  const whole = words.length === 0 ? [lintSuite(), typesSuite()] : [];
  const all = [...whole, ...files];
  const chosen = suites.length === 0 ? all : all.filter((suite) => suites.includes(suite.name));
  const known = all.map((suite) => suite.name);
  const unknown = suites.filter((name) => !known.includes(name));
  if (unknown.length > 0 || chosen.length === 0) {
    const which = words.length === 0 ? "" : ` with ${words.join(" ")} in its path`;
    console.error(`no suite ${unknown.join(", ") || "has a file"}${which}. Suites: ${known.join(" ")}`);
    process.exit(2);
  }
  return chosen;
}

function unitSuites(words: readonly string[], show: boolean): Suite[] {
  const suite = unitSuite(words, show);
  return suite === undefined ? [] : [suite];
}

/** Lint, types and unit tests read the sources; everything else reads the module. */
function needsBuild(suites: readonly Suite[]): boolean {
  return suites.some(({ name }) => !["lint", "types", "unit"].includes(name));
}

/**
 * Those that compute in order, those that sleep beside them. When these are through, the core they leave free takes
 * what is still to be computed.
 */
async function runSuites(suites: readonly Suite[]): Promise<Result[]> {
  const computing = suites.filter((suite) => !suite.sleeps).values();
  const sleeping = suites.filter((suite) => suite.sleeps).values();
  const beside = async () => [...(await runInOrder(sleeping)), ...(await runInOrder(computing))];
  const results = await Promise.all([runInOrder(computing), beside()]);
  return results.flat();
}

async function runInOrder(suites: Iterable<Suite>): Promise<Result[]> {
  const results: Result[] = [];
  for (const suite of suites) results.push(await runSuite(suite));
  return results;
}

async function runSuite(suite: Suite): Promise<Result> {
  const startedAt = performance.now();
  started(suite);
  const result = await suite.run();
  ended(suite, result, startedAt);
  return result;
}
