// docs/cli.md says what the program says: commands, options, keys, events and exit codes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Command } from "commander";
import { COMMANDS } from "../../../host/cli/commands.ts";
import * as codes from "../../../host/cli/exit.ts";
import { KEYS, ORDER_HELP } from "../../../host/cli/orders.ts";
import { eventTypes } from "../../../host/core/events.ts";

/** Every command, and every command of it. */
function allCommands(of: readonly Command[] = COMMANDS.map((make) => make())): readonly Command[] {
  return of.flatMap((command) => [command, ...allCommands(command.commands)]);
}

const PAGE = readFileSync("docs/cli.md", "utf8");

test("every option of every command is on the page", () => {
  for (const command of allCommands()) {
    const name = command.parent === null ? `standfast ${command.name()}` : command.name();
    assert.ok(PAGE.includes(name), name);
    for (const { long, hidden } of command.options) {
      assert.ok(hidden || PAGE.includes(`${long}`), `${command.name()} ${long}`);
    }
  }
});

test("no help shows an empty list as a default", () => {
  for (const command of allCommands()) {
    assert.doesNotMatch(command.helpInformation(), /\[\]\)/, command.name());
  }
});

test("every option on the page is one of a command", () => {
  const known = allCommands().flatMap(({ options }) => options.map(({ long }) => long));
  const named = [...PAGE.matchAll(/--[a-z][a-z0-9-]+/g)].map(([option]) => option);
  assert.deepEqual(
    named.filter((option) => !known.includes(option) && option !== "--help"),
    [],
  );
});

test("every exit code, key, typed order and event is on the page", () => {
  for (const code of Object.values(codes)) {
    if (typeof code === "number") assert.match(PAGE, new RegExp(`^\\| ${code} \\|`, "m"));
  }
  for (const key of KEYS.keys()) assert.ok(/[1-4]/.test(key) || PAGE.includes(`\`${key}\``), key);
  for (const line of ORDER_HELP) {
    const [typed = ""] = line.split(/ {2,}| (?=a call began)/);
    if (typed !== "help") assert.ok(PAGE.includes(typed.replaceAll("|", "\\|")), typed);
  }
  for (const type of eventTypes()) assert.ok(PAGE.includes(`\`${type}\``), type);
});
