// RFC 3263 §4 step by step: what is asked, and in what order the addresses are to be tried.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type DnsType,
  type Located,
  locate,
  type Place,
  type Transport,
} from "../../../../host/node/dns/locate.ts";
import { NEGATIVE_TTL, seededDraw, type Zone, zone } from "./zone.ts";

function place(dnsType: DnsType, transport: Transport = "udp", host = "example.com", port = 0): Place {
  return { host, port, transport, dnsType };
}

function look(where: Place, dns: Zone): Promise<Located> {
  return locate(where, dns.ask, seededDraw(1));
}

/** The targets as `address:port`, or why there are none. */
function short(located: Located): readonly string[] {
  if (located.kind !== "found") return [located.kind];
  return located.targets.map(({ address, port }) =>
    address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`,
  );
}

const NAPTRS = [
  "example.com 300 NAPTR 50 50 s SIPS+D2T _sips._tcp.example.com",
  "example.com 300 NAPTR 90 50 s SIP+D2T _sip._tcp.example.com",
  "example.com 300 NAPTR 100 50 s SIP+D2U _sip._udp.example.com",
];
const SRVS = [
  "_sips._tcp.example.com 200 SRV 0 0 5061 tls.example.com",
  "_sip._tcp.example.com 200 SRV 0 0 5060 tcp.example.com",
  "_sip._udp.example.com 200 SRV 0 0 5070 udp.example.com",
];
const HOSTS = [
  "tls.example.com 100 A 192.0.2.1",
  "tcp.example.com 100 A 192.0.2.2",
  "udp.example.com 100 A 192.0.2.3",
  "udp.example.com 100 AAAA 2001:db8::3",
  "example.com 100 A 192.0.2.9",
];
const ALL = [...NAPTRS, ...SRVS, ...HOSTS];

/** RFC 3263 §4.1 and §4.2, a row for each way. */
const ROWS: readonly (readonly [
  string,
  Place,
  Zone,
  targets: readonly string[],
  asked: readonly string[],
])[] = [
  ["an address is itself", place("naptr", "udp", "192.0.2.7"), zone(), ["192.0.2.7:5060"], []],
  ["so is IPv6 in brackets", place("srv", "tls", "[2001:DB8::7]"), zone(), ["[2001:db8::7]:5061"], []],
  ["and with a port", place("naptr", "udp", "192.0.2.7", 5070), zone(), ["192.0.2.7:5070"], []],
  [
    "a port leaves NAPTR and SRV out",
    place("naptr", "udp", "example.com", 5090),
    zone(...ALL),
    ["192.0.2.9:5090"],
    ["AAAA example.com", "A example.com"],
  ],
  [
    "so does the type A",
    place("a", "tls"),
    zone(...ALL),
    ["192.0.2.9:5061"],
    ["AAAA example.com", "A example.com"],
  ],
  [
    "NAPTR names the SRV record, the SRV record the host; IPv6 first",
    place("naptr"),
    zone(...ALL),
    ["[2001:db8::3]:5070", "192.0.2.3:5070"],
    ["NAPTR example.com", "SRV _sip._udp.example.com", "AAAA udp.example.com", "A udp.example.com"],
  ],
  [
    "a configured TCP stays TCP, though TLS is preferred",
    place("naptr", "tcp"),
    zone(...ALL),
    ["192.0.2.2:5060"],
    ["NAPTR example.com", "SRV _sip._tcp.example.com", "AAAA tcp.example.com", "A tcp.example.com"],
  ],
  [
    "a configured TLS is never led to anything else",
    place("naptr", "tls"),
    zone(...NAPTRS.slice(1), ...SRVS, ...HOSTS),
    ["none"],
    ["NAPTR example.com"],
  ],
  [
    "without NAPTR the SRV record of the transport is asked for",
    place("naptr", "tls"),
    zone(...SRVS, ...HOSTS),
    ["192.0.2.1:5061"],
    ["NAPTR example.com", "SRV _sips._tcp.example.com", "AAAA tls.example.com", "A tls.example.com"],
  ],
  [
    "NAPTR records of other services count as none",
    place("naptr", "udp"),
    zone(
      "example.com 9 NAPTR 1 1 u E2U+sip x.example.com",
      "example.com 9 NAPTR 1 1 a SIP+D2U x.example.com",
      ...SRVS,
      ...HOSTS,
    ),
    ["[2001:db8::3]:5070", "192.0.2.3:5070"],
    ["NAPTR example.com", "SRV _sip._udp.example.com", "AAAA udp.example.com", "A udp.example.com"],
  ],
  [
    "the type SRV asks no NAPTR",
    place("srv", "tcp"),
    zone(...ALL),
    ["192.0.2.2:5060"],
    ["SRV _sip._tcp.example.com", "AAAA tcp.example.com", "A tcp.example.com"],
  ],
  [
    "without SRV the addresses of the name are taken, with the port of the transport",
    place("srv", "tls"),
    zone(...HOSTS),
    ["192.0.2.9:5061"],
    ["SRV _sips._tcp.example.com", "AAAA example.com", "A example.com"],
  ],
  [
    "the target . says that the service is not offered: the addresses are not asked for",
    place("srv"),
    zone("_sip._udp.example.com 200 SRV 0 0 0 .", ...HOSTS),
    ["none"],
    ["SRV _sip._udp.example.com"],
  ],
  [
    "a name that does not exist",
    place("a", "udp", "gone.example.com"),
    zone(),
    ["none"],
    ["AAAA gone.example.com", "A gone.example.com"],
  ],
  [
    "a failure is no answer",
    place("a"),
    zone("example.com fails A"),
    ["failed"],
    ["AAAA example.com", "A example.com"],
  ],
  [
    "one family that fails is no loss when the other is there",
    place("a"),
    zone("example.com fails AAAA", "example.com 5 A 192.0.2.9"),
    ["192.0.2.9:5060"],
    ["AAAA example.com", "A example.com"],
  ],
];

for (const [name, where, dns, targets, asked] of ROWS) {
  test(name, async () => {
    assert.deepEqual(short(await look(where, dns)), targets);
    assert.deepEqual(dns.asked, asked);
  });
}

test("priorities of SRV come one after the other, each with every address of its host", async () => {
  const dns = zone(
    "_sip._udp.example.com 200 SRV 20 0 5080 b.example.com",
    "_sip._udp.example.com 200 SRV 10 0 5070 a.example.com",
    "a.example.com 100 A 192.0.2.1",
    "a.example.com 100 A 192.0.2.2",
    "b.example.com 100 AAAA 2001:db8::b",
    "b.example.com 100 A 192.0.2.1",
  );
  assert.deepEqual(short(await look(place("srv"), dns)), [
    "192.0.2.1:5070",
    "192.0.2.2:5070",
    "[2001:db8::b]:5080",
    "192.0.2.1:5080",
  ]);
});

test("several NAPTR records of one service are taken by order, then preference", async () => {
  const dns = zone(
    "example.com 300 NAPTR 10 20 S sip+d2u second.example.com",
    "example.com 300 NAPTR 20 10 s SIP+D2U third.example.com",
    "example.com 300 NAPTR 10 10 s SIP+D2U first.example.com",
    ...["first", "second", "third"].map(
      (name, at) => `${name}.example.com 9 SRV 0 0 ${at + 1} h.example.com`,
    ),
    "h.example.com 100 A 192.0.2.1",
  );
  assert.deepEqual(short(await look(place("naptr"), dns)), ["192.0.2.1:1", "192.0.2.1:2", "192.0.2.1:3"]);
});

test("an address that is named twice is one target", async () => {
  const dns = zone(
    "example.com 100 A 192.0.2.1",
    "example.com 100 A 192.0.2.1",
    "example.com 100 A 192.0.2.2",
  );
  assert.deepEqual(short(await look(place("a"), dns)), ["192.0.2.1:5060", "192.0.2.2:5060"]);
});

/** The shortest TTL on the way counts: NAPTR, SRV, address. */
const TTLS: readonly (readonly [string, Place, Zone, number])[] = [
  ["all of them", place("naptr"), zone(...ALL), 100],
  ["NAPTR", place("naptr"), zone(NAPTRS[2]?.replace("300", "7") ?? "", ...SRVS, ...HOSTS), 7],
  ["SRV", place("srv"), zone(SRVS[2]?.replace("200", "0") ?? "", ...HOSTS), 0],
  ["the missing NAPTR", place("naptr"), zone(...SRVS, ...HOSTS), NEGATIVE_TTL],
  ["an address that was configured", place("a", "udp", "192.0.2.1"), zone(), Infinity],
];

for (const [name, where, dns, ttlSeconds] of TTLS) {
  test(`time to live of ${name}: ${ttlSeconds} s`, async () => {
    const located = await look(where, dns);
    assert.equal(located.kind === "found" && located.ttlSeconds, ttlSeconds);
  });
}

test("a NAPTR question that fails leads on to SRV, and the answer is marked as not whole", async () => {
  const dns = zone("example.com fails NAPTR", ...SRVS, ...HOSTS);
  const located = await look(place("naptr"), dns);
  assert.deepEqual(short(located), ["[2001:db8::3]:5070", "192.0.2.3:5070"]);
  assert.deepEqual(located.kind === "found" && located.missed, ["example.com NAPTR: SERVFAIL"]);
});

test("a target whose addresses fail is left out, and the answer is marked as not whole", async () => {
  const dns = zone(
    "_sip._udp.example.com 200 SRV 10 0 5060 a.example.com",
    "_sip._udp.example.com 200 SRV 20 0 5060 b.example.com",
    "a.example.com fails A",
    "b.example.com 100 A 192.0.2.2",
  );
  const located = await look(place("srv"), dns);
  assert.deepEqual(short(located), ["192.0.2.2:5060"]);
  assert.deepEqual(located.kind === "found" && located.missed, ["a.example.com A: SERVFAIL"]);
});

test("an SRV question that fails, and no address: nobody knows, which is a failure", async () => {
  assert.deepEqual(short(await look(place("srv"), zone("_sip._udp.example.com fails SRV"))), ["failed"]);
});
