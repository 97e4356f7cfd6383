// `standfast whatif`: the shipped module in virtual time, under a scenario.
import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { Wrap } from "../core/load.ts";
import { shippedModule } from "../module.ts";
import { writeRecording } from "../node/record-file.ts";
import { aboutPhone } from "../record/about.ts";
import { Recorder } from "../record/recorder.ts";
import { renderSummary } from "../sim/render.ts";
import { outageScenario, parseScenario, ScenarioError } from "../sim/scenario.ts";
import { type Whatif, whatif } from "../sim/whatif.ts";
import { type ConfigOptions, configFrom, withConfig } from "./config.ts";
import { Exit, FAILED, USAGE } from "./exit.ts";
import { eventLine, printHello } from "./output.ts";
import { print, printJson } from "./print.ts";
import { repeatable } from "./repeatable.ts";
import { positive, whole } from "./run.ts";
import { isRoutine } from "./sentence.ts";

/** Virtual time begins with Unix time, so that the same run prints the same bytes. */
const VIRTUAL_START = "1970-01-01T00:00:00.000Z";

const HELP = `
Examples:
  standfast whatif --config phone.toml --outage primary@100..400
  standfast whatif --config phone.toml --outage primary@100 --outage backup1@300..900 --until 2000
  standfast whatif --config phone.toml --scenario night.txt --param preferPrimary=off
  standfast whatif --config phone.toml --scenario "100 primary silent; 400 primary back"

A scenario has one action a line, "<seconds> <actor> <verb> [detail]":
  primary|backup1..   silent  refuses  back  deaf  mute [line=N]  restarts  latency MS
                      answers STATUS to=REGISTER|OPTIONS [retry-after=S] [contact=SERVER] [line=N]
                      grants S [line=N]  min-expires S  shares-location SERVER
                      challenges on|off  wrong-contact  forges
  network             loss PERCENT  duplicate PERCENT  delay MIN..MAX (ms each way)
                      cut to|from|both|none  icmp on|off  rebind [server=SERVER]
  call                begin|end [line=N]
  link                down|up
  host                refresh|returnNow|callFailed|restart|stop [line=N], moveTo SERVER [line=N]
                      suspend SECONDS  reboot  copy  crash`;

interface WhatifOptions extends ConfigOptions {
  readonly scenario?: string;
  readonly outage?: readonly string[];
  readonly until?: number;
  readonly seed?: number;
  readonly record?: string;
  readonly json?: boolean;
}

export function whatifCommand(): Command {
  return withConfig(new Command("whatif"))
    .summary("play an outage in virtual time")
    .description("Run the shipped module under a scenario, in virtual time, and print what it decides.")
    .option(
      "--scenario <file|text>",
      "scenario: a file, - for stdin, or the text itself with ; between actions",
    )
    .addOption(
      repeatable("--outage <server@from[..to]>", "a server is silent from that second on; may be repeated"),
    )
    .option("--until <seconds>", "end of the run", positive)
    .option("--seed <number>", "another seed for what the phone draws at random", whole)
    .option("--record <file>", "write down what the core is told and says, for standfast replay")
    .option("--json", "one JSON object a line on stdout")
    .addHelpText("after", HELP)
    .action((options: WhatifOptions) => {
      const run = options.record === undefined ? play(options) : playRecorded(options, options.record);
      if (options.json) printAsJson(run);
      else printAsText(run);
    });
}

function playRecorded(options: WhatifOptions, file: string): Whatif {
  const pieces: string[] = [];
  const config = configFrom(options);
  const recorder = new Recorder({
    about: () => aboutPhone(config, shippedModule(), VIRTUAL_START),
    write: (text) => pieces.push(text),
  });
  const run = play(options, config, recorder.wrap);
  recorder.end();
  try {
    writeRecording(file, pieces);
  } catch (error) {
    throw new Exit(FAILED, `${file}: ${(error as Error).message}`);
  }
  return run;
}

function play(options: WhatifOptions, config = configFrom(options), wrap?: Wrap): Whatif {
  const servers = config.servers.map(({ name }) => name);
  const outages = (options.outage ?? []).map((text) => outageFrom(text, servers));
  const scenario = [scenarioText(options.scenario), ...outages].join("\n");
  return usage("scenario:", () =>
    whatif({
      module: shippedModule(),
      config,
      scenario,
      ...(wrap && { wrap }),
      ...(options.until !== undefined && { untilMs: options.until * 1000 }),
      ...(options.seed !== undefined && { seed: options.seed }),
    }),
  );
}

/** One outage as scenario text; judged alone, as its line in the whole is one that nobody wrote. */
function outageFrom(text: string, servers: readonly string[]): string {
  const scenario = usage("--outage ", () => outageScenario(text));
  usage(`--outage ${text}: `, () => parseScenario(scenario, { servers }));
  return scenario;
}

/** Calls; a mistake in a scenario becomes one of the command line, told with `where` it stands. */
function usage<T>(where: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    const place = where === "scenario:" ? /^scenario:/ : /^scenario:\d+: /;
    throw new Exit(USAGE, `${where}${error.message.replace(place, "")}`);
  }
}

function printAsJson(run: Whatif): void {
  printHello(VIRTUAL_START);
  for (const event of run.events) printJson(event);
}

function printAsText(run: Whatif): void {
  print(...run.events.filter((event) => !isRoutine(event)).map(eventLine), "");
  print(...run.summary.flatMap((line) => renderSummary(line, run.untilMs)));
}

/** Text that begins like an action is the scenario itself; anything else is a file. */
function scenarioText(given: string | undefined): string {
  if (given === undefined) return "";
  if (/^\s*[\d.]+\s+\S+\s+\S/.test(given)) return given.replaceAll(";", "\n");
  try {
    return readFileSync(given === "-" ? 0 : given, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Exit(
      USAGE,
      `${given}: the scenario cannot be read (${code}); give a file, - or "100 primary silent"`,
    );
  }
}
