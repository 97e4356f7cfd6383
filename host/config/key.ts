// What a key of a configuration means: whose value it is, and of which row.
//
// Three vocabularies are understood side by side: ours, the labels and DBID keys of the phone, and the
// names of other makers. Below: host/params. Above: draft.ts.

import { OUTSIDE, type Outside } from "../params/outside.ts";
import type { Row } from "../params/row.ts";
import { PARAMS } from "../params/table.ts";
import { serverRank } from "./model.ts";
import { nearest } from "./nearest.ts";

/** Whose value it is. Ranks count from 0 (the primary), lines from 0. */
export type Owner =
  /** `account`: the X of `account.X.…`, 0 for a name without one. */
  | { readonly kind: "phone"; readonly account: number }
  | { readonly kind: "server"; readonly rank: number }
  | { readonly kind: "line"; readonly index: number }
  | { readonly kind: "credentials"; readonly index: number; readonly rank: number };

export type Meaning =
  | { readonly kind: "param"; readonly owner: Owner; readonly row: Row; readonly factor: number }
  /** `name` of a server: only checked, the place in the list gives it. */
  | { readonly kind: "name"; readonly rank: number }
  | { readonly kind: "outside"; readonly outside: Outside }
  /** `nearest`: the name that was probably meant. */
  | { readonly kind: "unknown"; readonly nearest?: string };

/** What a name alone means. */
export type Known =
  | { readonly kind: "row"; readonly row: Row; readonly factor: number }
  | { readonly kind: "outside"; readonly outside: Outside };

/**
 * @param path the key at its dots: `["servers", "backup1", "host"]`, `["lines", "1", "password"]`,
 *             `["maxDetectFailCount"]`
 */
export function meaningOf(path: readonly string[]): Meaning {
  const [list, name = "", field = ""] = path;
  if (list === "servers" && path.length === 3) return ofServer(name, field);
  if (list === "lines" && path.length >= 3) return ofLine(path.slice(1));
  if (list === "servers") return { kind: "unknown", nearest: `servers.primary.${name || "host"}` };
  if (list === "lines") return { kind: "unknown", nearest: `lines.1.${name || "phoneNumber"}` };
  return ofPhone(path.join("."));
}

function ofServer(name: string, field: string): Meaning {
  const rank = serverRank(name);
  if (rank < 0) return unknown(name, ["primary", "backup1", "backup2", "backup3"]);
  if (field === "name") return { kind: "name", rank };
  return ofScope("server", field, { kind: "server", rank });
}

function ofLine(path: readonly string[]): Meaning {
  const [number = "", field = "", server = "", secret = ""] = path;
  if (!/^[1-9]\d{0,3}$/.test(number)) return { kind: "unknown" };
  const index = Number(number) - 1;
  if (path.length === 2) return ofScope("line", field, { kind: "line", index });
  if (field !== "credentials" || path.length !== 4) return unknown(field, ["credentials"]);
  const rank = serverRank(server);
  if (rank < 0) return unknown(server, ["primary", "backup1", "backup2", "backup3"]);
  if (secret !== "account" && secret !== "password") return unknown(secret, ["account", "password"]);
  return ofScope("line", secret, { kind: "credentials", index, rank });
}

function ofScope(scope: Row["scope"], field: string, owner: Owner): Meaning {
  const row = PARAMS.find((candidate) => candidate.scope === scope && candidate.name === field);
  if (row !== undefined) return { kind: "param", owner, row, factor: 1 };
  const names = PARAMS.filter((candidate) => candidate.scope === scope).map(({ name }) => name);
  return unknown(field, names);
}

/** A name that stands for itself. Those of a line mean the first one, or the X of `account.X.…`. */
function ofPhone(key: string): Meaning {
  const numbered = /^account\.([1-9]\d{0,3})\.(.+)$/i.exec(key);
  const name = numbered === null ? key : `account.X.${numbered[2]}`;
  const account = numbered === null ? 0 : Number(numbered[1]);
  const known = VOCABULARY.get(folded(name));
  if (known === undefined) return unknown(key, FLAT_NAMES);
  if (known.kind === "outside") return known;
  const owner: Owner =
    known.row.scope === "line"
      ? { kind: "line", index: Math.max(account - 1, 0) }
      : { kind: "phone", account };
  return { kind: "param", owner, row: known.row, factor: known.factor };
}

function unknown(key: string, names: readonly string[]): Meaning {
  const found = nearest(key, names);
  return found === undefined ? { kind: "unknown" } : { kind: "unknown", nearest: found };
}

/** Letters and digits alone: labels are copied with blanks, colons and units in brackets. */
function folded(key: string): string {
  return key
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

/** Rows that a name alone can mean. Host, port and domain need to say of which server. */
const FLAT_ROWS = PARAMS.filter((row) => row.scope !== "server" || row.name === "transport");
const FLAT_NAMES = FLAT_ROWS.map(({ name }) => name);
/** Every such name, folded: letters and digits alone, lower case; `accountx` stands for any number of an account. */
export const VOCABULARY = vocabulary();

function vocabulary(): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>();
  for (const outside of OUTSIDE) {
    for (const name of [...outside.labels, ...(outside.keys ?? [])]) {
      known.set(folded(name), { kind: "outside", outside });
    }
  }
  for (const row of FLAT_ROWS) {
    const own = [row.name, ...(row.labels ?? []), ...(row.key === undefined ? [] : [row.key])];
    for (const name of own) known.set(folded(name), { kind: "row", row, factor: 1 });
    for (const [name, factor = 1] of row.aliases ?? []) {
      known.set(folded(name), { kind: "row", row, factor });
    }
  }
  return known;
}
