// Where the server behind a name is: the procedure of RFC 3263 §4, as a function of what the DNS says.
//
// NAPTR names the SRV records of a transport, SRV the hosts and ports, A and AAAA the addresses; each
// step is left out when a port is configured, when `dnsType` says so, or when the one before has told
// the way. The transport is configured and therefore never chosen here (§4.1: it "was specified
// explicitly"); so nothing that stands in the DNS can lead a phone from TLS to plain text.
// Below: records.ts, weight.ts. Above: watch.ts, `standfast locate`.
import { isIP } from "node:net";
import { type Endpoint, plainAddress, writeEndpoint } from "../address.ts";
import { type Answer, type Ask, type Naptr, plainName, type RecordType, type Srv } from "./records.ts";
import { type Draw, ordered } from "./weight.ts";

export type Transport = "udp" | "tcp" | "tls";
/** The first question: addresses only, SRV, or NAPTR. The parameter `proxyDnsType`. */
export type DnsType = "a" | "srv" | "naptr";

/** A server as it is configured. */
export interface Place {
  readonly host: string;
  /** 0: none was configured. */
  readonly port: number;
  readonly transport: Transport;
  readonly dnsType: DnsType;
}

/** One address of a server, and how it was come by. */
export interface Target extends Endpoint {
  /** The host that has this address; the address itself when that was configured. */
  readonly name: string;
  /** Of its SRV record; undefined where none was asked for. */
  readonly priority?: number;
  readonly weight?: number;
  /** How long this way to the address may be kept, s; Infinity: for ever. */
  readonly ttlSeconds: number;
}

export type Located =
  | {
      readonly kind: "found";
      /** One at least, in the order in which they are to be tried. */
      readonly targets: readonly Target[];
      /** The shortest of all records that were used, s. */
      readonly ttlSeconds: number;
      /** Questions that found no answer on the way: others may be the better targets. */
      readonly missed: readonly string[];
    }
  | { readonly kind: "none"; readonly why: string; readonly ttlSeconds: number }
  | { readonly kind: "failed"; readonly why: string };

/** How many addresses of one server are tried at most. ABI.md, "setTargets". */
export const TARGETS_MAX = 8;

interface Service {
  /** RFC 3263 §4.1; in the DNS in any case of letters. */
  readonly naptr: string;
  readonly srv: string;
  /** RFC 3261 §19.1.2. */
  readonly port: number;
}

const SERVICES: Readonly<Record<Transport, Service>> = {
  udp: { naptr: "sip+d2u", srv: "_sip._udp", port: 5060 },
  tcp: { naptr: "sip+d2t", srv: "_sip._tcp", port: 5060 },
  tls: { naptr: "sips+d2t", srv: "_sips._tcp", port: 5061 },
};

/** The port of a transport where none is named. RFC 3261 §19.1.2. */
export function defaultPort(transport: Transport): number {
  return SERVICES[transport].port;
}

/** Never rejects. An address is its own answer and asks nobody. */
export async function locate(place: Place, ask: Ask, draw: Draw): Promise<Located> {
  const { host, port, transport, dnsType } = place;
  const literal = plainAddress(host);
  const usedPort = port === 0 ? defaultPort(transport) : port;
  if (isIP(literal) !== 0) {
    return found([{ address: literal, port: usedPort, name: literal, ttlSeconds: Infinity }]);
  }
  const asked = once(ask);
  if (port !== 0 || dnsType === "a") return byAddress(host, usedPort, asked);
  return dnsType === "naptr" ? byNaptr(place, asked, draw) : bySrv(place, [ownSrv(place)], asked, draw);
}

/** Each question once, however many records lead to it; with the question in front of each reason. */
function once(ask: Ask): Ask {
  const asked = new Map<string, Promise<Answer<unknown>>>();
  const first = async (name: string, type: RecordType): Promise<Answer<unknown>> => {
    const answer = await ask(name, type);
    return answer.kind === "found" ? answer : { ...answer, why: `${name} ${type}: ${answer.why}` };
  };
  const again = (name: string, type: RecordType): Promise<Answer<unknown>> => {
    const question = `${plainName(name)} ${type}`;
    const answer = asked.get(question) ?? first(name, type);
    asked.set(question, answer);
    return answer;
  };
  return again as Ask;
}

/** RFC 3263 §4.1. A name without NAPTR records of SIP is asked for its SRV records. */
async function byNaptr(place: Place, ask: Ask, draw: Draw): Promise<Located> {
  const answer = await ask(place.host, "NAPTR");
  const offered = recordsOf(answer).filter(isSip);
  const wanted = SERVICES[place.transport].naptr;
  const ours = offered.filter(({ services }) => services.toLowerCase() === wanted).sort(byPreference);
  if (offered.length > 0 && ours.length === 0) return past(answer, notOffered(place, offered));
  const names = ours.length > 0 ? ours.map(({ replacement }) => replacement) : [ownSrv(place)];
  return past(answer, await bySrv(place, names, ask, draw));
}

