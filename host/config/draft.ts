// What the lines of a configuration have said so far, each value already checked by itself.
//
// The readers of every form put their entries here; build.ts makes a PhoneConfig of it. Mistakes are
// collected, so that one reading tells them all.

import { isSecret, type Row, type Value } from "../params/row.ts";
import type { ConfigError, Ignored } from "./error.ts";
import { meaningOf, type Owner } from "./key.ts";
import { serverName, serverRank } from "./model.ts";
import { parseValue, type Raw } from "./value.ts";

/** A value that was accepted, and where it was said. */
export interface Cell {
  readonly value: Value;
  readonly where: string;
  readonly key: string;
  /** The X of the `account.X.…` that said it, 0: none. */
  readonly account: number;
}

export class Draft {
  readonly errors: ConfigError[] = [];
  readonly example = "docs/example.toml";
  readonly #ignored = new Map<string, Ignored>();
  readonly #cells = new Map<string, Cell>();
  readonly #refused = new Set<string>();
  /** Where each server and line was first spoken of. */
  readonly #servers = new Map<number, string>();
  readonly #lines = new Map<number, string>();
  /** By line: where its credentials at each server were first spoken of. */
  readonly #credentials = new Map<number, Map<number, string>>();

  /** Keys that were understood and have no effect, each once. */
  get ignored(): readonly Ignored[] {
    return [...this.#ignored.values()];
  }

  /** Where each setting that was said stands, by its name. */
  get places(): Readonly<Record<string, string>> {
    const said = [...this.#cells].filter(([name]) => !name.includes(" "));
    return Object.fromEntries(said.map(([name, { where }]) => [name, where]));
  }

  /** Ranks that were spoken of, in order. */
  get ranks(): readonly number[] {
    return [...this.#servers.keys()].sort((a, b) => a - b);
  }

  /** Lines that were spoken of, in order. */
  get lines(): readonly number[] {
    return [...this.#lines.keys()].sort((a, b) => a - b);
  }

  whereServer(rank: number): string {
    return this.#servers.get(rank) ?? "";
  }

  whereLine(index: number): string {
    return this.#lines.get(index) ?? "";
  }

  /** Ranks of the servers at which the line has credentials of their own. */
  credentialsOf(index: number): readonly number[] {
    return [...(this.#credentials.get(index)?.keys() ?? [])];
  }

  whereCredentials(index: number, rank: number): string {
    return this.#credentials.get(index)?.get(rank) ?? "";
  }

  /** The value of a row; undefined where nothing was said, so that the default holds. */
  cell(owner: Owner, name: string): Cell | undefined {
    return this.#cells.get(place(owner, name));
  }

  /** True when something was said of it and was wrong: it is not missing. */
  wasRefused(owner: Owner, name: string): boolean {
    return this.#refused.has(place(owner, name));
  }

  /** A table `servers.…` or `lines.…` was opened: it exists, even when nothing is said of it. */
  open(path: readonly string[], where: string): void {
    const [list, name = ""] = path;
    const rank = serverRank(name);
    const index = Number(name) - 1;
    if (list === "servers" && rank >= 0) this.#mention({ kind: "server", rank }, where);
    if (list === "lines" && index >= 0) this.#mention({ kind: "line", index }, where);
  }

  #mention(owner: Owner, where: string): void {
    if (owner.kind === "server") setOnce(this.#servers, owner.rank, where);
    if (owner.kind === "line" || owner.kind === "credentials") setOnce(this.#lines, owner.index, where);
    if (owner.kind !== "credentials") return;
    const held = this.#credentials.get(owner.index) ?? new Map<number, string>();
    setOnce(held, owner.rank, where);
    this.#credentials.set(owner.index, held);
  }

  /** One entry of a file. `key` is shown as it was written. */
  enter(path: readonly string[], raw: Raw, where: string, key: string = path.join(".")): void {
    const meaning = meaningOf(path);
    switch (meaning.kind) {
      case "param":
        this.#put(meaning.owner, meaning.row, meaning.factor, raw, where, key);
        break;
      case "name":
        this.#checkName(meaning.rank, raw, where);
        break;
      case "outside":
        this.#ignore(meaning.outside.labels[0] ?? key, where, meaning.outside.why);
        break;
      case "unknown":
        this.#refuseUnknown(key, where, meaning.nearest);
        break;
    }
  }

  /** As `enter`, and what was said before no longer counts. */
  replace(path: readonly string[], raw: Raw, where: string): void {
    const meaning = meaningOf(path);
    if (meaning.kind === "param") this.#cells.delete(place(meaning.owner, meaning.row.name));
    this.enter(path, raw, where);
  }

  #put(owner: Owner, row: Row, factor: number, raw: Raw, where: string, key: string): void {
    if (raw === "") return; // said to be empty: the default holds, as when nothing is said
    this.#mention(owner, where);
    const parsed = parseValue(row, raw, factor);
    if (parsed.kind === "problem") {
      const { code, tail, remedy } = parsed;
      const range = parsed.allowed === undefined ? {} : { allowed: parsed.allowed };
      const message = `${shownKey(row, key)} = ${shownValue(row, raw, factor)}${tail}`;
      this.errors.push({ code, where, message, ...range, remedy });
      this.#refused.add(place(owner, row.name));
      return;
    }
    const account = owner.kind === "phone" ? owner.account : 0;
    const cell: Cell = { value: parsed.value, where, key, account };
    const before = this.#cells.get(place(owner, row.name));
    if (before === undefined) {
      this.#cells.set(place(owner, row.name), cell);
    } else if (account === 0 || before.account === 0 || before.account === account) {
      this.#refuseDuplicate(key, where, before);
    } else if (before.value !== cell.value) {
      this.#refuseDiffering(row, key, where, before);
    }
  }

  #checkName(rank: number, raw: Raw, where: string): void {
    this.#mention({ kind: "server", rank }, where);
    if (raw === serverName(rank)) return;
    const message = `name = ${raw} at the place of ${serverName(rank)}`;
    const remedy = "put the servers in order: primary, backup1, backup2, backup3; or leave name out";
    this.errors.push({ code: "order", where, message, remedy });
  }

  #ignore(key: string, where: string, why: string): void {
    if (!this.#ignored.has(key)) this.#ignored.set(key, { key, where, why });
  }

  #refuseUnknown(key: string, where: string, near: string | undefined): void {
    const remedy = near === undefined ? "see docs/parameters.md" : `did you mean ${near}?`;
    this.errors.push({ code: "unknown-key", where, message: `unknown key ${key}`, remedy });
  }

  #refuseDuplicate(key: string, where: string, before: Cell): void {
    const same = before.key === key ? "" : ` as ${before.key}`;
    const message = `${key} is set twice, first${same} at ${before.where}`;
    this.errors.push({ code: "duplicate", where, message, remedy: "keep one of the two" });
  }

  #refuseDiffering(row: Row, key: string, where: string, before: Cell): void {
    const message = `${shownKey(row, key)} differs from ${before.key} at ${before.where}`;
    const remedy = "one set of servers and settings serves all lines: make them equal";
    this.errors.push({ code: "differs", where, message, remedy });
  }
}

function setOnce(map: Map<number, string>, key: number, where: string): void {
  if (!map.has(key)) map.set(key, where);
}

function place(owner: Owner, name: string): string {
  switch (owner.kind) {
    case "phone":
      return name;
    case "server":
      return `server ${owner.rank} ${name}`;
    case "line":
      return `line ${owner.index} ${name}`;
    case "credentials":
      return `line ${owner.index} at ${owner.rank} ${name}`;
  }
}

/** The key as written; a foreign one with our name behind it. */
function shownKey(row: Row, key: string): string {
  return key === row.name || key.endsWith(`.${row.name}`) ? key : `${key} (${row.name})`;
}

function shownValue(row: Row, raw: Raw, factor: number): string {
  if (isSecret(row)) return "***";
  return factor === 1 ? String(raw) : `${raw} times ${factor}`;
}
