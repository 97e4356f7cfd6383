// `standfast import` and `standfast export`: the files of other makers, in and out.
import { readFileSync } from "node:fs";
import { Argument, Command, Option } from "commander";
import { describeError } from "../config/error.ts";
import { unreadable } from "../config/file.ts";
import { decode } from "../config/text.ts";
import { exportAs, FORMS, type Form, formOf, importAs } from "../config/vendors/all.ts";
import type { Finding } from "../config/vendors/import.ts";
import { toKeyValue, toToml } from "../config/write.ts";
import { check } from "../lint/check.ts";
import { warningLines } from "./check.ts";
import { type ConfigOptions, configFrom, passwordFrom, withConfig } from "./config.ts";
import { Exit, USAGE } from "./exit.ts";
import { remark, remarks } from "./print.ts";

const IMPORT_HELP = `
Examples:
  standfast import y000000000028.cfg > phone.toml
  standfast import cfg000b82.xml --from grandstream --out keyvalue > phone.cfg

The configuration goes to stdout with its passwords, and to stderr, key by key and without any value, what became of
each: mapped, approximated, ignored, unknown. docs/provisioning.md has the tables.
Exit code 0: read; 2: refused, with every mistake named, and nothing on stdout.`;

const EXPORT_HELP = `
Examples:
  standfast export --config phone.toml --to yealink > phone.cfg

The file goes to stdout with its passwords, and to stderr what the form cannot say, or only nearly.`;

interface ImportOptions {
  readonly from: Form | "auto";
  readonly out: "toml" | "keyvalue";
  readonly passwordFile?: string;
}

export function importCommand(): Command {
  return new Command("import")
    .summary("read the provisioning file of another maker")
    .description(
      "Turn the provisioning file of another maker into a configuration, and say what became of each key.",
    )
    .addArgument(new Argument("<file>", "the file; - is stdin"))
    .addOption(new Option("--from <form>", "whose form it is").choices([...FORMS, "auto"]).default("auto"))
    .addOption(new Option("--out <form>", "what to write").choices(["toml", "keyvalue"]).default("toml"))
    .option("--password-file <file>", "file whose first line is the password of lines without one")
    .addHelpText("after", IMPORT_HELP)
    .action((file: string, options: ImportOptions) => importFile(file, options));
}

export function exportCommand(): Command {
  return withConfig(new Command("export"))
    .summary("write a configuration in the form of another maker")
    .description("Write a configuration in the form of another maker, and say what that form cannot say.")
    .addOption(new Option("--to <form>", "whose form").choices(FORMS).makeOptionMandatory())
    .addHelpText("after", EXPORT_HELP)
    .action((options: ConfigOptions & { readonly to: Form }) => {
      const { text, losses } = exportAs(options.to, configFrom(options));
      remark(...losses.map(({ kind, what, why }) => `${kind}: ${what}: ${why}`));
      process.stdout.write(text);
    });
}

function importFile(file: string, options: ImportOptions): void {
  const { from, out } = options;
  const name = file === "-" ? "stdin" : file;
  const decoded = decode(bytesOf(file), name);
  if (decoded.kind === "refused") throw new Exit(USAGE, describeError(decoded.error));
  const form = from === "auto" ? formOf(decoded.text) : from;
  const read = importAs(form, decoded.text, name, passwordFrom(options));
  remarks([`${name}: read as ${form}`, ...read.findings.map(describe)]);
  if (read.kind === "refused") throw new Exit(USAGE, read.errors.map(describeError).join("\n"));
  remark(...warningLines(check(read.config)));
  process.stdout.write(out === "toml" ? toToml(read.config) : toKeyValue(read.config));
}

function describe({ kind, key, where, why }: Finding): string {
  return `${where}: ${key}: ${kind}${why === undefined ? "" : `: ${why}`}`;
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file === "-" ? 0 : file);
  } catch (error) {
    throw new Exit(USAGE, describeError(unreadable(file, "the file", error)));
  }
}
