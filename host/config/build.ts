// From what the lines of a configuration say to the one model, with the rules that bind them together.
//
// Below: draft.ts, servers.ts, lines.ts. Above: read.ts, options.ts.

import type { Row, Value } from "../params/row.ts";
import { CORE, paramOf, type Settings } from "../params/table.ts";
import type { Cell, Draft } from "./draft.ts";
import type { ConfigError, Ignored } from "./error.ts";
import { isAddress, isNameServer, withoutBrackets } from "./host.ts";
import type { Owner } from "./key.ts";
import { buildLines } from "./lines.ts";
import type { DnsConfig, LocalPort, PhoneConfig, SubscriptionConfig } from "./model.ts";
import { buildServers } from "./servers.ts";

/** What comes of a configuration. A refused one has every mistake that was found, in the order of its lines. */
export type Reading =
  | {
      readonly kind: "accepted";
      readonly config: PhoneConfig;
      readonly ignored: readonly Ignored[];
      /** Where each setting that was said stands, by its name: `file:line`. */
      readonly places: Readonly<Record<string, string>>;
    }
  | { readonly kind: "refused"; readonly errors: readonly ConfigError[] };

const PHONE: Owner = { kind: "phone", account: 0 };

/**
 * @param where    the file or the command, for what is missing altogether
 * @param password used where the configuration gives none; empty: there is no such password
 */
export function build(draft: Draft, where: string, password: string): Reading {
  const settings = settingsOf(draft);
  const local = localPort(draft);
  checkOrder(draft, settings, local);
  const accept = listOf(draft, "acceptList").map(withoutBrackets);
  const dns = {
    type: hostValue(draft, "proxyDnsType") as DnsConfig["type"],
    nameServers: listOf(draft, "nameServers"),
  };
  const dhcpOption120 = hostValue(draft, "dhcpOption120") as boolean;
  const servers = buildServers(draft, where);
  const names = servers.map(({ name }) => name);
  const lines = buildLines(draft, names, where, password);
  if (draft.errors.length > 0) return { kind: "refused", errors: inOrder(draft.errors) };
  const outboundProxyInDialog = hostValue(draft, "outboundProxyInDialog") as boolean;
  const tlsCaFile = String(hostValue(draft, "tlsCaFile"));
  const extras = {
    outboundProxyInDialog,
    dns,
    dhcpOption120,
    registerSubscription: subscription(draft),
    ...(tlsCaFile !== "" && { tlsCaFile }),
  };
  const config = { settings, local, acceptList: accept, ...extras, servers, lines };
  return { kind: "accepted", config, ignored: draft.ignored, places: draft.places };
}

/** By line of the file; what has no line comes last. */
function inOrder(errors: readonly ConfigError[]): readonly ConfigError[] {
  const lineOf = ({ where }: ConfigError) => Number(/:(\d+)$/.exec(where)?.[1] ?? Infinity);
  return [...errors].sort((a, b) => (lineOf(a) === lineOf(b) ? 0 : lineOf(a) - lineOf(b)));
}

function settingsOf(draft: Draft): Settings {
  const pairs = CORE.map((row) => [row.name, phoneValue(draft, row)]);
  return Object.fromEntries(pairs) as unknown as Settings;
}

function phoneValue(draft: Draft, row: Row): Value {
  return draft.cell(PHONE, row.name)?.value ?? row.default;
}

function localPort(draft: Draft): LocalPort {
  return {
    random: hostValue(draft, "randomPort") as boolean,
    port: hostValue(draft, "localPort") as number,
    min: hostValue(draft, "randomPortMin") as number,
    max: hostValue(draft, "randomPortMax") as number,
  };
}

function subscription(draft: Draft): SubscriptionConfig {
  return {
    on: hostValue(draft, "registerSubscription") as boolean,
    expirySeconds: hostValue(draft, "registerSubscriptionExpiry") as number,
  };
}

function hostValue(draft: Draft, name: string): Value {
  return phoneValue(draft, paramOf(name));
}

/** Texts that are lists: what an item must be. */
const LISTS = {
  acceptList: {
    isItem: isAddress,
    isNot: "no address",
    remedy: "write addresses, separated by commas: a name could mean another machine tomorrow",
  },
  nameServers: {
    isItem: isNameServer,
    isNot: "no address",
    remedy: "write addresses, each with a :PORT or without, separated by commas",
  },
} as const;

/** The items of a list; each that is wrong is a mistake of its own. */
function listOf(draft: Draft, name: keyof typeof LISTS): readonly string[] {
  const cell = draft.cell(PHONE, name);
  const { isItem, isNot, remedy } = LISTS[name];
  const items = String(cell?.value ?? "")
    .split(/[\s,;]+/)
    .filter((item) => item !== "");
  for (const item of items) {
    if (cell === undefined || isItem(item)) continue;
    const message = `${name} holds ${item}, which is ${isNot}`;
    draft.errors.push({ code: "text", where: cell.where, message, remedy });
  }
  return items;
}

/** Pairs of which the first must not be above the second. `strictly`: nor equal. */
const ORDERED = [
  ["retryAfterMin", "retryAfterMax", false],
  ["retryBase", "retryMax", false],
  ["t1", "t2", false],
  ["flapReuse", "flapSuppress", true],
  ["randomPortMin", "randomPortMax", false],
] as const;

function checkOrder(draft: Draft, settings: Settings, local: LocalPort): void {
  const values: Readonly<Record<string, Value>> = {
    ...settings,
    randomPortMin: local.min,
    randomPortMax: local.max,
  };
  for (const [low, high, strictly] of ORDERED) {
    const [least, most] = [Number(values[low]), Number(values[high])];
    if (least < most || (least === most && !strictly)) continue;
    const said = draft.cell(PHONE, high) ?? (draft.cell(PHONE, low) as Cell);
    const message = `${low} = ${least} is ${least === most ? "not below" : "above"} ${high} = ${most}`;
    const remedy = `raise ${high} or lower ${low}`;
    draft.errors.push({ code: "order", where: said.where, message, remedy });
  }
}
