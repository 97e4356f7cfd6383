// The TOML form: our names, one table for each server and each line.
//
// The parser is one that keeps positions, so that every message can name the line of a key.
// Above: read.ts.

import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
import type { ConfigError } from "./error.ts";
import { serverName } from "./model.ts";
import type { Raw } from "./value.ts";

/** Who takes the entries of a file: the draft of a phone, or the one of a node of a pair. */
export interface Entries {
  readonly errors: ConfigError[];
  /** The file or page that shows all keys, for messages. */
  readonly example: string;
  /** A table was opened. */
  open(path: readonly string[], where: string): void;
  enter(path: readonly string[], raw: Raw, where: string): void;
}

/**
 * Puts every entry of `text` into `draft`.
 * @param name the file, as messages call it
 * @returns false when it is no TOML, so that nothing of it could be read
 */
export function readToml(text: string, name: string, draft: Entries): boolean {
  const program = parse(text, name, draft);
  for (const node of program?.body[0].body ?? []) {
    if (node.type === "TOMLKeyValue") readPair(node, [], name, draft);
    else readTable(node, name, draft);
  }
  return program !== undefined;
}

function parse(text: string, name: string, draft: Entries): AST.TOMLProgram | undefined {
  try {
    return parseTOML(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    draft.errors.push(syntaxError(error, text.split("\n"), name, draft.example));
    return undefined;
  }
}

/** The words around a mistake are not shown: they may be a password without its quotes. */
function syntaxError(
  error: ParseError,
  lines: readonly string[],
  name: string,
  example: string,
): ConfigError {
  const remedy = `texts stand in quotes, switches are true or false; ${example} shows all`;
  const line = (lines[error.lineNumber - 1] ?? "").trim();
  if (error.message.startsWith("Defining a key multiple times")) {
    const where = `${name}:${error.lineNumber}`;
    return { code: "duplicate", where, message: `${keyOf(line)} is set twice`, remedy: "keep one" };
  }
  const before = lines[error.lineNumber - 2] ?? "";
  if (/=\s*$/.test(before)) {
    const where = `${name}:${error.lineNumber - 1}`;
    return { code: "syntax", where, message: `${keyOf(before)} has no value`, remedy };
  }
  const where = `${name}:${error.lineNumber}`;
  const message = `no TOML from column ${error.column + 1} on`;
  return { code: "syntax", where, message, remedy };
}

/** What stands left of the `=`, or the header of a table. The value may be a secret. */
function keyOf(line: string): string {
  return line.startsWith("[") ? line : (line.split("=")[0] ?? "").trim();
}

function readTable(table: AST.TOMLTable, name: string, draft: Entries): void {
  const path = pathOf(table.resolvedKey);
  const where = `${name}:${table.loc.start.line}`;
  if (path.length >= 2 && (path[0] === "servers" || path[0] === "lines")) {
    draft.open(path, where);
  } else if (table.body.length === 0) {
    draft.enter(path, "", where);
  }
  for (const pair of table.body) readPair(pair, path, name, draft);
}

/** A list of tables counts its elements from 0: servers get their names, lines count from 1. */
function pathOf(keys: readonly (string | number)[]): readonly string[] {
  return keys.map((key, at) => (typeof key === "number" && at === 1 ? element(keys[0], key) : `${key}`));
}

function element(list: string | number | undefined, index: number): string {
  return list === "servers" ? serverName(index) : String(index + 1);
}

function readPair(pair: AST.TOMLKeyValue, above: readonly string[], name: string, draft: Entries): void {
  const keys = pair.key.keys.map((key) => (key.type === "TOMLBare" ? key.name : key.value));
  readValue(pair.value, [...above, ...keys], name, draft);
}

function readValue(node: AST.TOMLContentNode, path: readonly string[], name: string, draft: Entries): void {
  const where = `${name}:${node.loc.start.line}`;
  if (node.type === "TOMLInlineTable") {
    draft.open(path, where);
    for (const pair of node.body) readPair(pair, path, name, draft);
  } else if (node.type === "TOMLArray") {
    readList(node, path, name, draft);
  } else if (isPlain(node.value)) {
    draft.enter(path, node.value, where);
  } else {
    const message = `${path.join(".")} = ${node.kind}`;
    const remedy = "write a number, a text in quotes, true or false";
    draft.errors.push({ code: "wrong-type", where, message: `${message} means nothing here`, remedy });
  }
}

/** Parameters that may be written as a list. */
const LISTS = ["acceptList", "nameServers"];

function readList(list: AST.TOMLArray, path: readonly string[], name: string, draft: Entries): void {
  const where = `${name}:${list.loc.start.line}`;
  const elements = list.elements;
  if (path.length === 1 && (path[0] === "servers" || path[0] === "lines")) {
    elements.forEach((item, index) => {
      readValue(item, [...path, element(path[0], index)], name, draft);
    });
  } else if (LISTS.includes(path.join("."))) {
    const items = elements.map((item) => (item.type === "TOMLValue" ? String(item.value) : "[]"));
    draft.enter(path, items.join(","), where);
  } else {
    const message = `${path.join(".")} is a list`;
    draft.errors.push({ code: "wrong-type", where, message, remedy: "write one value" });
  }
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
