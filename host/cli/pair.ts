// `standfast pair`: a master and its standby, one node a process. The guide: docs/pair.md.
import { Command } from "commander";
import { initCommand } from "./pair-init.ts";
import { licenceCommand, objectCommand } from "./pair-objects.ts";
import { pairRunCommand } from "./pair-run.ts";
import { statusCommand, verifyCommand } from "./pair-show.ts";

const HELP = `
Examples:
  standfast pair init mypair                    writes a pair that works on this machine
  standfast pair run mypair/master.toml         the one node
  standfast pair run mypair/standby.toml        and the other, in another terminal
  standfast pair verify mypair/master.toml mypair/standby.toml
  standfast pair status mypair/standby.toml

docs/pair.md is the guide.`;

export function pairCommand(): Command {
  const pair = new Command("pair")
    .summary("run two registrars as master and standby")
    .description("Run a registrar with a standby that takes over when it is gone, and gives back.")
    .addHelpText("after", HELP);
  for (const make of [
    initCommand,
    pairRunCommand,
    statusCommand,
    verifyCommand,
    objectCommand,
    licenceCommand,
  ]) {
    const command = make();
    pair.addCommand(
      command.exitOverride().showHelpAfterError(`("standfast pair ${command.name()} --help" explains)`),
    );
  }
  return pair;
}
