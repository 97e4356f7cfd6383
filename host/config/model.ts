// What a configuration says, once every form of it has been read and checked.
//
// Above: the agent that feeds the core, the linter. Below: host/params/table.ts.

import { LINES, SERVERS } from "../../assembly/base/limits.ts";
import type { Settings } from "../params/table.ts";

/** Lines and servers that one instance of the shipped module carries. */
export const LINES_MAX = LINES;
export const SERVERS_MAX = SERVERS;

export type Transport = "udp" | "tcp" | "tls";

/** One server of the set; its rank is its place in the list. */
export interface ServerConfig {
  /** `primary`, `backup1`, `backup2`, `backup3`. */
  readonly name: string;
  /** Name or address as configured, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Nobody said a port, so SRV records may name another one (RFC 3263 §4.2). Absent: it was configured. */
  readonly isDefaultPort?: true;
  readonly transport: Transport;
  /** Domain of the addresses of record at this server. RFC 3261 §10.2. */
  readonly domain: string;
}

/** Digest user name and password at one server. RFC 7616 §3.4. */
export interface Credentials {
  readonly account: string;
  readonly password: string;
}

export interface LineConfig {
  readonly number: string;
  /** Empty: no display name. */
  readonly display: string;
  /** By rank of the server; null where the configuration gives no password for it. */
  readonly credentials: readonly (Credentials | null)[];
}

/** The port we send from. A random one is drawn at boot, or when a bind fails. */
export interface LocalPort {
  readonly random: boolean;
  /** Used while `random` is off. */
  readonly port: number;
  readonly min: number;
  readonly max: number;
}

/** How names of servers are found. */
export interface DnsConfig {
  /** What is asked for first. RFC 3263 §4. */
  readonly type: "a" | "srv" | "naptr";
  /** `ADDRESS[:PORT]`, IPv6 in brackets; none: those of the system. */
  readonly nameServers: readonly string[];
}

/** Whether and how long lines watch their own registration. RFC 3680. */
export interface SubscriptionConfig {
  readonly on: boolean;
  /** Asked for, s; 0: none is, and the server says. */
  readonly expirySeconds: number;
}

export interface PhoneConfig {
  readonly settings: Settings;
  readonly local: LocalPort;
  /** File with the authorities that TLS trusts, PEM; absent: those that Node brings. */
  readonly tlsCaFile?: string;
  /** Addresses let in beside those of the set, while `acceptOnlyFromServer` is on. */
  readonly acceptList: readonly string[];
  /** Requests inside a call go through the server of the call; false: by the route set of the dialog. RFC 3261 §12.2.1.1. */
  readonly outboundProxyInDialog: boolean;
  /** Absent: off. */
  readonly registerSubscription?: SubscriptionConfig;
  readonly servers: readonly ServerConfig[];
  readonly lines: readonly LineConfig[];
  /** Absent: addresses only, asked of the system's name servers. */
  readonly dns?: DnsConfig;
  /** DHCP may name other servers. Absent: it may not. */
  readonly dhcpOption120?: boolean;
}

/** The name of the server of that rank: 0 is the primary. */
export function serverName(rank: number): string {
  return rank === 0 ? "primary" : `backup${rank}`;
}

/** The rank behind a name; -1 when it names no server. */
export function serverRank(name: string): number {
  if (name === "primary") return 0;
  const backup = /^backup([1-9]\d?)$/.exec(name);
  return backup === null ? -1 : Number(backup[1]);
}

/** The same configuration fit to be shown or stored: passwords are masked, all else stands. */
export function redacted(config: PhoneConfig): PhoneConfig {
  return {
    ...config,
    lines: config.lines.map((line) => ({
      ...line,
      credentials: line.credentials.map((held) => held && { ...held, password: "***" }),
    })),
  };
}
