// The tests that run in Node: one suite per folder of tests/, each a run of node:test over its bundled files.
//
// A skip needs leave: a test that lacks a right of the kernel skips with a reason that starts with "net", and
// STANDFAST_ALLOW_SKIP=net lets it; any other skip is a failure. Above: tests/run.ts.

import { readFileSync, rmSync } from "node:fs";
import esbuild from "esbuild";
import { bundleOne, COMMON } from "../../host/tools/bundle.mjs";
import { run } from "../../host/tools/child.ts";
import { filesBelow } from "./files.ts";
import type { Tally } from "./reporter.ts";
import { oneResult, type Result, type Suite } from "./suite.ts";

type Folder = {
  readonly proves: string;
  /** Its tests wait for clocks and sockets. */
  readonly sleeps?: boolean;
  /** Files at once. */
  readonly files?: number;
};

/** The folders of tests/ in the order they run. A folder that is not named here runs last, alone. */
const FOLDERS: Readonly<Record<string, Folder>> = {
  repo: { proves: "structure: layers, layout, generated files" },
  tools: { proves: "the proof refuses what it must" },
  firmware: { proves: "the core as C does what the module does, byte for byte", files: 2 },
  fuzz: { proves: "no input leaves the records of the core: what fuzzing found, run again under sanitizers" },
  vectors: { proves: "messages of the standards, read and answered" },
  host: { proves: "the host alone, and over real sockets", sleeps: true, files: 2 },
  sim: { proves: "timelines and scenarios in virtual time" },
  bounds: { proves: "what the linter promises, held from both sides in virtual time" },
  model: { proves: "every state of the rules, the core beside each" },
  soak: { proves: "random outages break no invariant" },
  mutants: { proves: "faults planted in the core are found; rows are counted" },
  dns: { proves: "names found through a real name server, and lost again", sleeps: true },
  server: { proves: "real SIP servers, killed and frozen", sleeps: true },
  pair: { proves: "two registrars as a pair, in processes of their own", sleeps: true, files: 4 },
  network: { proves: "real networks: NAT, cut cables, swallowed packets", sleeps: true, files: 2 },
};

export type Choice = {
  /** Only files whose path holds one of these; none: all. */
  readonly words: readonly string[];
  /** Only tests whose name matches. */
  readonly name: string | undefined;
  readonly show: boolean;
};

/** The suites that have a file to run. */
export function nodeSuites(choice: Choice): Suite[] {
  const chosen = filesBelow("tests", ".test.ts").filter(
    (path) => choice.words.length === 0 || choice.words.some((word) => path.includes(word)),
  );
  const found = [...new Set(chosen.map(folderOf))];
  const known = Object.keys(FOLDERS).filter((name) => found.includes(name));
  return [...new Set([...known, ...found])].map((name) =>
    nodeSuite(
      name,
      chosen.filter((path) => folderOf(path) === name),
      choice,
    ),
  );
}

function folderOf(path: string): string {
  return path.split("/")[1] ?? "";
}

function nodeSuite(name: string, sources: readonly string[], choice: Choice): Suite {
  const folder = FOLDERS[name] ?? { proves: `tests/${name}` };
  return {
    name,
    proves: folder.proves,
    sleeps: folder.sleeps ?? false,
    async run() {
      const bundles = await bundleTests(name, sources);
      if (typeof bundles === "string") return oneResult(false, [bundles]);
      return runFiles(name, bundles, folder.files ?? 1, choice);
    },
  };
}

/** @returns the bundles, or why there are none. */
async function bundleTests(name: string, sources: readonly string[]): Promise<string[] | string> {
  const outdir = `build/tests/${name}`;
  rmSync(outdir, { recursive: true, force: true });
  try {
    await esbuild.build({
      ...COMMON,
      logLevel: "silent",
      entryPoints: [...sources],
      packages: "external",
      sourcemap: "inline",
      outbase: `tests/${name}`,
      outdir,
      outExtension: { ".js": ".mjs" },
    });
  } catch (error) {
    return String(error);
  }
  return sources.map((source) => source.replace(`tests/${name}`, outdir).replace(/\.ts$/, ".mjs"));
}

/** A file that never ends would hold up all others: no suite takes a third of it, even on a busy machine. */
const LIMIT_MS = 30 * 60_000;

async function runFiles(name: string, bundles: readonly string[], files: number, choice: Choice) {
  const reporter = await bundleOne("tests/run/reporter.ts", "build/tests/reporter.mjs");
  const tallyFile = `build/tests/${name}.json`;
  rmSync(tallyFile, { force: true });
  const { code, output } = await run(
    process.execPath,
    [
      "--enable-source-maps",
      "--test",
      `--test-concurrency=${files}`,
      ...(choice.name === undefined ? [] : [`--test-name-pattern=${choice.name}`]),
      "--test-reporter=spec",
      "--test-reporter-destination=stdout",
      `--test-reporter=./${reporter}`,
      `--test-reporter-destination=${tallyFile}`,
      ...bundles,
    ],
    { env: { NO_COLOR: "1", FORCE_COLOR: "0" }, show: choice.show, limitMs: LIMIT_MS },
  );
  const result = judge(readTally(tallyFile), code, choice.name !== undefined);
  return result.failed === 0 || choice.show
    ? result
    : { ...result, notes: [...result.notes, failuresOf(output)] };
}

/** The end of the report, where Node repeats the tests that failed; all of it when it ends otherwise. */
function failuresOf(output: string): string {
  const at = output.lastIndexOf("✖ failing tests:");
  return at < 0 ? output : output.slice(at);
}

function readTally(file: string): Tally | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Turns a tally into a result: what was not tested, and is not allowed to be, is a failure. */
export function judge(tally: Tally | undefined, code: number, isFiltered: boolean): Result {
  if (tally === undefined) return oneResult(false, [`node --test ended with code ${code} and no report`]);
  const allowed = tally.skipped.filter(({ reason }) => isAllowed(reason));
  const refused = tally.skipped.filter(({ reason }) => !isAllowed(reason));
  const empty = isFiltered ? [] : tally.empty;
  const failed = tally.failed.length + refused.length + empty.length;
  const isSilent = failed === 0 && (code !== 0 || (tally.passed === 0 && allowed.length === 0));
  return {
    passed: tally.passed,
    failed: isSilent ? 1 : failed,
    skipped: allowed.length,
    notes: [
      ...tally.failed.map((test) => `failed: ${test}`),
      ...refused.map(({ name, reason }) => `skipped without leave: ${name} (${reason || "no reason"})`),
      ...empty.map((file) => `no test in ${file}`),
      ...(isSilent ? [`no test failed, yet: code ${code}, ${tally.passed} passed`] : []),
      ...allowed.map(({ name, reason }) => `skipped: ${name} (${reason})`),
    ],
  };
}

/** Whether STANDFAST_ALLOW_SKIP names what the test lacks: the first word of its reason. */
function isAllowed(reason: string): boolean {
  const leave = (process.env.STANDFAST_ALLOW_SKIP ?? "").split(",");
  const lack = /^\w+/.exec(reason)?.[0];
  return lack !== undefined && leave.includes(lack);
}
