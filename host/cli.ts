#!/usr/bin/env node
// The program `standfast`: reads the command line, calls the command, and turns its end into an exit code.
// Each command stands in a file of host/cli/.
import { Command, CommanderError } from "commander";
import { COMMANDS } from "./cli/commands.ts";
import { CORE_TRAP, DONE, Exit, FAILED, USAGE } from "./cli/exit.ts";
import { remark, remarks } from "./cli/print.ts";
import { HostError } from "./node/error.ts";
import { hunt, isHunter } from "./node/hunters.ts";
import { VERSION } from "./version.ts";

const HELP = `
Start here:
  standfast demo                                      a standby pair fails over on this machine, 40 s
  standfast check --config phone.toml                 what a configuration promises, before it is used
  standfast run --config phone.toml                   keep the phone registered and watch it
  standfast whatif --config phone.toml --outage primary@100..400
                                                      the same outage in virtual time, at once

Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 never in service within --wait,
4 a promise was missed, 70 the core trapped, 130 second Ctrl-C.`;

function program(): Command {
  const all = new Command("standfast")
    .description("Keeps SIP accounts registered while their servers fail and return.")
    .version(VERSION)
    .addHelpText("after", HELP)
    .showHelpAfterError('("standfast --help" explains)')
    .exitOverride();
  for (const command of COMMANDS.map((make) => make())) {
    all.addCommand(
      command.exitOverride().showHelpAfterError(`("standfast ${command.name()} --help" explains)`),
    );
  }
  return all;
}

/** The exit code of an error, after it has been told. */
function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : USAGE; // it has spoken already
  if (error instanceof Exit) {
    if (error.message !== "") remarks(error.message.split("\n"));
    return error.code;
  }
  if (error instanceof HostError) {
    remarks(error.message.split("\n"));
    return FAILED;
  }
  if (error instanceof WebAssembly.RuntimeError) {
    remark(`the core trapped, which is an error of ours: ${error.message}`, error.stack ?? "");
    return CORE_TRAP;
  }
  remark(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return FAILED;
}

async function main(): Promise<void> {
  // Nobody reads any more, as behind `head`: a phone that runs removes its bindings first, as at Ctrl-C.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") process.exit(FAILED);
    process.stdout.removeAllListeners("error").on("error", () => {});
    if (!process.emit("SIGTERM")) process.exit(DONE);
  });
  try {
    await program().parseAsync();
  } catch (error) {
    process.exitCode = tell(error);
  }
}

// Threads of `simulate` run this file too.
if (isHunter()) hunt();
else await main();
