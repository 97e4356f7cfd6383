// `standfast pair run`: one node, until somebody stops it; a line for each decision.
import { Command } from "commander";
import { timeOfDay } from "../node/clock.ts";
import { PairNode } from "../node/pair/node.ts";
import type { NodeEvent } from "../node/pair/node-event.ts";
import { Watcher } from "../node/pair/watcher.ts";
import { Exit, INTERRUPTED, UNREADY } from "./exit.ts";
import { printHello } from "./output.ts";
import { anyConfigOf } from "./pair-config.ts";
import { colours, print, printJson, remark } from "./print.ts";
import { TerminalInput } from "./terminal.ts";
import { stamp } from "./words.ts";

const HELP = `
Examples:
  standfast pair run master.toml
  standfast pair run standby.toml --json > events.ndjson

Ctrl-C or SIGTERM removes the registration at the master and ends with 0; a second one leaves at once with 130.
A standby that is not ready (docs/readiness.md) ends with 69; with --exit-unready as soon as it knows.
SIGHUP reads the configuration again and says which readiness options would be others after a restart.
Registrations that phones made here are on the disk, and are there again after the next start.`;

export function pairRunCommand(): Command {
  return new Command("run")
    .summary("run one node of a pair")
    .description("Run one node: a master, or the standby of one, as its configuration says.")
    .argument("<config>", "the configuration of the node, TOML")
    .option("--json", "one JSON object a line on stdout")
    .option(
      "--exit-unready",
      "end with 69 when the check of the start fails, instead of waiting for what is missing",
    )
    .addHelpText("after", HELP)
    .action(run);
}

interface Options {
  readonly json?: boolean;
  readonly exitUnready?: boolean;
}

async function run(path: string, { json = false, exitUnready = false }: Options): Promise<void> {
  const reading = anyConfigOf(path);
  if (json) printHello(timeOfDay());
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const onEvent = (event: NodeEvent): void => {
    tell(event, json);
    if (exitUnready && event.to === "SERVICE_UNAVAILABLE") stop();
  };
  const node =
    reading.kind === "watcher"
      ? await Watcher.open(reading.config, onEvent)
      : await PairNode.open(reading.config, onEvent);
  const input = inputOf(path, node, stop);
  process.once("disconnect", stop); // whoever started it over a channel is gone
  await stopped;
  const isUnready = node instanceof PairNode && node.readiness === "SERVICE_UNAVAILABLE";
  await node.stop();
  input.close();
  if (process.connected) process.disconnect();
  if (isUnready) throw new Exit(UNREADY);
}

function inputOf(path: string, node: PairNode | Watcher, stop: () => void): TerminalInput {
  let isStopping = false;
  return new TerminalInput({
    onInterrupt: () => {
      if (isStopping) process.exit(INTERRUPTED);
      isStopping = true;
      remark("stopping; Ctrl-C again leaves at once");
      stop();
    },
    onHangup: () => {
      try {
        const reading = anyConfigOf(path);
        if (node instanceof PairNode && reading.kind === "config")
          node.reread(reading.config.settings.readiness);
      } catch (error) {
        remark(`not read again: ${(error as Error).message}`);
      }
    },
  });
}

function tell(event: NodeEvent, json: boolean): void {
  if (json) printJson(event);
  else print(`${stamp(event.t)}  ${painted(event)}`);
}

function painted({ type, text, on, to }: NodeEvent): string {
  const line = `${type.padEnd(10)}  ${text}`;
  if (type === "fault" || to === "SERVICE_UNAVAILABLE") return colours.red(line);
  if (type === "alarm" || type === "problem")
    return on === false ? colours.green(line) : colours.yellow(line);
  return type === "role" ? colours.bold(line) : line;
}
