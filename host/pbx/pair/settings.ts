// The configuration of one node of a pair, read and judged: TOML in, settings or every mistake out.
//
// Below: keys.ts, host/config. Above: host/node/pair, host/cli/pair.ts.

import { type ConfigError, describeIgnored } from "../../config/error.ts";
import { comparable, isAddress, withoutBrackets } from "../../config/host.ts";
import { Sheet } from "../../config/sheet.ts";
import { decode } from "../../config/text.ts";
import { type Entries, readToml } from "../../config/toml.ts";
import type { Raw } from "../../config/value.ts";
import type { Value } from "../../params/row.ts";
import { type Entry, isReadinessOption, type ReadinessOptions, readReadiness } from "../readiness/options.ts";
import { KEYS, type KeyRow } from "./keys.ts";

/** Ports of a node; 0: it does not speak that way. */
export interface Ports {
  readonly udp: number;
  readonly tcp: number;
  readonly tls: number;
  readonly replication: number;
}

export interface PairSettings {
  readonly mode: "master" | "standby";
  readonly name: string;
  readonly address: string;
  readonly ports: Ports;
  /** Where the master is; absent: this node is one. */
  readonly master?: { readonly address: string; readonly ports: Ports };
  /** The registrar of this standby is a Kamailio; absent: this program is. */
  readonly kamailio?: { readonly url: string; readonly table: string };
  readonly http: { readonly address: string; readonly port: number };
  /** As they were written. */
  readonly files: {
    readonly data: string;
    readonly password: string;
    readonly certificate: string;
    readonly key: string;
    readonly authority: string;
  };
  readonly realm: string;
  readonly divert: "redirect" | "relay";
  readonly takeoverDelayMs: number;
  readonly returnDelayMs: number;
  readonly linkIntervalSeconds: number;
  readonly expires: { readonly default: number; readonly min: number; readonly max: number };
  readonly replicateFromMaster: boolean;
  readonly replicationTls: boolean;
  /** The phone's parameters of the same names, those that were said. */
  readonly damping: Readonly<Record<string, Value>>;
  readonly objectsMax: number;
  /** What the machine holds; of a virtual node what it is licensed for, 0: nothing. */
  readonly registrationsMax: number;
  readonly isVirtual: boolean;
  /** Every general key with its value, for the comparison with the other node. */
  readonly general: Readonly<Record<string, string>>;
  readonly readiness: ReadinessOptions;
  /** Keys that were understood and have no effect. */
  readonly remarks: readonly string[];
}

export type PairReading =
  | { readonly kind: "settings"; readonly settings: PairSettings }
  | { readonly kind: "refused"; readonly errors: readonly ConfigError[] };

/** The page that shows all keys. */
const GUIDE = "docs/pair.md";

/** @param name the file, as messages call it */
export function readPairSettings(bytes: Uint8Array, name: string): PairReading {
  const decoded = decode(bytes, name, GUIDE);
  if (decoded.kind === "refused") return { kind: "refused", errors: [decoded.error] };
  const draft = new Draft(name, GUIDE);
  if (!readToml(decoded.text, name, draft)) return { kind: "refused", errors: draft.errors };
  const readiness = readReadiness(draft.readiness);
  const errors = [...draft.errors, ...readiness.errors, ...missing(draft), ...contradictions(draft)];
  if (errors.length > 0) return { kind: "refused", errors };
  const remarks = readiness.ignored.map(describeIgnored);
  return { kind: "settings", settings: { ...build(draft), readiness: readiness.options, remarks } };
}

class Draft extends Sheet implements Entries {
  /** Options of the readiness check, judged by their own table. */
  readonly readiness: Entry[] = [];

  open(path: readonly string[], where: string): void {
    if (path[0] !== "TServer") this.#refuse(`[${path.join(".")}]`, where);
  }

  enter(path: readonly string[], raw: Raw, where: string): void {
    const [first = "", second] = path;
    if (first === "TServer" && second !== undefined)
      this.readiness.push({ key: second, raw, where, isInSection: true });
    else if (path.length === 1 && isReadinessOption(first))
      this.readiness.push({ key: first, raw, where, isInSection: false });
    else this.#take(path.join("."), raw, where);
  }

  value(name: string): Value {
    return this.said(name) ?? KEYS.find((row) => row.name === name)?.default ?? "";
  }

  text(name: string): string {
    return String(this.value(name));
  }

  number(name: string): number {
    return Number(this.value(name));
  }

  #take(name: string, raw: Raw, where: string): void {
    const row = KEYS.find((one) => one.name === name);
    if (row === undefined) this.#refuse(name, where);
    else this.take(row, name, raw, where);
  }

  #refuse(name: string, where: string): void {
    const known = KEYS.map((row) => row.name);
    this.refuseUnknown(name, name, known, where);
  }
}

function missing(draft: Draft): readonly ConfigError[] {
  const isNeeded = ({ needed }: KeyRow): boolean =>
    needed === "always" ||
    (needed === "standby" && draft.value("mode") === "standby") ||
    (needed === "registrar" && draft.text("kamailio") === "");
  return KEYS.filter((row) => isNeeded(row) && !draft.wasSaid(row.name)).map((row) => ({
    code: "missing",
    where: draft.file,
    message: `${row.name} is missing`,
    remedy: `set ${row.name}: ${row.help}`,
  }));
}

