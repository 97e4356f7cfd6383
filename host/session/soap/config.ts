// The configuration of an application session, read and judged: TOML in, both servers and the settings or every mistake out.
//
// An empty `host` in [standby] takes the second server out, whatever else stands there. Below: keys.ts, host/config,
// login/promises.ts. Above: host/node/session/config-file.ts.

import type { ConfigError } from "../../config/error.ts";
import { comparable, withoutBrackets } from "../../config/host.ts";
import { Sheet } from "../../config/sheet.ts";
import { decode } from "../../config/text.ts";
import { type Entries, readToml } from "../../config/toml.ts";
import type { Raw } from "../../config/value.ts";
import type { Value } from "../../params/row.ts";
import type { ServerName } from "../login/driver.ts";
import { refusalsOf } from "../login/promises.ts";
import { type Settings, settingsWith } from "../login/settings.ts";
import { DEFAULT_APPLICATION, DEFAULT_PATH, SERVER_KEYS, SESSION_KEYS } from "./keys.ts";

/** One server as configured; files are named as they were written. */
export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly path: string;
  readonly tlsCaFile: string;
  readonly account: string;
  readonly password: string;
  readonly passwordFile: string;
  readonly pbxUser: string;
  readonly application: string;
}

export interface SessionConfig {
  readonly main: ServerConfig;
  /** undefined: the field is empty, and there is no second host. */
  readonly standby: ServerConfig | undefined;
  readonly settings: Settings;
}

export type SessionReading =
  | { readonly kind: "config"; readonly config: SessionConfig }
  | { readonly kind: "refused"; readonly errors: readonly ConfigError[] };

const GUIDE = "docs/session.md";
const TABLES: readonly string[] = ["main", "standby"];
const TOP = [...TABLES, ...SESSION_KEYS.map(({ name }) => name)];

/** @param name the file, as messages call it */
export function readSessionConfig(bytes: Uint8Array, name: string): SessionReading {
  const decoded = decode(bytes, name, GUIDE);
  if (decoded.kind === "refused") return { kind: "refused", errors: [decoded.error] };
  const draft = new Draft(name, GUIDE);
  if (!readToml(decoded.text, name, draft)) return { kind: "refused", errors: draft.errors };
  const names: readonly ServerName[] = draft.text("standby.host") === "" ? ["main"] : ["main", "standby"];
  const settings = settingsOf(draft);
  const errors = [
    ...draft.errors,
    ...names.flatMap((one) => [...missing(draft, one), ...astray(draft, one)]),
    ...same(draft),
    ...broken(draft, settings),
  ];
  if (errors.length > 0) return { kind: "refused", errors };
  const standby = names.includes("standby") ? serverOf(draft, "standby") : undefined;
  return { kind: "config", config: { main: serverOf(draft, "main"), standby, settings } };
}

class Draft extends Sheet implements Entries {
  open(path: readonly string[], where: string): void {
    if (path.length !== 1 || !TABLES.includes(path[0] ?? ""))
      this.#refuse(`[${path.join(".")}]`, TABLES, where);
  }

  enter(path: readonly string[], raw: Raw, where: string): void {
    const [first = "", second] = path;
    const isTable = TABLES.includes(first);
    if (isTable && second === undefined) return; // an empty table
    const rows = isTable ? SERVER_KEYS : SESSION_KEYS;
    const row = path.length === (isTable ? 2 : 1) ? rows.find(({ name }) => name === path.at(-1)) : undefined;
    if (row === undefined) this.#refuse(path.join("."), isTable ? rows.map(({ name }) => name) : TOP, where);
    else this.take(row, path.join("."), raw, where);
  }

  value(name: string): Value {
    return this.said(name) ?? "";
  }

  text(name: string): string {
    return String(this.value(name));
  }

  #refuse(name: string, known: readonly string[], where: string): void {
    const [, word = name] = /^(?:\[|main\.|standby\.)?([^.\]]*)/.exec(name) ?? [];
    this.refuseUnknown(name, word, known, where);
  }
}

function settingsOf(draft: Draft): Settings {
  const said = SESSION_KEYS.filter(({ name }) => draft.value(name) !== "");
  return settingsWith(Object.fromEntries(said.map(({ name }) => [name, Number(draft.value(name))])));
}

function missing(draft: Draft, server: ServerName): readonly ConfigError[] {
  const lacks = SERVER_KEYS.filter(
    ({ name, needed }) => (needed || name === "host") && !draft.wasSaid(`${server}.${name}`),
  ).map(({ name, help }) => lack(draft, `${server}.${name}`, `set it: ${help}`));
  const given = ["password", "passwordFile"].filter((name) => draft.wasSaid(`${server}.${name}`));
  if (given.length === 0) lacks.push(lack(draft, `${server}.password`, "set it, or passwordFile"));
  if (given.length < 2) return lacks;
  const message = `${server} has both password and passwordFile`;
  const where = draft.where(`${server}.passwordFile`);
  return [...lacks, { code: "differs", where, message, remedy: "keep one of them" }];
}

function lack(draft: Draft, key: string, remedy: string): ConfigError {
  return { code: "missing", where: draft.file, message: `${key} is missing`, remedy };
}

/** RFC 9112 §3.2.1: what may stand in the first line of a request as it is. */
const PATH = /^\/[!#-~]*$/;

function astray(draft: Draft, server: ServerName): readonly ConfigError[] {
  const key = `${server}.path`;
  const path = draft.text(key);
  if (path === "" || PATH.test(path)) return [];
  const message = `${key} = ${path} is no path`;
  const remedy = `begin it with / as in ${DEFAULT_PATH}, and write blanks and other letters as %20 and the like`;
  return [{ code: "text", where: draft.where(key), message, remedy }];
}

/** A standby server that is the main one protects from nothing. */
function same(draft: Draft): readonly ConfigError[] {
  const [main, standby] = [draft.text("main.host"), draft.text("standby.host")];
  if (main === "" || standby === "" || comparable(main) !== comparable(standby)) return [];
  if (portOf(draft, "main") !== portOf(draft, "standby")) return [];
  const message = `standby.host = ${standby} is the main server itself`;
  const remedy = "name the other PBX, or leave it empty for none";
  return [{ code: "same-server", where: draft.where("standby.host"), message, remedy }];
}

/** Settings that cannot keep the two limits; not while one is refused by its range already. */
function broken(draft: Draft, settings: Settings): readonly ConfigError[] {
  return refusalsOf(settings).map(({ name, message, allowed, remedy }) => ({
    code: "out-of-range",
    where: draft.where(name),
    message,
    ...(allowed !== undefined && { allowed }),
    remedy,
  }));
}

function portOf(draft: Draft, server: ServerName): number {
  return Number(draft.value(`${server}.port`)) || (isSecure(draft, server) ? 443 : 80);
}

function isSecure(draft: Draft, server: ServerName): boolean {
  return draft.value(`${server}.scheme`) !== "http";
}

function serverOf(draft: Draft, server: ServerName): ServerConfig {
  const text = (name: string) => draft.text(`${server}.${name}`);
  return {
    host: withoutBrackets(text("host")),
    port: portOf(draft, server),
    secure: isSecure(draft, server),
    path: text("path") || DEFAULT_PATH,
    tlsCaFile: text("tlsCaFile"),
    account: text("account"),
    password: text("password"),
    passwordFile: text("passwordFile"),
    pbxUser: text("pbxUser"),
    application: text("application") || DEFAULT_APPLICATION,
  };
}
