// What the settings of another maker are called. A table for each maker; reading and writing know no key by name.
//
// Above: import.ts, export.ts, host/params/render.ts for the page.

import type { Row } from "../../params/row.ts";
import { paramOf } from "../../params/table.ts";
import type { Codec } from "./codec.ts";

/** Where a server of rank 0 or 1 is: `address` is the registrar and domain, `proxy` what is asked in its place. */
export type ServerField = "address" | "port" | "proxy" | "proxyPort" | "transport";

/** One key. `X` stands for the number of a line from 1, `Y` for that of a server, 1 or 2. */
export type KeyRow = {
  readonly key: string;
  /** Written only for a server that is asked in the place of its domain. */
  readonly proxied?: boolean;
} & (
  | { readonly kind: "param"; readonly param: string; readonly codec: Codec }
  /** A part of a server; `rank` where the key does not say it. */
  | { readonly kind: "server"; readonly field: ServerField; readonly rank?: 0 | 1; readonly codec: Codec }
  /** What ours always does: any other word is only near to it. */
  | { readonly kind: "fixed"; readonly always: string; readonly others: string; readonly why: string }
  /** 0 switches the line, or its proxies, off. */
  | { readonly kind: "enable"; readonly of: "line" | "proxy" }
  /** Where it is 0 the parameter is 0, whatever its own key says. */
  | { readonly kind: "zero"; readonly param: string; readonly others: Readonly<Record<string, string>> }
  /** Known, and not ours; or said by another key. */
  | { readonly kind: "ignored"; readonly why: string }
);

export interface Dialect {
  readonly name: "yealink" | "grandstream";
  /** Keys of this maker look like this. */
  readonly looks: RegExp;
  /** Lines that such a file begins with. */
  readonly head: readonly string[];
  /** How many lines it can say; Infinity: as many as it likes. */
  readonly lines: number;
  readonly rows: readonly KeyRow[];
}

/** A key of a file: its row, and the line and server that its numbers mean (from 0). */
export interface Located {
  readonly row: KeyRow;
  readonly line: number;
  readonly rank: number;
}

/** The row of `key`; undefined: the maker's table does not have it. */
export function locate(dialect: Dialect, key: string): Located | undefined {
  for (const row of dialect.rows) {
    const found = pattern(row.key).exec(key);
    if (found === null) continue;
    const { X = "1", Y = "1" } = found.groups ?? {};
    const rank = row.kind === "server" && row.rank !== undefined ? row.rank : Number(Y) - 1;
    return { row, line: Number(X) - 1, rank };
  }
  return undefined;
}

/** The key of a row for a line and a server, both from 0. */
export function keyOf(row: KeyRow, line: number, rank: number): string {
  return row.key.replace(".X.", `.${line + 1}.`).replace(".Y.", `.${rank + 1}.`);
}

const PATTERNS = new Map<string, RegExp>();

function pattern(key: string): RegExp {
  const known = PATTERNS.get(key);
  if (known) return known;
  const text = key
    .replaceAll(".", "\\.")
    .replace("\\.X\\.", "\\.(?<X>[1-9]\\d?)\\.")
    .replace("\\.Y\\.", "\\.(?<Y>[12])\\.");
  const made = new RegExp(`^${text}$`, "i");
  PATTERNS.set(key, made);
  return made;
}

/** The parameter that a part of a server is checked by. */
export function rowOf(field: ServerField): Row {
  return paramOf(field === "transport" ? field : field.toLowerCase().endsWith("port") ? "port" : "host");
}

/** Short ways to write a row. */
export const param = (key: string, name: string, codec: Codec): KeyRow => ({
  key,
  kind: "param",
  param: name,
  codec,
});
export const ignored = (key: string, why: string): KeyRow => ({ key, kind: "ignored", why });
export const fixed = (key: string, always: string, others: string, why: string): KeyRow => ({
  key,
  kind: "fixed",
  always,
  others,
  why,
});
