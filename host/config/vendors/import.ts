// A file of another maker, as a configuration of ours and a list of what became of each key.
//
// Its values are checked against the maker's own ranges, then entered like those of any file, so that every rule of
// build.ts holds and nothing is half applied. Below: dialect.ts, draft.ts, build.ts.

import type { Row, Value } from "../../params/row.ts";
import { paramNamed } from "../../params/table.ts";
import { build } from "../build.ts";
import { Draft } from "../draft.ts";
import type { ConfigError } from "../error.ts";
import { splitHostPort, withoutBrackets } from "../host.ts";
import { type PhoneConfig, serverName } from "../model.ts";
import type { Context } from "./codec.ts";
import { type Dialect, type KeyRow, type Located, locate, rowOf, type ServerField } from "./dialect.ts";
import { type Entry, entriesOf } from "./entries.ts";

/** What became of one key. Values are not shown: one may be a password. */
export interface Finding {
  readonly kind: "mapped" | "approximated" | "ignored" | "unknown";
  readonly key: string;
  /** `file:line`; on the way out the name of our parameter. */
  readonly where: string;
  readonly why?: string;
}

export type Import =
  | { readonly kind: "accepted"; readonly config: PhoneConfig; readonly findings: readonly Finding[] }
  | {
      readonly kind: "refused";
      readonly errors: readonly ConfigError[];
      readonly findings: readonly Finding[];
    };

/** @param password for lines to which the file gives none */
export function importFile(text: string, name: string, dialect: Dialect, password = ""): Import {
  return new Importer(name, dialect).run(entriesOf(text, name), password);
}

interface Kept {
  readonly entry: Entry;
  readonly value: Value;
}

type Fields = Partial<Record<ServerField, Kept>>;

class Importer {
  readonly #name: string;
  readonly #dialect: Dialect;
  readonly #draft = new Draft();
  readonly #findings: Finding[] = [];
  readonly #phone = new Map<string, Kept>();
  /** By line, then by name. */
  readonly #lines = new Map<number, Map<string, Kept>>();
  /** By line, then by rank. */
  readonly #servers = new Map<number, Map<number, Fields>>();
  readonly #off = { line: new Set<number>(), proxy: new Set<number>() };
  readonly #zeroes = new Map<string, Kept>();
  #context: Context = { t1: 500, t2: 4000 };

  constructor(name: string, dialect: Dialect) {
    this.#name = name;
    this.#dialect = dialect;
  }

  run(entries: readonly Entry[], password: string): Import {
    const known = entries.flatMap((entry) => this.#located(entry));
    this.#refuseDoubles(known.map(([entry]) => entry));
    // The timers of the transport first: what a number of repeats means depends on them.
    const isTimer = ([, { row }]: (typeof known)[number]) =>
      row.kind === "param" && /^t[12]$/.test(row.param);
    for (const [entry, located] of known.filter(isTimer)) this.#take(entry, located);
    this.#context = { t1: this.#number("t1", 500), t2: this.#number("t2", 4000) };
    for (const [entry, located] of known.filter((one) => !isTimer(one))) this.#take(entry, located);
    this.#enterAll();
    const reading = build(this.#draft, this.#name, password);
    const findings = this.#findings.sort((a, b) => lineOf(a) - lineOf(b));
    if (reading.kind === "refused") return { kind: "refused", errors: reading.errors, findings };
    return { kind: "accepted", config: reading.config, findings };
  }

  /** An empty value says nothing; a key that no table has is named. */
  #located(entry: Entry): readonly (readonly [Entry, Located])[] {
    const located = locate(this.#dialect, entry.key);
    if (located === undefined) this.#find("unknown", entry, "no table has this key");
    else if (entry.value !== "") return [[entry, located]];
    return [];
  }

  #refuseDoubles(entries: readonly Entry[]): void {
    const first = new Map<string, string>();
    for (const { key, where } of entries) {
      const before = first.get(key.toLowerCase());
      first.set(key.toLowerCase(), before ?? where);
      if (before === undefined) continue;
      const message = `${key} is set twice, first at ${before}`;
      this.#draft.errors.push({ code: "duplicate", where, message, remedy: "keep one of the two" });
    }
  }

  #number(name: string, otherwise: number): number {
    return Number(this.#phone.get(name)?.value ?? otherwise);
  }

  #take(entry: Entry, { row, line, rank }: Located): void {
    switch (row.kind) {
      case "param":
        this.#takeParam(entry, row, line);
        break;
      case "server":
        this.#takeServer(entry, row, line, rank);
        break;
      case "fixed":
        if (![row.always, row.others].includes(entry.value))
          this.#refuse(entry, `${row.others} or ${row.always}`);
        else if (entry.value === row.always) this.#find("mapped", entry);
        else this.#find("approximated", entry, row.why);
        break;
      case "enable":
        if (entry.value === "0") this.#off[row.of].add(line);
        this.#find("mapped", entry);
        break;
      case "zero":
        this.#takeZero(entry, row);
        break;
      case "ignored":
        this.#find("ignored", entry, row.why);
        break;
    }
  }

