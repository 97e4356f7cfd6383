// The set of servers: which is the primary, which are the backups, and the domain at each.
//
// The set is written in one of two ways: as the phone's page has it (proxy, outbound and backup outbound
// server), or as a list of its own. The proxy gives the domain in both. Below: draft.ts.

import { paramOf } from "../params/table.ts";
import type { Cell, Draft } from "./draft.ts";
import { comparable, withoutBrackets } from "./host.ts";
import type { Owner } from "./key.ts";
import { SERVERS_MAX, type ServerConfig, serverName, type Transport } from "./model.ts";

const PHONE: Owner = { kind: "phone", account: 0 };
const TLS_PORT = 5061;
/** The page's way to name servers. */
const FLAT = ["outboundServer", "backupOutboundServer", "backupProxyServer"];

/** The servers by rank. Mistakes go to the draft; the set may then have holes and is not used. */
export function buildServers(draft: Draft, where: string): readonly ServerConfig[] {
  const servers = draft.ranks.length > 0 ? listed(draft) : fromPage(draft, where);
  refuseSame(draft, servers, where);
  return servers;
}

function listed(draft: Draft): readonly ServerConfig[] {
  for (const name of FLAT) refuseBeside(draft, name);
  return draft.ranks.flatMap((rank, at) => {
    const where = draft.whereServer(rank);
    if (rank >= SERVERS_MAX) {
      const message = `${serverName(rank)} is one server too many`;
      const allowed = `up to ${SERVERS_MAX} servers`;
      draft.errors.push({ code: "too-many", where, message, allowed, remedy: "leave it out" });
      return [];
    }
    if (rank !== at) {
      const message = `${serverName(rank)} without ${serverName(at)}`;
      const remedy = "name the servers in order: primary, backup1, backup2, backup3";
      draft.errors.push({ code: "order", where, message, remedy });
    }
    return oneListed(draft, rank);
  });
}

function refuseBeside(draft: Draft, name: string): void {
  const cell = flat(draft, name);
  if (cell === undefined) return;
  const message = `${cell.key} beside a list of servers`;
  const remedy = "write the servers in one of the two ways";
  draft.errors.push({ code: "duplicate", where: cell.where, message, remedy });
}

function oneListed(draft: Draft, rank: number): readonly ServerConfig[] {
  const cell = (name: string) => draft.cell({ kind: "server", rank }, name);
  const host = text(cell("host"));
  const transport = (cell("transport")?.value ?? flatTransport(draft)) as Transport;
  if (host === "") {
    if (draft.wasRefused({ kind: "server", rank }, "host")) return [];
    const where = draft.whereServer(rank);
    const message = `${serverName(rank)} has no host`;
    draft.errors.push({ code: "no-server", where, message, remedy: "set its host, or leave it out" });
    return [];
  }
  return [
    {
      name: serverName(rank),
      host,
      ...port(cell("port"), transport),
      transport,
      domain: text(cell("domain")) || text(flat(draft, "proxyServer")) || host,
    },
  ];
}

/**
 * The page of the phone. An empty outbound server leaves the proxy as the primary; an empty backup means
 * no failover. The proxy is the domain, else the host that is addressed.
 */
function fromPage(draft: Draft, where: string): readonly ServerConfig[] {
  const proxy = text(flat(draft, "proxyServer"));
  const backupProxy = text(flat(draft, "backupProxyServer"));
  const first = pageServer(draft, ["outboundServer", "outboundPort"], ["proxyServer", "proxyPort"]);
  const second = pageServer(
    draft,
    ["backupOutboundServer", "backupOutboundPort"],
    ["backupProxyServer", "backupProxyPort"],
  );
  if (
    first === undefined &&
    !draft.wasRefused(PHONE, "outboundServer") &&
    !draft.wasRefused(PHONE, "proxyServer")
  ) {
    const cell = flat(draft, "backupOutboundServer") ?? flat(draft, "backupProxyServer");
    const message = cell === undefined ? "there is no server" : `${cell.key} without a primary server`;
    const remedy = "set outboundServer or proxyServer, or list servers";
    draft.errors.push({ code: "no-server", where: cell?.where ?? where, message, remedy });
  }
  const transport = flatTransport(draft);
  const servers = [
    first && { ...first, name: serverName(0), transport, domain: proxy || first.host },
    second && { ...second, name: serverName(1), transport, domain: backupProxy || proxy || second.host },
  ];
  return servers.filter((server) => server !== undefined);
}

/** Host and port from the first pair of parameters that has a host. */
function pageServer(
  draft: Draft,
  ...pairs: readonly (readonly [host: string, port: string])[]
): Pick<ServerConfig, "host" | "port" | "isDefaultPort"> | undefined {
  for (const [hostName, portName] of pairs) {
    const host = text(flat(draft, hostName));
    if (host !== "") return { host, ...port(flat(draft, portName), flatTransport(draft)) };
  }
  return undefined;
}

function refuseSame(draft: Draft, servers: readonly ServerConfig[], where: string): void {
  servers.forEach((server, rank) => {
    const twin = servers.slice(0, rank).find((other) => isSame(server, other));
    if (twin === undefined) return;
    const cell =
      draft.cell({ kind: "server", rank }, "host") ??
      flat(draft, "backupOutboundServer") ??
      flat(draft, "backupProxyServer");
    const message = `${server.name} is the same server as ${twin.name}`;
    const remedy = "give it another host or port, or leave it out";
    draft.errors.push({ code: "same-server", where: cell?.where ?? where, message, remedy });
  });
}

function isSame(a: ServerConfig, b: ServerConfig): boolean {
  return comparable(a.host) === comparable(b.host) && a.port === b.port;
}

function flat(draft: Draft, name: string): Cell | undefined {
  return draft.cell(PHONE, name);
}

function flatTransport(draft: Draft): Transport {
  return (flat(draft, "transport")?.value ?? paramOf("transport").default) as Transport;
}

function text(cell: Cell | undefined): string {
  return withoutBrackets(String(cell?.value ?? ""));
}

/** The port that was given, or the transport's own. RFC 3261 §19.1.2. */
function port(cell: Cell | undefined, transport: Transport): Pick<ServerConfig, "port" | "isDefaultPort"> {
  if (cell !== undefined) return { port: Number(cell.value) };
  return { port: transport === "tls" ? TLS_PORT : Number(paramOf("port").default), isDefaultPort: true };
}
