// Rows of wire.test.ts: each parameter of the host, of a server and of a line, its two values, and what is seen of it
// in what the phone sends.
//
// `{port}` and the like stand for what is only known at run time: wire.test.ts fills them in.

import type { Phone } from "../../../host/index.ts";
import type { Ears, Message } from "./ears.ts";

/** A phone that has run, and what was heard of it. */
export interface Played {
  readonly heard: readonly Message[];
  /** What stands for a local port in the rows: `low` or `high`. */
  readonly nameOf: (port: number) => string;
}

export interface Row {
  /** What holds in both runs: lines of a configuration. */
  readonly both?: string;
  /** The parameter as a file says it; its own name when left out. */
  readonly key?: string;
  /** Its value in the first run and in the second; empty: the line is left out. */
  readonly values: readonly [before: string, after: string];
  /** What the phone does until it has been seen; two messages, a REGISTER and one with credentials, when left out. */
  readonly until?: (phone: Phone, ears: Ears) => Promise<unknown>;
  /** A local port that somebody else has, in each run. */
  readonly held?: readonly [before: string, after: string];
  /** Answers come from another address than the one that was asked. */
  readonly answersFrom?: string;
  readonly watch: (played: Played) => unknown;
  readonly before: unknown;
  readonly after: unknown;
}

/** Where the phone's first message arrived. */
const where = ({ heard }: Played): unknown => heard[0]?.ear;
/** How it travelled: as it did, and as its Via says. */
const how = ({ heard }: Played): unknown => [
  heard[0]?.transport,
  part(/^Via: SIP\/2\.0\/(\w+) /m)({ heard }),
];
/** The local port it came from, and the one in its Contact. */
const ports = ({ heard, nameOf }: Played): unknown => [
  nameOf(heard[0]?.fromPort ?? 0),
  nameOf(Number(part(/^Contact: <sip:6000@[\d.]+:(\d+)/m)({ heard }))),
];
const methods = ({ heard }: Played): unknown => [...new Set(heard.map(({ text }) => text.split(" ", 1)[0]))];
/** What its first REGISTER and the one with credentials were answered. */
const statuses = ({ heard }: Played): unknown => heard.slice(0, 2).map(({ status }) => status);

/** A part of the last message that was heard. */
function part(of: RegExp): (played: Pick<Played, "heard">) => string | undefined {
  return ({ heard }) => of.exec(heard.at(-1)?.text ?? "")?.[1];
}

const TO_DOMAIN = part(/^To: .*<sip:6000@([^>;]+)>/m);
const ONE = "outboundServer = 127.0.0.1\noutboundPort = {port}\n";
/** The primary is dead, so the backup is what is seen. */
const DEAD = "outboundServer = 127.0.0.1\noutboundPort = {nobody}\n";
const PRIMARY = "servers.primary.host = 127.0.0.1\nservers.primary.port = {port}\n";
const BACKUP = "backupOutboundServer = 127.0.0.1\nbackupOutboundPort = {beside}\n";

async function registered(phone: Phone): Promise<void> {
  await phone.whenInService();
  await phone.stop();
}

/** What a SIP stack does that was handed a call: its BYE goes to the call's server, or to the route set's `beside`. */
async function hangUp(phone: Phone, ears: Ears): Promise<void> {
  await phone.whenInService();
  const call = phone.callBegin("6000");
  const routed = { address: "127.0.0.1", port: ears.others.beside };
  const to = call?.outboundProxyInDialog ? call.endpoint : routed;
  await phone.send(to ?? routed, Buffer.from("BYE sip:6001@192.0.2.1 SIP/2.0\r\n\r\n"));
  await ears.until(3);
}

const SERVERS = {
  proxyServer: {
    both: ONE,
    values: ["sip.example", "other.example"],
    watch: TO_DOMAIN,
    before: "sip.example",
    after: "other.example",
  },
  proxyPort: {
    both: "proxyServer = 127.0.0.1\n",
    values: ["{port}", "{beside}"],
    watch: where,
    before: "here",
    after: "beside",
  },
  outboundServer: {
    both: "outboundPort = {port}\n",
    values: ["127.0.0.1", "127.0.0.2"],
    watch: where,
    before: "here",
    after: "there",
  },
  outboundPort: {
    both: "outboundServer = 127.0.0.1\n",
    values: ["{port}", "{beside}"],
    watch: where,
    before: "here",
    after: "beside",
  },
  backupOutboundServer: {
    both: `${DEAD}backupOutboundPort = {port}\n`,
    values: ["127.0.0.1", "127.0.0.2"],
    watch: where,
    before: "here",
    after: "there",
  },
  backupOutboundPort: {
    both: `${DEAD}backupOutboundServer = 127.0.0.1\n`,
    values: ["{port}", "{beside}"],
    watch: where,
    before: "here",
    after: "beside",
  },
  backupProxyServer: {
    both: `${DEAD}${BACKUP}proxyServer = sip.example\n`,
    values: ["", "other.example"],
    watch: TO_DOMAIN,
    before: "sip.example",
    after: "other.example",
  },
  backupProxyPort: {
    both: `${DEAD}backupProxyServer = 127.0.0.1\n`,
    values: ["{port}", "{beside}"],
    watch: where,
    before: "here",
    after: "beside",
  },
  host: {
    key: "servers.primary.host",
    both: "servers.primary.port = {port}\n",
    values: ["127.0.0.1", "127.0.0.2"],
    watch: where,
    before: "here",
    after: "there",
  },
  port: {
    key: "servers.primary.port",
    both: "servers.primary.host = 127.0.0.1\n",
    values: ["{port}", "{beside}"],
    watch: where,
    before: "here",
    after: "beside",
  },
  transport: {
    key: "servers.primary.transport",
    both: PRIMARY,
    values: ["udp", "tcp"],
    watch: how,
    before: ["udp", "UDP"],
    after: ["tcp", "TCP"],
  },
  domain: {
    key: "servers.primary.domain",
    both: PRIMARY,
    values: ["sip.example", "other.example"],
    watch: TO_DOMAIN,
    before: "sip.example",
    after: "other.example",
  },
  tlsCaFile: {
    both:
      "servers.primary.host = 127.0.0.1\nservers.primary.port = {secure}\nservers.primary.transport = tls\n" +
      "servers.backup1.host = 127.0.0.1\nservers.backup1.port = {port}\n",
    values: ["", "{authority}"],
    watch: where,
    before: "here",
    after: "secure",
  },
} satisfies Record<string, Row>;