const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const PORT_KEYS = ["udpPort", "tcpPort", "tlsPort", "replicationPort", "httpPort"];

/** What no value shows alone. */
function contradictions(draft: Draft): readonly ConfigError[] {
  const found: ConfigError[] = [];
  const refuse = (key: string, what: string, allowed: string, remedy: string): void => {
    const message = `${key} = ${draft.text(key)}${what}`;
    found.push({ code: "text", where: draft.where(key), message, allowed, remedy });
  };
  const address = (key: string, remedy: string): void => {
    if (draft.text(key) !== "" && !isAddress(draft.text(key))) refuse(key, "", "an IP address", remedy);
  };
  address("address", "write the address that phones reach this node by");
  address("httpAddress", "write 127.0.0.1, or an address of this machine");
  address(
    "master",
    "no name: the standby must find its master when the DNS is gone too, and must never take another for it",
  );
  if (draft.text("name") !== "" && !NAME.test(draft.text("name"))) {
    refuse("name", "", "letters, digits and . _ - inside", "choose another name");
  }
  if (isItself(draft)) {
    refuse(
      "master",
      " is this node itself",
      "the address of the other node",
      "a standby needs a master beside it",
    );
  }
  if (draft.text("kamailio") !== "") {
    if (draft.value("mode") === "master")
      refuse(
        "kamailio",
        " at a master",
        "a standby",
        "a Kamailio that is the master needs nothing of this program",
      );
    if (!/^http:\/\/[^/\s]+\/\S*$/.test(draft.text("kamailio")))
      refuse(
        "kamailio",
        "",
        "http://ADDRESS:PORT/RPC",
        "write where standfast.cfg has the listen line for the watcher",
      );
  }
  for (const [at, key] of PORT_KEYS.entries()) {
    const same = PORT_KEYS.slice(0, at).find((one) => isSameSocket(draft, one, key));
    if (same !== undefined) refuse(key, ` is ${same} too`, "a port of its own", "choose another port");
  }
  if (draft.number("minExpires") > draft.number("maxExpires")) {
    refuse(
      "minExpires",
      " is more than maxExpires",
      `0..${draft.text("maxExpires")} s`,
      "lower it, or raise maxExpires",
    );
  }
  return found;
}

function isItself(draft: Draft): boolean {
  const [own, master] = [draft.text("address"), draft.text("master")];
  if (draft.value("mode") !== "standby" || !isAddress(own) || !isAddress(master)) return false;
  return comparable(own) === comparable(master) && draft.value("tlsPort") === draft.value("masterTlsPort");
}

/** UDP and TCP each have ports of their own. */
function isSameSocket(draft: Draft, one: string, other: string): boolean {
  if (one === "udpPort" || draft.number(other) === 0) return false;
  return draft.value(one) === draft.value(other);
}

function build(draft: Draft): Omit<PairSettings, "readiness" | "remarks"> {
  const mode = draft.value("mode") as PairSettings["mode"];
  const portOf = (prefix: string, what: string): number =>
    draft.number(prefix === "" ? `${what.toLowerCase()}Port` : `${prefix}${what}Port`);
  const ports = (prefix: string): Ports => ({
    udp: portOf(prefix, "Udp"),
    tcp: portOf(prefix, "Tcp"),
    tls: portOf(prefix, "Tls"),
    replication: portOf(prefix, "Replication"),
  });
  const isVirtual = draft.value("platform") === "virtual";
  const general = KEYS.filter((row) => row.of === "general");
  const said = general.filter(({ name }) => name.startsWith("flap") && draft.wasSaid(name));
  return {
    mode,
    name: draft.text("name"),
    address: withoutBrackets(draft.text("address")),
    ports: ports(""),
    ...(mode === "standby" && {
      master: { address: withoutBrackets(draft.text("master")), ports: ports("master") },
    }),
    ...(draft.text("kamailio") !== "" && {
      kamailio: { url: draft.text("kamailio"), table: draft.text("kamailioTable") || "location" },
    }),
    http: { address: draft.text("httpAddress") || "127.0.0.1", port: draft.number("httpPort") },
    files: {
      data: draft.text("dataFolder"),
      password: draft.text("pbxPasswordFile"),
      certificate: draft.text("certificateFile"),
      key: draft.text("keyFile"),
      authority: draft.text("authorityFile"),
    },
    realm: draft.text("realm"),
    divert: draft.value("divert") as PairSettings["divert"],
    takeoverDelayMs: draft.number("takeoverDelay") * 1000,
    returnDelayMs: draft.number("returnDelay") * 1000,
    linkIntervalSeconds: draft.number("linkInterval"),
    expires: {
      default: draft.number("defaultExpires"),
      min: draft.number("minExpires"),
      max: draft.number("maxExpires"),
    },
    replicateFromMaster: draft.value("replicateFromMaster") === true,
    replicationTls: draft.value("replicationTls") === true,
    damping: Object.fromEntries(said.map(({ name }) => [name, draft.value(name)])),
    objectsMax: draft.number("objectsMax"),
    registrationsMax: draft.number(isVirtual ? "platformLicence" : "registrationsMax"),
    isVirtual,
    general: Object.fromEntries(general.map(({ name }) => [name, shown(draft.value(name))])),
  };
}

/** As it would be written. */
function shown(value: Value): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  return String(value);
}
