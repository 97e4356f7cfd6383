// A configuration of ours in the words of another maker, and a list of what they have no word for.
//
// Below: dialect.ts. The file holds the passwords, the list does not.

import type { Row, Value } from "../../params/row.ts";
import { paramNamed, paramOf } from "../../params/table.ts";
import type { Credentials, LineConfig, PhoneConfig, ServerConfig } from "../model.ts";
import { settingValues } from "../write.ts";
import type { Codec } from "./codec.ts";
import { type Dialect, type KeyRow, keyOf, rowOf, type ServerField } from "./dialect.ts";

/** What a parameter became, or did not. */
export interface Loss {
  readonly kind: "approximated" | "left out";
  readonly what: string;
  readonly why: string;
}

export interface Export {
  readonly text: string;
  readonly losses: readonly Loss[];
}

/** Servers that these forms can name. */
const RANKS = 2;

export function exportTo(dialect: Dialect, config: PhoneConfig): Export {
  return new Exporter(dialect, config).run();
}

class Exporter {
  readonly #dialect: Dialect;
  readonly #config: PhoneConfig;
  readonly #pairs = new Map<string, string>();
  readonly #losses = new Map<string, Loss>();

  constructor(dialect: Dialect, config: PhoneConfig) {
    this.#dialect = dialect;
    this.#config = config;
  }

  run(): Export {
    const { lines, servers } = this.#config;
    const said = lines.slice(0, this.#dialect.lines);
    for (const [index, line] of said.entries()) this.#line(line, index);
    for (const { number } of lines.slice(said.length))
      this.#leaveOut(`line ${number}`, "the form has one line");
    for (const { name } of servers.slice(RANKS)) this.#leaveOut(`server ${name}`, "the form has two servers");
    this.#leaveOutSettings();
    const text = [...this.#dialect.head, ...[...this.#pairs].map(([key, value]) => `${key} = ${value}`), ""];
    return { text: text.join("\n"), losses: [...this.#losses.values()] };
  }

  #line(line: LineConfig, index: number): void {
    const servers = this.#config.servers.slice(0, RANKS);
    for (const row of this.#dialect.rows) {
      const ranks = row.key.includes(".Y.") ? servers : servers.slice(0, 1);
      for (const [rank, server] of ranks.entries()) this.#row(row, line, index, server, rank);
      if (row.kind === "server" && row.rank !== undefined && row.rank > 0) {
        const server = servers[row.rank];
        if (server) this.#row(row, line, index, server, row.rank);
      }
    }
    this.#checkCredentials(line);
  }

  #row(row: KeyRow, line: LineConfig, index: number, server: ServerConfig, rank: number): void {
    const key = keyOf(row, index, rank);
    if (row.proxied && !isProxied(server)) return;
    switch (row.kind) {
      case "param": {
        const own = paramNamed(row.param);
        if (own) this.#say(key, own, this.#valueOf(own, line), row.codec);
        break;
      }
      case "server": {
        if (row.rank !== undefined && row.rank !== rank) break;
        const value = serverValue(row.field, server, this.#dialect);
        if (value !== undefined) this.#say(key, rowOf(row.field), value, row.codec);
        break;
      }
      case "fixed":
        this.#pairs.set(key, row.always);
        break;
      case "enable":
        this.#pairs.set(key, row.of === "line" || this.#config.servers.some(isProxied) ? "1" : "0");
        break;
      case "zero":
        this.#pairs.set(key, this.#valueOf(paramOf(row.param), line) === 0 ? "0" : "1");
        break;
      case "ignored":
        break;
    }
  }

  #say(key: string, row: Row, value: Value, codec: Codec): void {
    const { t1, t2 } = this.#config.settings;
    const said = codec.write(value, row, { t1, t2 });
    if (said !== undefined) this.#pairs.set(key, said.value);
    if (said?.note !== undefined) {
      this.#losses.set(row.name, { kind: "approximated", what: row.name, why: `${key}: ${said.note}` });
    } else if (said === undefined && value !== row.default && !this.#hasZero(row)) {
      this.#leaveOut(row.name, `${key} has no word for it`);
    }
  }

  /** A key of its own says that it is 0. */
  #hasZero({ name }: Row): boolean {
    return this.#dialect.rows.some((row) => row.kind === "zero" && row.param === name);
  }

  #valueOf(row: Row, line: LineConfig): Value {
    const held = line.credentials.find((one) => one !== null);
    const ofLine: Readonly<Record<string, Value>> = {
      phoneNumber: line.number,
      displayName: line.display,
      account: held?.account ?? "",
      password: held?.password ?? "",
    };
    return ofLine[row.name] ?? settingValues(this.#config)[row.name] ?? row.default;
  }

  #checkCredentials({ number, credentials }: LineConfig): void {
    const [first, ...others] = credentials.slice(0, RANKS);
    if (others.every((held) => isSame(held, first))) return;
    this.#leaveOut(`line ${number}: its credentials at the backup`, "the form has one pair for all servers");
  }

  /** Settings that are not at their default and stand in no row. */
  #leaveOutSettings(): void {
    const rows = this.#dialect.rows.flatMap((row) => (row.kind === "param" ? [row.param] : []));
    for (const [name, value] of Object.entries(settingValues(this.#config))) {
      if (rows.includes(name) || value === paramOf(name).default) continue;
      this.#leaveOut(name, "the form has no key for it");
    }
  }

  #leaveOut(what: string, why: string): void {
    this.#losses.set(what, { kind: "left out", what, why });
  }
}

/** `address` is the domain, and where it is the host too nothing stands in between. */
function serverValue(field: ServerField, server: ServerConfig, dialect: Dialect): Value | undefined {
  const { host, port, isDefaultPort, domain, transport } = server;
  const asked = isProxied(server);
  const hasPorts = dialect.rows.some((row) => row.kind === "server" && row.field === "port");
  const whole = hasPorts || isDefaultPort ? host : `${host.includes(":") ? `[${host}]` : host}:${port}`;
  switch (field) {
    case "address":
      return asked ? domain : whole;
    case "port":
      return asked || isDefaultPort ? undefined : port;
    case "proxy":
      return asked ? whole : undefined;
    case "proxyPort":
      return asked && !isDefaultPort ? port : undefined;
    case "transport":
      return transport;
  }
}

function isProxied({ domain, host }: ServerConfig): boolean {
  return domain !== host;
}

function isSame(a: Credentials | null | undefined, b: Credentials | null | undefined): boolean {
  return a?.account === b?.account && a?.password === b?.password;
}