const OURS = {
  localPort: {
    both: `${ONE}randomPort = off\n`,
    values: ["{low}", "{high}"],
    watch: ports,
    before: ["low", "low"],
    after: ["high", "high"],
  },
  randomPort: {
    both: `${ONE}localPort = {low}\nrandomPortMin = {high}\nrandomPortMax = {high}\n`,
    values: ["off", "on"],
    watch: ports,
    before: ["low", "low"],
    after: ["high", "high"],
  },
  randomPortMin: {
    both: `${ONE}randomPortMax = {high}\n`,
    values: ["{low}", "{high}"],
    held: ["{high}", ""],
    watch: ports,
    before: ["low", "low"],
    after: ["high", "high"],
  },
  randomPortMax: {
    both: `${ONE}randomPortMin = {low}\n`,
    values: ["{low}", "{high}"],
    held: ["", "{low}"],
    watch: ports,
    before: ["low", "low"],
    after: ["high", "high"],
  },
  acceptList: {
    both: `${ONE}acceptOnlyFromServer = on\n`,
    values: ["127.0.0.4", "127.0.0.3"],
    answersFrom: "127.0.0.3",
    watch: ({ heard }) => heard[1]?.text.includes("\r\nAuthorization: "),
    before: false, // the first REGISTER again, as nothing was heard
    after: true,
  },
  outboundProxyInDialog: {
    both: ONE,
    values: ["off", "on"],
    until: hangUp,
    watch: ({ heard }) => heard.filter(({ text }) => text.startsWith("BYE ")).map(({ ear }) => ear),
    before: ["beside"],
    after: ["here"],
  },
  registerSubscription: {
    both: ONE,
    values: ["off", "on"],
    until: registered,
    watch: methods,
    before: ["REGISTER"],
    after: ["REGISTER", "SUBSCRIBE"],
  },
  registerSubscriptionExpiry: {
    both: `${ONE}registerSubscription = on\n`,
    values: ["0", "600"],
    until: (_, ears) => ears.until(3),
    watch: part(/^SUBSCRIBE [\s\S]*^Expires: (\d+)/m),
    before: undefined,
    after: "600",
  },
} satisfies Record<string, Row>;

const NAMES = {
  proxyDnsType: {
    both: `outboundServer = pbx.test\nnameServers = {one}\n${BACKUP}`,
    values: ["a", "srv"],
    watch: where,
    before: "beside", // the name has no address, and the backup serves
    after: "here",
  },
  nameServers: {
    both: "outboundServer = pbx.test\nproxyDnsType = srv\n",
    values: ["{one}", "{two}"],
    watch: where,
    before: "here",
    after: "beside",
  },
  dhcpOption120: {
    both: `${ONE}proxyDnsType = srv\nnameServers = {two}\n`,
    values: ["off", "on"],
    watch: where,
    before: "here",
    after: "beside", // the server that DHCP names, as the name server knows it
  },
} satisfies Record<string, Row>;

const LINES = {
  phoneNumber: {
    both: ONE,
    values: ["6000", "6001"],
    watch: part(/^To: <sip:(\d+)@/m),
    before: "6000",
    after: "6001",
  },
  displayName: {
    both: ONE,
    values: ["", "Reception"],
    watch: part(/^From: ([^<]*)</m),
    before: "",
    after: '"Reception" ',
  },
  account: {
    both: ONE,
    values: ["", "desk"],
    watch: part(/^Authorization: .*username="(\w+)"/m),
    before: "6000",
    after: "desk",
  },
  password: {
    both: ONE,
    values: ["another horse", "correct horse"],
    watch: statuses,
    before: ["401", "401"], // asked again
    after: ["401", "200"],
  },
} satisfies Record<string, Row>;

export const ROWS: Readonly<Record<string, Row>> = { ...SERVERS, ...OURS, ...NAMES, ...LINES };
