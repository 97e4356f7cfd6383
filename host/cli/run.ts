// `standfast run`: keeps a phone registered and shows what it does.
import { Command, InvalidArgumentError } from "commander";
import { Phone } from "../index.ts";
import { check } from "../lint/check.ts";
import { warningLines } from "./check.ts";
import { conduct } from "./conduct.ts";
import { type ConfigOptions, configName, configToRun, withConfig } from "./config.ts";
import { LiveOutput } from "./live.ts";
import { JsonOutput, LineOutput, type Output } from "./output.ts";
import { isTerminal, remark } from "./print.ts";

const HELP = `
Examples:
  standfast run --config phone.toml
  standfast run --primary 192.0.2.1 --backup 192.0.2.2 --user 6000 --password-file secret
  standfast run --config phone.toml --wait 30 --json > events.ndjson

On a terminal it shows a table that is kept up to date; the keys stand below it. Elsewhere it prints a
line for each event, and takes typed orders from stdin ("help" lists them). Ctrl-C removes the bindings
and ends with 0; a second Ctrl-C leaves at once with 130.`;

interface RunOptions extends ConfigOptions {
  readonly wait?: number;
  readonly state?: string;
  readonly snapshot?: string;
  readonly record?: string;
  readonly json?: boolean;
}

export function runCommand(): Command {
  return withConfig(new Command("run"))
    .summary("keep a phone registered and watch it")
    .description("Register every line, follow its servers as they fail and return, and show each decision.")
    .option("--wait <seconds>", "end with 3 unless every line is in service by then", positive)
    .option("--state <file>", "remember over a crash where the phone may still be bound, and remove it then")
    .option("--snapshot <file>", "keep what the phone knows over a crash, and go on from it")
    .option("--record <file>", "write down what the core is told and says, for standfast replay")
    .option("--json", "one JSON object a line on stdout")
    .addHelpText("after", HELP)
    .action(async (options: RunOptions) => {
      const config = configToRun(options);
      remark(...warningLines(check(config)));
      const { output, selected, onKey } = outputFor(options);
      const phone = new Phone(config, {
        ...(options.state !== undefined && { stateFile: options.state }),
        ...(options.snapshot !== undefined && { snapshotFile: options.snapshot }),
        ...(options.record !== undefined && { recordFile: options.record }),
      });
      await conduct(phone, output, {
        ...(options.wait !== undefined && { waitSeconds: options.wait }),
        ...(selected && { selected }),
        ...(onKey && { onKey }),
      });
    });
}

/** Reads a number above 0. */
export function positive(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError("give a number above 0");
  return number;
}

/** Reads a whole number above 0 that is exact. */
export function whole(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number <= 0)
    throw new InvalidArgumentError("give a whole number above 0");
  return number;
}

function outputFor(options: RunOptions): {
  readonly output: Output;
  readonly selected?: () => string | undefined;
  readonly onKey?: (key: string) => boolean;
} {
  if (options.json) return { output: new JsonOutput() };
  if (!isTerminal()) return { output: new LineOutput() };
  const live = new LiveOutput(configName(options));
  return {
    output: live,
    selected: () => live.selected,
    onKey: (key) => {
      if (key === "tab") live.selectNext();
      return key === "tab";
    },
  };
}