/** Its replacement names SRV records (flag "s") of SIP. */
function isSip({ flags, services }: Naptr): boolean {
  return flags.toLowerCase() === "s" && /^sips?\+/i.test(services);
}

function byPreference(a: Naptr, b: Naptr): number {
  return a.order - b.order || a.preference - b.preference;
}

function notOffered({ host, transport }: Place, offered: readonly Naptr[]): Located {
  const services = [...new Set(offered.map((record) => record.services))].join(", ");
  const why = `${host} offers ${services} only, and transport is ${transport}`;
  return { kind: "none", why, ttlSeconds: Infinity };
}

function ownSrv({ host, transport }: Place): string {
  return `${SERVICES[transport].srv}.${host}`;
}

/** RFC 3263 §4.2. `names` in order of preference; a host without SRV records is asked for its addresses. */
async function bySrv(place: Place, names: readonly string[], ask: Ask, draw: Draw): Promise<Located> {
  const answers = await Promise.all(names.map((name) => ask(name, "SRV")));
  const records = answers.flatMap((answer) => ordered(recordsOf(answer), draw));
  const located =
    records.length > 0
      ? await byTargets(place, records, ask)
      : await byAddress(place.host, defaultPort(place.transport), ask);
  return answers.reduce((so, answer) => past(answer, so), located);
}

/** The addresses of each target, all asked for at once, in the order of the targets. */
async function byTargets(place: Place, records: readonly Srv[], ask: Ask): Promise<Located> {
  const offered = records.filter(({ target }) => target !== "").slice(0, TARGETS_MAX);
  if (offered.length === 0) {
    const why = `${place.host} says that it does not offer transport ${place.transport}`;
    return { kind: "none", why, ttlSeconds: Infinity };
  }
  const each = await Promise.all(offered.map(({ target, port }) => byAddress(target, port, ask)));
  const targets = each.flatMap((located, index) => withSrv(located, offered[index] as Srv));
  const missed = each.flatMap((located) => (located.kind === "failed" ? [located.why] : []));
  if (targets.length > 0) return found(targets, missed);
  if (missed.length > 0) return { kind: "failed", why: missed.join("; ") };
  const why = `none of ${offered.map(({ target }) => target).join(", ")} has an address`;
  return { kind: "none", why, ttlSeconds: shortest(each) };
}

function withSrv(located: Located, { priority, weight }: Srv): readonly Target[] {
  if (located.kind !== "found") return [];
  return located.targets.map((target) => ({ ...target, priority, weight }));
}

/**
 * A and AAAA of one name, RFC 3263 §4.2 with RFC 7984 §3: both, IPv6 first (RFC 6724). One family that
 * is not answered is no loss when the other is: some name servers never answer AAAA (RFC 4074).
 */
async function byAddress(name: string, port: number, ask: Ask): Promise<Located> {
  const [six, four] = await Promise.all([ask(name, "AAAA"), ask(name, "A")]);
  const targets = [six, four].flatMap((answer) =>
    recordsOf(answer).map((address) => ({
      address: plainAddress(address),
      port,
      name: plainName(name),
      ttlSeconds: shortest([answer]),
    })),
  );
  if (four.kind === "failed") return targets.length > 0 ? found(targets) : four;
  if (targets.length > 0 || four.kind === "found") return found(targets);
  return six.kind === "failed" ? six : { ...four, ttlSeconds: shortest([four, six]) };
}

function recordsOf<Data>(answer: Answer<Data>): readonly Data[] {
  return answer.kind === "found" ? answer.records : [];
}

function found(targets: readonly Target[], missed: readonly string[] = []): Located {
  const places = targets.map(writeEndpoint);
  const distinct = targets.filter((_, at) => places.indexOf(places[at] as string) === at);
  return { kind: "found", targets: distinct, ttlSeconds: shortest(distinct), missed };
}

/** What was found beyond an answer: it lasts no longer than that, and is not whole without it. */
function past(answer: Answer<unknown>, located: Located): Located {
  if (answer.kind === "failed" && located.kind === "found") {
    return { ...located, missed: [...located.missed, answer.why] };
  }
  if (answer.kind === "failed" || located.kind === "failed") {
    return {
      kind: "failed",
      why: [answer, located].flatMap((each) => ("why" in each ? [each.why] : [])).join("; "),
    };
  }
  const limit = (ttlSeconds: number) => Math.min(answer.ttlSeconds, ttlSeconds);
  const ttlSeconds = limit(located.ttlSeconds);
  if (located.kind === "none") return { ...located, ttlSeconds };
  const targets = located.targets.map((target) => ({ ...target, ttlSeconds: limit(target.ttlSeconds) }));
  return { ...located, targets, ttlSeconds };
}

function shortest(held: readonly (Answer<unknown> | Located | Target)[]): number {
  return Math.min(...held.map((each) => ("ttlSeconds" in each ? each.ttlSeconds : Infinity)));
}
