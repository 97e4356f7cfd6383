// Who is asked for a name, in order: what RFC 6761 has settled, the hosts file, the DNS, the system.
//
// The DNS alone tells how long an answer holds, so it is asked by ourselves; the system (getaddrinfo)
// comes last and for addresses only: it knows what is neither in the hosts file nor in the DNS, such as
// names of the local link and search lists. Below: resolver.ts. Above: locator.ts, the command line.

import { lookup, Resolver } from "node:dns";
import { readFileSync } from "node:fs";
import { isIPv4, isIPv6 } from "node:net";
import { promisify } from "node:util";
import { splitHostPort } from "../../config/host.ts";
import { type Endpoint, plainAddress } from "../address.ts";
import { type Answer, type Ask, plainName, type RecordType } from "./records.ts";
import { resolverOf } from "./resolver.ts";

/** Every address of a name, in the order of preference; rejects when it knows none. */
export type Lookup = (name: string) => Promise<readonly string[]>;

export interface NamesOptions {
  /** `ADDRESS[:PORT]` of name servers; none: those of the system. */
  readonly nameServers: readonly string[];
  /** Asked for addresses in place of everything here. */
  readonly lookup?: Lookup;
  /** Path of the hosts file; that of the system by default. */
  readonly hostsFile?: string;
}

type Family = "A" | "AAAA";

/** The hosts file and the system say nothing about time. */
const TIMELESS_S = 60;

/** RFC 6761 §6.3 and §6.4: names that no name server is asked for. */
const SETTLED = ["localhost", "invalid"];
const LOOPBACK = { A: "127.0.0.1", AAAA: "::1" };
const NOTHING: Answer<never> = { kind: "none", why: "no such name", ttlSeconds: Infinity };

const HOSTS_FILE =
  process.platform === "win32" ? `${process.env.SystemRoot}\\System32\\drivers\\etc\\hosts` : "/etc/hosts";
const DNS_PORT = 53;

export function namesOf({ nameServers, lookup, hostsFile = HOSTS_FILE }: NamesOptions): Ask {
  const given = nameServers.map(nameServer);
  const dns = resolverOf(() => (given.length > 0 ? given : systemServers()));
  const addresses = async (name: string, family: Family): Promise<Answer<string>> => {
    const listed = inHostsFile(hostsFile, name, family);
    if (listed) return listed;
    const answer = await dns(name, family);
    if (answer.kind === "found" || given.length > 0) return answer;
    const last = await looked(systemLookup, name, family);
    return last.kind === "found" ? last : answer;
  };
  const ask = async (name: string, type: RecordType): Promise<Answer<unknown>> => {
    const top = plainName(name).split(".").at(-1);
    if (type !== "A" && type !== "AAAA") return SETTLED.includes(top ?? "") ? NOTHING : dns(name, type);
    if (lookup) return looked(lookup, name, type);
    if (top === "invalid") return NOTHING;
    return top === "localhost" ? timeless([LOOPBACK[type]]) : addresses(name, type);
  };
  return ask as Ask;
}

/** `192.0.2.1`, `192.0.2.1:5353`, `[2001:db8::1]:5353`. */
export function nameServer(text: string): Endpoint {
  const { host, port } = splitHostPort(text);
  return { address: plainAddress(host), port: Number(port ?? DNS_PORT) };
}

/** Read anew each time: after a change of the network resolv.conf is another one. */
function systemServers(): readonly Endpoint[] {
  return new Resolver().getServers().map(nameServer);
}

/** hosts(5): an address, then its names; what stands behind # is a remark. */
function inHostsFile(path: string, name: string, family: Family): Answer<string> | undefined {
  const rows = linesOf(path).map((line) => line.replace(/#.*/, "").trim().split(/\s+/));
  const own = rows.filter(([, ...names]) => names.some((each) => plainName(each) === plainName(name)));
  if (own.length === 0) return undefined;
  return timeless(
    ofFamily(
      own.map(([address = ""]) => address),
      family,
    ),
  );
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return []; // a machine without one
  }
}

async function looked(ask: Lookup, name: string, family: Family): Promise<Answer<string>> {
  try {
    return timeless(ofFamily(await ask(name), family));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    if (code === "EAI_AGAIN") return { kind: "failed", why: "the name server does not answer" };
    return { kind: "none", why: code === "ENOTFOUND" ? "no such name" : code, ttlSeconds: 0 };
  }
}

async function systemLookup(name: string): Promise<readonly string[]> {
  const found = await promisify(lookup)(name, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}

function ofFamily(addresses: readonly string[], family: Family): readonly string[] {
  return addresses.map(plainAddress).filter(family === "A" ? isIPv4 : isIPv6);
}

function timeless(records: readonly string[]): Answer<string> {
  if (records.length > 0) return { kind: "found", records, ttlSeconds: TIMELESS_S };
  return { kind: "none", why: "no address of that family", ttlSeconds: TIMELESS_S };
}
