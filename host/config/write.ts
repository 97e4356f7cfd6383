// A configuration as text that reads back as the same: TOML, or the `key = value` of the phone.
//
// What is at its default is left out. The passwords stand in it. Above: the command line.

import type { Row, Value } from "../params/row.ts";
import { PARAMS } from "../params/table.ts";
import type { Credentials, LineConfig, PhoneConfig, ServerConfig } from "./model.ts";

type Pair = readonly [name: string, value: Value];

/** TOML, as docs/example.toml. */
export function toToml(config: PhoneConfig): string {
  const text = [
    ...lines(settingsOf(config)),
    ...config.servers.flatMap((server) => ["", "[[servers]]", ...lines(serverPairs(server))]),
    ...config.lines.flatMap((line) => ["", "[[lines]]", ...lines(linePairs(line, config.servers))]),
  ];
  return `${text.join("\n").trimStart()}\n`;
}

/** The same, an entry a line. */
export function toKeyValue(config: PhoneConfig): string {
  const under = (path: string, pairs: readonly Pair[]): Pair[] =>
    pairs.map(([name, value]) => [`${path}.${name}`, value]);
  const pairs = [
    ...settingsOf(config),
    ...config.servers.flatMap((server) => under(`servers.${server.name}`, serverPairs(server))),
    ...config.lines.flatMap((line, index) => under(`lines.${index + 1}`, linePairs(line, config.servers))),
  ];
  return `${lines(pairs).join("\n")}\n`;
}

function lines(pairs: readonly Pair[]): string[] {
  return pairs.map(([name, value]) => `${name} = ${quoted(value)}`);
}

/** A value as both forms read it. They know \" and \\, and neither allows a control character. */
export function quoted(value: Value): string {
  return typeof value === "string" ? `"${value.replace(/[\\"]/g, "\\$&")}"` : String(value);
}

function settingsOf(config: PhoneConfig): readonly Pair[] {
  const values = settingValues(config);
  return PARAMS.flatMap((row) => pairOf(row, values[row.name]));
}

/** What is said once for the whole phone, by the names of the parameters. */
export function settingValues(config: PhoneConfig): Readonly<Record<string, Value>> {
  const { settings, local, acceptList, outboundProxyInDialog, dns, dhcpOption120, registerSubscription } =
    config;
  return {
    ...settings,
    localPort: local.port,
    randomPort: local.random,
    randomPortMin: local.min,
    randomPortMax: local.max,
    acceptList: acceptList.join(", "),
    outboundProxyInDialog,
    proxyDnsType: dns?.type ?? "a",
    nameServers: dns?.nameServers.join(", ") ?? "",
    dhcpOption120: dhcpOption120 ?? false,
    tlsCaFile: config.tlsCaFile ?? "",
    registerSubscription: registerSubscription?.on ?? false,
    registerSubscriptionExpiry: registerSubscription?.expirySeconds ?? 0,
  };
}

function pairOf(row: Row, value: Value | undefined): readonly Pair[] {
  return value === undefined || value === row.default ? [] : [[row.name, value]];
}

function serverPairs({ host, port, isDefaultPort, transport, domain }: ServerConfig): readonly Pair[] {
  const pairs: Pair[] = [
    ["host", host],
    ["port", port],
    ["transport", transport],
    ["domain", domain],
  ];
  const plain: Readonly<Record<string, Value>> = { transport: "udp", domain: host };
  return pairs.filter(([name, value]) => (name === "port" ? !isDefaultPort : value !== plain[name]));
}

/** What holds at most servers stands by the line itself; what differs, at its server. */
function linePairs(
  { number, display, credentials }: LineConfig,
  servers: readonly ServerConfig[],
): readonly Pair[] {
  const isEverywhere = credentials.every((held) => held !== null);
  const common = isEverywhere ? credentials[0] : undefined;
  const own = credentials.flatMap((held, rank) => {
    const name = servers[rank]?.name;
    if (!held || !name || isSame(held, common)) return [];
    return pairsOf(held, `credentials.${name}.`, number, common ?? undefined);
  });
  return [
    ["phoneNumber", number],
    ...(display === "" ? [] : [["displayName", display] as const]),
    ...(common ? pairsOf(common, "", number) : []),
    ...own,
  ];
}

function pairsOf(
  { account, password }: Credentials,
  prefix: string,
  number: string,
  above?: Credentials,
): Pair[] {
  const needed = account !== (above?.account ?? number);
  return [
    ...(needed ? [[`${prefix}account`, account] as const] : []),
    [`${prefix}password`, password] as const,
  ];
}

function isSame(a: Credentials, b: Credentials | null | undefined): boolean {
  return a.account === b?.account && a.password === b.password;
}
