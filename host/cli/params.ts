// `standfast params`: every parameter with its default and range, from the one table.
import { Command } from "commander";
import { OUTSIDE } from "../params/outside.ts";
import { allowed, defaultText, type Row } from "../params/row.ts";
import { PARAMS, paramNamed } from "../params/table.ts";
import { columns } from "./columns.ts";
import { Exit, USAGE } from "./exit.ts";
import { print, printJson, screenWidth } from "./print.ts";

const HELP = `
Examples:
  standfast params                          all of them, a line each
  standfast params primaryDetectInterval    one of them, with its other names and its source
  standfast params --json                   for programs

A parameter is set in a configuration file, or by --param NAME=VALUE of run, check, whatif and drill.`;

export function paramsCommand(): Command {
  return new Command("params")
    .summary("list the parameters with their defaults and ranges")
    .description("List every parameter with its default, its range and what it does; or one of them in full.")
    .argument("[name]", "one parameter")
    .option("--json", "one JSON object on stdout")
    .addHelpText("after", HELP)
    .action((name: string | undefined, options: { json?: boolean }) => {
      const rows = name === undefined ? PARAMS : [known(name)];
      if (options.json) printJson({ params: rows, ...(name === undefined && { ignored: OUTSIDE }) });
      else print(...(name === undefined ? list() : detail(known(name))));
    });
}

function known(name: string): Row {
  const row = paramNamed(name);
  if (row) return row;
  const near = PARAMS.filter((row) => row.name.toLowerCase().includes(name.toLowerCase())).map(
    (row) => row.name,
  );
  const hint = near.length > 0 ? `did you mean ${near.join(" or ")}?` : `"standfast params" lists them`;
  throw new Exit(USAGE, `params: no parameter "${name}"; ${hint}`);
}

function list(): string[] {
  const section = (title: string, rows: readonly Row[]): string[] => [
    title,
    ...columns(
      rows.map((row) => [
        `  ${row.name}`,
        defaultText(row),
        row.kind === "text" ? "" : allowed(row),
        row.help,
      ]),
      screenWidth(),
    ),
    "",
  ];
  return [
    ...section(
      "On the pages of the phone  (name, default, range, meaning)",
      PARAMS.filter((row) => row.shown === "visible"),
    ),
    ...section(
      "Hidden",
      PARAMS.filter((row) => row.shown === "hidden"),
    ),
  ].slice(0, -1);
}

function detail(row: Row): string[] {
  const facts: [string, string | undefined][] = [
    ["default", defaultText(row)],
    ["allowed", row.kind === "text" ? undefined : allowed(row)],
    ["0 means", row.kind === "number" ? row.zero : undefined],
    ["empty", row.kind === "text" ? row.empty : undefined],
    ["set for", row.scope === "line" || row.scope === "server" ? `each ${row.scope}` : "the phone"],
    ["on the page", row.labels?.join(", ")],
    ["key", row.key],
    [
      "elsewhere",
      row.aliases?.map(([key, factor = 1]) => (factor === 1 ? key : `${key} (times ${factor})`)).join(", "),
    ],
    ["source", row.source],
  ];
  const told = facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== "");
  return [
    row.name,
    `  ${row.help}`,
    ...columns(
      told.map(([what, text]) => [`  ${what}`, text]),
      screenWidth(),
    ),
  ];
}