  #takeParam(entry: Entry, row: KeyRow & { kind: "param" }, line: number): void {
    const own = paramNamed(row.param);
    if (own === undefined) {
      this.#find("ignored", entry, `${row.param} is not built yet`);
      return;
    }
    const value = this.#read(entry, row, own);
    if (value === undefined) return;
    const place = own.scope === "line" ? mapOf(this.#lines, line) : this.#phone;
    const before = place.get(own.name);
    if (before === undefined) place.set(own.name, { entry, value });
    else if (before.value !== value) {
      const { key, where } = before.entry;
      this.#find(
        "approximated",
        entry,
        `one value serves all lines and servers, and ${key} at ${where} is it`,
      );
    }
  }

  #takeZero(entry: Entry, { param, others }: KeyRow & { kind: "zero" }): void {
    const why = others[entry.value];
    if (entry.value === "0") this.#zeroes.set(param, { entry, value: 0 });
    if (why !== undefined) this.#find("approximated", entry, why);
    else if (["0", "1"].includes(entry.value)) this.#find("mapped", entry);
    else this.#refuse(entry, ["0", "1", ...Object.keys(others)].join(" or "));
  }

  #takeServer(entry: Entry, row: KeyRow & { kind: "server" }, line: number, rank: number): void {
    const value = this.#read(entry, row, rowOf(row.field));
    if (value === undefined) return;
    const ranks = mapOf(this.#servers, line);
    ranks.set(rank, { ...ranks.get(rank), [row.field]: { entry, value } });
  }

  #read(entry: Entry, { codec }: KeyRow & { kind: "param" | "server" }, row: Row): Value | undefined {
    const said = codec.read(entry.value, row, this.#context);
    if (said === undefined) this.#refuse(entry, codec.allowed);
    else if (said.note === undefined) this.#find("mapped", entry);
    else this.#find("approximated", entry, said.note);
    return said?.value;
  }

  #refuse({ key, value, where }: Entry, allowed: string): void {
    const remedy = "choose one that the maker allows, or leave the key out";
    this.#draft.errors.push({ code: "out-of-range", where, message: `${key} = ${value}`, allowed, remedy });
  }

  #find(kind: Finding["kind"], { key, where }: Entry, why?: string): void {
    this.#findings.push({ kind, key, where, ...(why !== undefined && { why }) });
  }

  #enterAll(): void {
    for (const [name, { entry, value }] of new Map([...this.#phone, ...this.#zeroes]))
      this.#enter([name], value, entry);
    const used = [...this.#lines].filter(
      ([line, names]) => names.has("phoneNumber") && !this.#off.line.has(line),
    );
    used.sort(([a], [b]) => a - b);
    used.forEach(([, names], at) => {
      for (const [name, { entry, value }] of names) this.#enter(["lines", `${at + 1}`, name], value, entry);
    });
    this.#enterServers(used.map(([line]) => line));
  }

  /** One set serves all lines: the first one names it, and the others must agree. */
  #enterServers(lines: readonly number[]): void {
    const [first = 0, ...others] = lines.length > 0 ? lines : [...this.#servers.keys()].sort((a, b) => a - b);
    const set = this.#setOf(first);
    for (const [path, { entry, value }] of set) this.#enter(path.split(" "), value, entry);
    for (const line of others) {
      const theirs = this.#setOf(line);
      if (theirs.size === 0) continue;
      const odd = [...theirs].find(([path, { value }]) => set.get(path)?.value !== value)?.[1];
      const other = odd ?? (theirs.size === set.size ? undefined : [...theirs.values()][0]);
      if (other === undefined) continue;
      const { key, where } = other.entry;
      const message = `${key}: line ${line + 1} has other servers than line ${first + 1}`;
      const remedy = "one set of servers serves all lines: import the lines of each set by themselves";
      this.#draft.errors.push({ code: "differs", where, message, remedy });
    }
  }

  /** The servers of a line, as paths of ours. */
  #setOf(line: number): Map<string, Kept> {
    const ranks = this.#servers.get(line) ?? new Map<number, Fields>();
    const primary = ranks.get(0);
    const set = new Map<string, Kept>();
    for (const rank of [0, 1]) {
      const { address = primary?.address, ...own } = ranks.get(rank) ?? {};
      const proxy = this.#off.proxy.has(line) ? undefined : own.proxy;
      const target = proxy ?? ranks.get(rank)?.address;
      if (target === undefined) continue;
      const put = (name: string, kept: Kept | undefined, value = kept?.value) =>
        kept && value !== undefined && set.set(`servers ${serverName(rank)} ${name}`, { ...kept, value });
      const { host, port } = splitHostPort(String(target.value));
      put("host", target, withoutBrackets(host));
      put("port", proxy ? own.proxyPort : own.port);
      if (port !== undefined) put("port", target, port);
      put("transport", own.transport ?? primary?.transport);
      if (proxy !== undefined) put("domain", address, address && splitHostPort(String(address.value)).host);
    }
    return set;
  }

  #enter(path: readonly string[], value: Value, { where, key }: Entry): void {
    this.#draft.enter(path, value, where, key);
  }
}

function mapOf<Key, Inner>(outer: Map<number, Map<Key, Inner>>, key: number): Map<Key, Inner> {
  const found = outer.get(key) ?? new Map<Key, Inner>();
  outer.set(key, found);
  return found;
}

function lineOf({ where }: Finding): number {
  return Number(/:(\d+)$/.exec(where)?.[1]);
}
