// The unit tests of the core: as-pect compiles each spec with the sources it imports and runs it.
//
// as-pect says "Pass" when it found nothing to run, and stops at the first spec that does not compile; so what it
// prints is counted here, spec by spec. Above: tests/run.ts.

import { alignAspect } from "../../host/tools/aspect-enums.ts";
import { run } from "../../host/tools/child.ts";
import { filesBelow } from "./files.ts";
import { oneResult, type Result, type Suite, sum } from "./suite.ts";

/** Processes at once; each compiles its specs one after the other. Coverage is counted over all of them in one. */
const SHARDS = process.env.STANDFAST_COVERAGE === "1" ? 1 : 2;
/** A line per spec, such as `❌ tests/unit/base/bytes.spec.ts Pass: 3 / 4 Todo: 0 Time: 2.1ms`. */
const SPEC_LINE = /(tests\/unit\/\S+\.spec\.ts) Pass: (\d+) \/ (\d+)(?: Todo: (\d+))?/g;

/**
 * @param words only specs whose path holds one of them; none: all
 * @returns nothing when no spec is chosen by these words
 */
export function unitSuite(words: readonly string[], show: boolean): Suite | undefined {
  const specs = filesBelow("tests/unit", ".spec.ts").filter(
    (path) => words.length === 0 || words.some((word) => path.includes(word)),
  );
  if (specs.length === 0 && words.length > 0) return undefined;
  return {
    name: "unit",
    proves: "every file of the core, alone",
    sleeps: false,
    async run() {
      if (specs.length === 0) return oneResult(false, ["tests/unit holds no spec"]);
      await alignAspect();
      const shards = Array.from({ length: Math.min(SHARDS, specs.length) }, (_, shard) =>
        specs.filter((_spec, index) => index % SHARDS === shard),
      );
      return sum(await Promise.all(shards.map((shard) => runSpecs(shard, show))));
    },
  };
}

async function runSpecs(specs: readonly string[], show: boolean): Promise<Result> {
  const { code, output } = await run(
    process.execPath,
    ["--no-warnings", "node_modules/@as-pect/cli/lib/test.js", "--summary"],
    { env: { STANDFAST_SPECS: specs.join(" "), NO_COLOR: "1", FORCE_COLOR: "0" } },
  );
  const counted = countSpecs(specs, output);
  const result = code === 0 || counted.failed > 0 ? counted : { ...counted, failed: 1 };
  if (result.failed === 0 && !show) return result;
  return { ...result, notes: [withoutBanner(output), ...result.notes] };
}

/** What as-pect printed, from its first spec on. */
function withoutBanner(output: string): string {
  return output.replace(/^[\s\S]*?ASC Version: \S+\s*/, "").trimEnd();
}

/** Adds up the lines of the specs; a spec without a line, or without a test, is a failure. */
export function countSpecs(specs: readonly string[], output: string): Result {
  const seen = new Map([...output.matchAll(SPEC_LINE)].map((line) => [line[1], line.slice(2).map(Number)]));
  return sum(
    specs.map((spec) => {
      const [passed = 0, total = 0, todo = 0] = seen.get(spec) ?? [];
      if (total === 0 || todo > 0) {
        const note = todo > 0 ? `${spec}: ${todo} tests are marked todo` : `${spec}: no test ran`;
        return { passed, failed: Math.max(1, total - passed), skipped: 0, notes: [note] };
      }
      return { passed, failed: total - passed, skipped: 0, notes: [] };
    }),
  );
}
