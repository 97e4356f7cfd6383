// The servers of a configuration, as the virtual world plays them: healthy, and with the accounts that
// the configuration has credentials for.
//
// Below: pbx/server.ts. Above: world.ts.

import type { LineConfig, PhoneConfig, ServerConfig } from "../config/model.ts";
import type { Place } from "../core/setup.ts";
import type { Account } from "../pbx/registrar.ts";
import { PbxServer } from "../pbx/server.ts";
import type { Endpoint } from "../sip/message.ts";

/** Addresses of documents: RFC 5737, RFC 3849. */
const PHONE_ADDRESS = { v4: "192.0.2.100", v6: "2001:db8::100" };

/** One server for each of the set, by name, in order of rank. */
export function buildServers(config: PhoneConfig): ReadonlyMap<string, PbxServer> {
  const servers = new Map<string, PbxServer>();
  const neighbours = {
    contactOf: (name: string) => {
      const server = config.servers.find((one) => one.name === name);
      return server === undefined ? undefined : `${bracketed(server.host)}:${server.port}`;
    },
    tableOf: (name: string) => servers.get(name)?.table,
  };
  config.servers.forEach((server, rank) => {
    const accounts = config.lines.flatMap((line) => accountOf(line, rank));
    const options = { realm: server.domain, key: server.name, accounts };
    servers.set(server.name, new PbxServer(options, neighbours));
  });
  return servers;
}

/** Where the servers of the world are: as configured, or an address of documents for a name. */
export function placesOf(config: PhoneConfig, localPort: number): readonly Place[] {
  return config.servers.map((server, rank) => {
    const { address, port } = phoneTowards(server, localPort);
    return { address: addressOf(server, rank), local: `${bracketed(address)}:${port}` };
  });
}

/** The phone as that server sees it, when nothing lies between them. */
export function phoneTowards(server: ServerConfig, localPort: number): Endpoint {
  return { address: server.host.includes(":") ? PHONE_ADDRESS.v6 : PHONE_ADDRESS.v4, port: localPort };
}

function addressOf(server: ServerConfig, rank: number): string {
  const isAddress = server.host.includes(":") || /^\d+\.\d+\.\d+\.\d+$/.test(server.host);
  return isAddress ? server.host : `192.0.2.${rank + 1}`;
}

function accountOf(line: LineConfig, rank: number): Account[] {
  const held = line.credentials[rank];
  if (held === undefined || held === null) return [];
  const { account, password } = held;
  return [{ user: line.number, account, secret: { kind: "password", password } }];
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
