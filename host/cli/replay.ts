// `standfast replay`: a recording done again, explained, and compared with what came out then.
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { ABI_VERSION } from "../../assembly/abi.ts";
import type { PhoneEvent } from "../core/events.ts";
import { type CompiledModule, compile, instantiate } from "../core/load.ts";
import { shippedModule } from "../module.ts";
import { codeOf } from "../node/error.ts";
import { fingerprint } from "../record/about.ts";
import { readHead } from "../record/head.ts";
import { NoRecording, Reader } from "../record/reader.ts";
import type { About } from "../record/recorder.ts";
import { type Difference, type Outcome, replay } from "../record/replay.ts";
import { Exit, FAILED, USAGE } from "./exit.ts";
import { eventLine, printHello } from "./output.ts";
import { print, printJson, remark } from "./print.ts";
import { positive } from "./run.ts";
import { isRoutine } from "./sentence.ts";
import { count, stamp } from "./words.ts";

const HELP = `
Examples:
  standfast run --config phone.toml --record phone.rec
  standfast replay phone.rec
  standfast replay phone.rec --json --until 600

Feeds what went into the module then to the module of this program, prints each decision with its reason,
and compares every byte that comes out. A recording of another module needs that one with --module, or
--any-module to see where this one does otherwise.
Exit code 0: the same, as far as the recording goes; 1: not the same, or damaged; 2: no recording, or one
that this program cannot replay.`;

interface ReplayOptions {
  readonly json?: boolean;
  readonly until?: number;
  readonly module?: string;
  readonly anyModule?: boolean;
}

export function replayCommand(): Command {
  return new Command("replay")
    .summary("do a recorded run again and explain it")
    .description("Feed a recording to the module again, explain each decision, compare what comes out.")
    .argument("<file>", "what run --record has written")
    .option("--until <seconds>", "stop there", positive)
    .option("--module <file>", "the module to replay with, instead of the one in this program")
    .option("--any-module", "compare with a module that is not the recorded one")
    .option("--json", "one JSON object a line on stdout")
    .addHelpText("after", HELP)
    .action((file: string, options: ReplayOptions) => {
      try {
        play(file, options);
      } catch (error) {
        if (error instanceof NoRecording) throw new Exit(USAGE, `${file}: ${error.message}`);
        throw error;
      }
    });
}

function play(file: string, options: ReplayOptions): void {
  const reader = new Reader(bytesOf(file));
  const about = readHead(reader);
  if (about === undefined) throw new Exit(FAILED, `${file}: it ends before anything was recorded`);
  const module = moduleOf(options);
  judgeModule(file, about, module, options);
  greet(about, options);
  const untilMs = options.until === undefined ? Number.POSITIVE_INFINITY : options.until * 1000;
  const outcome = replay({ reader, about, module, untilMs, tell: (event) => show(event, options) });
  if (outcome.outputs > 0 || outcome.difference) conclude(outcome, options);
  tellEnding(file, reader, outcome);
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Exit(USAGE, `${file}: it cannot be read (${codeOf(error)}); give a file`);
  }
}

function moduleOf({ module: file }: ReplayOptions): CompiledModule {
  if (file === undefined) return shippedModule();
  try {
    const module = compile(bytesOf(file));
    instantiate(module);
    return module;
  } catch (error) {
    if (error instanceof Exit) throw error;
    throw new Exit(USAGE, `${file}: it is no module of this interface: ${(error as Error).message}`);
  }
}

/** Refuses what could not be the same. */
function judgeModule(file: string, about: About, module: CompiledModule, options: ReplayOptions): void {
  if (about.abi !== ABI_VERSION) {
    const remedy = `use standfast ${about.program}, which recorded it`;
    throw new NoRecording(
      `its module speaks version ${about.abi} of the interface, this program ${ABI_VERSION}; ${remedy}`,
    );
  }
  const ours = fingerprint(module);
  if (ours === about.module) return;
  const differs = `recorded with module ${short(about.module)} (standfast ${about.program}), replayed with ${short(ours)}`;
  if (!options.anyModule) {
    throw new NoRecording(`${differs}; give the recorded one with --module FILE, or add --any-module`);
  }
  remark(`${file}: ${differs}`);
}

function short(hash: string): string {
  return hash.slice(0, 12);
}

function greet(about: About, { json }: ReplayOptions): void {
  const { date, program, servers, lines } = about;
  if (json) printHello(date);
  else print(`recorded ${date} by standfast ${program}: ${servers.join(", ")}; ${lines.join(", ")}`);
}

function show(event: PhoneEvent, { json }: ReplayOptions): void {
  if (json) printJson(event);
  else if (!isRoutine(event)) print(eventLine(event));
}

function conclude(outcome: Outcome, { json }: ReplayOptions): void {
  const { inputs, outputs, difference } = outcome;
  if (json) {
    if (difference) printJson({ type: "difference", ...difference });
    printJson({ type: "replayed", inputs, outputs, same: difference === undefined });
    return;
  }
  const counts = `${count(inputs, "input")}, ${count(outputs, "output")}`;
  print(
    "",
    ...(difference ? [...differenceLines(difference), `before it ${counts}`] : [`${counts}, the same`]),
  );
}

/** What is shown of a long text before its first difference, and from there on. */
const [BEFORE, FROM_THERE] = [40, 120];

function differenceLines({ line, t, recorded, now }: Difference): string[] {
  const at = [...recorded].findIndex((letter, index) => letter !== now[index]);
  const from = Math.max(0, (at < 0 ? recorded.length : at) - BEFORE);
  const part = (text: string): string =>
    `${from > 0 ? ".." : ""}${text.slice(from, from + BEFORE + FROM_THERE)}`;
  return [
    `${stamp(t)}  not the same, line ${line} of the file`,
    `  recorded  ${part(recorded)}`,
    `  now       ${part(now)}`,
  ];
}

/** How the recording ends, unless the replay stopped before. */
function tellEnding(file: string, { ending }: Reader, { difference, outputs, t }: Outcome): void {
  if (difference) throw new Exit(FAILED);
  if (ending?.kind === "damaged") {
    throw new Exit(FAILED, `${file}:${ending.line}: damaged from byte ${ending.at} on; replayed up to there`);
  }
  if (outputs === 0) throw new Exit(FAILED, `${file}: nothing came out that could be compared`);
  if (ending?.kind === "cut") {
    remark(`${file}: cut off after ${stamp(t).trim()} s: the run was killed, or still goes on`);
  }
}
