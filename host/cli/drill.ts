// `standfast drill`: proves the real backup by cutting the primary off inside this program.
import { Command } from "commander";
import { Phone } from "../index.ts";
import { type Promises, promisesOf } from "../lint/promises.ts";
import { conduct } from "./conduct.ts";
import { type ConfigOptions, configToRun, withConfig } from "./config.ts";
import { Exit, PROMISE_MISSED, USAGE } from "./exit.ts";
import { isKept, printPromises } from "./promise.ts";
import { Rehearsal } from "./rehearsal.ts";
import { positive } from "./run.ts";
import { Timeline } from "./timeline.ts";
import { count, span } from "./words.ts";

const HELP = `
Examples:
  standfast drill --config phone.toml --for 90
  standfast drill --config phone.toml --server primary --for 300 --json

No server is touched: for that time every packet to and from the one server is dropped inside this
program, so the phone has to find its backup as if the server were dead. Then they pass again, and the
phone has to come back. Each measured time stands beside what "standfast check" promises.
Exit code 0: every promise was kept; 4: one was missed; 3: never in service within --wait.
Ctrl-C lets packets pass again, removes the bindings and ends with 0.`;

const WAIT_SECONDS = 30;

interface DrillOptions extends ConfigOptions {
  readonly server: string;
  readonly for: number;
  readonly wait: number;
  readonly json?: boolean;
}

export function drillCommand(): Command {
  return withConfig(new Command("drill"))
    .summary("prove the backup by cutting a server off inside this program")
    .description("Run the phone, drop one server's packets for a while, and measure what follows.")
    .option("--server <name>", "server to cut off", "primary")
    .requiredOption("--for <seconds>", "how long", positive)
    .option("--wait <seconds>", "end with 3 unless every line is in service by then", positive, WAIT_SECONDS)
    .option("--json", "one JSON object a line on stdout")
    .addHelpText("after", HELP)
    .action(drill);
}

async function drill(options: DrillOptions): Promise<void> {
  const config = configToRun(options);
  const promised = promisesOf(config);
  judgeOptions(
    options,
    config.servers.map(({ name }) => name),
    promised,
  );
  const phone = new Phone(config);
  const timeline = new Timeline(options.json === true);
  const { server, for: seconds, wait } = options;
  const rehearsal = new Rehearsal(phone, timeline, { server, seconds, waitSeconds: wait });
  await conduct(phone, timeline, { meanwhile: (signal) => rehearsal.run(signal) });
  if (rehearsal.verdict) throw rehearsal.verdict;
  if (!rehearsal.isOver || rehearsal.measured.length === 0) return;
  const kept = printPromises(rehearsal.measured, options.json === true);
  const missed = rehearsal.measured.filter((one) => !isKept(one)).length;
  if (!kept) throw new Exit(PROMISE_MISSED, `${count(missed, "promise")} missed`);
}

/** A drill that could prove nothing is refused before it starts. */
function judgeOptions(options: DrillOptions, servers: readonly string[], promised: Promises): void {
  if (!servers.includes(options.server)) {
    throw new Exit(USAGE, `--server ${options.server}: the configuration has ${servers.join(", ")}`);
  }
  const { serviceMs, detectMs, detectColdMs } = promised;
  if (serviceMs === null) {
    throw new Exit(USAGE, "there is no backup server, so there is nothing to prove; add one");
  }
  const worstMs = serviceMs + detectColdMs - detectMs;
  if (options.for * 1000 >= worstMs) return;
  const promise = `service on a backup is promised within ${span(worstMs)}`;
  const remedy = `give ${Math.ceil(worstMs / 1000) + 1} or more, or set primaryDetectInterval`;
  throw new Exit(USAGE, `--for ${options.for}: too short, ${promise}; ${remedy}`);
}
