// From what the lines of a configuration say to the one model, with the rules that bind them together.
//
// Below: draft.ts, servers.ts, lines.ts. Above: read.ts, options.ts.

import type { Row, Value } from "../params/row.ts";
import { CORE, paramOf, type Settings } from "../params/table.ts";
import type { Cell, Draft } from "./draft.ts";
import type { ConfigError, Ignored } from "./error.ts";
import { isAddress, withoutBrackets } from "./host.ts";
import type { Owner } from "./key.ts";
import { buildLines } from "./lines.ts";
import type { LocalPort, PhoneConfig } from "./model.ts";
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
  const accept = acceptList(draft);
  const servers = buildServers(draft, where);
  const names = servers.map(({ name }) => name);
  const lines = buildLines(draft, names, where, password);
  if (draft.errors.length > 0) return { kind: "refused", errors: inOrder(draft.errors) };
  const outboundProxyInDialog = hostValue(draft, "outboundProxyInDialog") as boolean;
  const config = { settings, local, acceptList: accept, outboundProxyInDialog, servers, lines };
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

function hostValue(draft: Draft, name: string): Value {
  return phoneValue(draft, paramOf(name));
}

function acceptList(draft: Draft): readonly string[] {
  const cell = draft.cell(PHONE, "acceptList");
  const items = String(cell?.value ?? "").split(/[\s,;]+/);
  const addresses = items.filter((address) => address !== "");
  for (const address of addresses) {
    if (cell === undefined || isAddress(address)) continue;
    const message = `acceptList holds ${address}, which is no address`;
    const remedy = "write addresses, separated by commas: a name could mean another machine tomorrow";
    draft.errors.push({ code: "text", where: cell.where, message, remedy });
  }
  return addresses.map(withoutBrackets);
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
