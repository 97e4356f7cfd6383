// `standfast pair run`: one node, until somebody stops it; a line for each decision.
import { Command } from "commander";
import { timeOfDay } from "../node/clock.ts";
import { type NodeEvent, PairNode } from "../node/pair/node.ts";
import { Watcher } from "../node/pair/watcher.ts";
import { INTERRUPTED } from "./exit.ts";
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
Registrations that phones made here are on the disk, and are there again after the next start.`;

export function pairRunCommand(): Command {
  return new Command("run")
    .summary("run one node of a pair")
    .description("Run one node: a master, or the standby of one, as its configuration says.")
    .argument("<config>", "the configuration of the node, TOML")
    .option("--json", "one JSON object a line on stdout")
    .addHelpText("after", HELP)
    .action(run);
}

async function run(path: string, { json = false }: { readonly json?: boolean }): Promise<void> {
  const reading = anyConfigOf(path);
  if (json) printHello(timeOfDay());
  const onEvent = (event: NodeEvent): void => tell(event, json);
  const node =
    reading.kind === "watcher"
      ? await Watcher.open(reading.config, onEvent)
      : await PairNode.open(reading.config, onEvent);
  let isStopping = false;
  await new Promise<void>((resolve) => {
    const input = new TerminalInput({
      onInterrupt: () => {
        if (isStopping) process.exit(INTERRUPTED);
        isStopping = true;
        remark("stopping; Ctrl-C again leaves at once");
        void node.stop().finally(() => {
          input.close();
          resolve();
        });
      },
    });
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
