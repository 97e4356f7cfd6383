// What a real name server says, and what is made of it: every kind of answer, silence, and change.
import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import { decode } from "dns-packet";
import { writeEndpoint } from "../../host/node/address.ts";
import type { DnsType, Located, Transport } from "../../host/node/dns/locate.ts";
import { find, Locator } from "../../host/node/dns/locator.ts";
import { namesOf } from "../../host/node/dns/names.ts";
import { VirtualTime } from "../host/node/dns/virtual-time.ts";
import { seededDraw } from "../host/node/dns/zone.ts";
import { fileWith, runProgram } from "../host/program.ts";
import { PATIENCE_MS } from "../host/until.ts";
import { Capture } from "../real/capture.ts";
import { NEGATIVE_TTL, Nsd } from "./nsd.ts";

const FORTY = Array.from({ length: 40 }, (_, host) => `many 60 A 127.0.1.${host + 1}`);

const SIP = [
  "@ 300 A 127.0.0.9",
  '@ 300 NAPTR 20 10 "s" "SIP+D2T" "" _sip._tcp',
  '@ 300 NAPTR 10 10 "s" "SIP+D2U" "" _sip._udp',
  "_sip._udp 200 SRV 10 0 5070 a",
  "_sip._tcp 200 SRV 0 0 0 .",
  "a 100 A 127.0.0.1",
  "a 100 A 127.0.0.2",
  "a 100 AAAA ::1",
  "weights 300 A 127.0.0.9",
  "_sip._udp.weights 60 SRV 10 75 5060 a",
  "_sip._udp.weights 60 SRV 10 25 5061 a",
  "_sip._udp.weights 60 SRV 20 65535 5062 a",
  "zero 0 A 127.0.0.1",
  "alias 50 CNAME real",
  "real 70 A 127.0.0.3",
  "round 50 CNAME about",
  "about 50 CNAME round",
  ...FORTY,
];

let nsd: Nsd;
const ask: ReturnType<typeof namesOf> = (name, type) =>
  namesOf({ nameServers: [writeEndpoint(nsd.endpoint)] })(name, type);

before(async () => {
  nsd = await Nsd.open({ "sip.test": SIP });
});
after(() => nsd.remove());

function look(host: string, dnsType: DnsType = "a", transport: Transport = "udp"): Promise<Located> {
  return find({ host, port: 0, transport, dnsType }, ask);
}

/** Addresses and ports in order; or the kind of the end, and why. */
function short(located: Located): readonly string[] {
  if (located.kind !== "found") return [located.kind, located.why];
  return located.targets.map(writeEndpoint);
}

for (const [name, place, expected] of [
  [
    "NAPTR leads to SRV, and SRV to each address of its host",
    ["sip.test", "naptr"],
    ["[::1]:5070", "127.0.0.1:5070", "127.0.0.2:5070"],
  ],
  [
    "the target . is not offered",
    ["sip.test", "srv", "tcp"],
    ["none", "sip.test says that it does not offer transport tcp"],
  ],
  [
    "what NAPTR does not name is not offered",
    ["sip.test", "naptr", "tls"],
    ["none", "sip.test offers SIP+D2T, SIP+D2U only, and transport is tls"],
  ],
  ["without SRV its addresses are taken", ["real.sip.test", "srv"], ["127.0.0.3:5060"]],
  ["a CNAME is followed", ["alias.sip.test"], ["127.0.0.3:5060"]],
  [
    "CNAMEs in a circle are left",
    ["round.sip.test"],
    ["failed", "round.sip.test A: its aliases go in a circle"],
  ],
  ["no such name", ["no.sip.test"], ["none", "no.sip.test A: no such name"]],
  ["no such record", ["_sip._udp.sip.test"], ["none", "_sip._udp.sip.test A: no A record"]],
  [
    "a zone that is not served: REFUSED",
    ["a.other.test"],
    ["failed", "a.other.test A: the name server says REFUSED"],
  ],
  [
    "a zone that cannot be read: SERVFAIL",
    ["a.broken.test"],
    ["failed", "a.broken.test A: the name server says SERVFAIL"],
  ],
] as const) {
  test(name, async () => {
    const [host, dnsType, transport] = place;
    assert.deepEqual(new Set(short(await look(host, dnsType, transport))), new Set(expected));
  });
}

for (const [host, dnsType, ttlSeconds] of [
  ["sip.test", "naptr", 100],
  ["real.sip.test", "srv", NEGATIVE_TTL],
  ["alias.sip.test", "a", 50],
  ["real.sip.test", "a", 70],
  ["zero.sip.test", "a", 0],
] as const) {
  test(`time to live of ${host}: ${ttlSeconds} s`, async () => {
    const located = await look(host, dnsType);
    assert.equal(located.kind === "found" && located.ttlSeconds, ttlSeconds);
  });
}

test("of 300 questions three in four begin at the target of weight 75, none at the lower priority", async () => {
  const place = { host: "weights.sip.test", port: 0, transport: "udp", dnsType: "srv" } as const;
  const draw = seededDraw(3263);
  const counts = new Map<number, number>();
  for (let asked = 0; asked < 300; asked += 1) {
    const located = await find(place, ask, draw);
    assert.equal(located.kind, "found", JSON.stringify(located));
    const first = located.kind === "found" ? (located.targets[0]?.port ?? 0) : 0;
    counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  const heavy = counts.get(5060) ?? 0;
  // Five standard deviations of a binomial draw are 38.
  assert.ok(heavy > 185 && heavy < 265, JSON.stringify([...counts]));
  assert.equal(heavy + (counts.get(5061) ?? 0), 300);
});

test("forty addresses do not fit a datagram: the wire shows it cut off, and TCP brings them all", async (t) => {
  const capture = await captured(t);
  const located = await look("many.sip.test");
  assert.equal(located.kind === "found" && located.targets.length, 40);
  if (!capture) return;
  await capture.settle();
  const cut = capture.datagrams.map(({ payload }) => decode(payload)).filter(({ flag_tc }) => flag_tc);
  assert.deepEqual(new Set(cut.map(({ questions }) => questions?.[0]?.name)), new Set(["many.sip.test"]));
});

test("on the wire every question has a port and an id of its own, and no name is asked for that nobody named", async (t) => {
  const capture = await captured(t);
  if (!capture) return t.skip("net: neither root nor CAP_NET_RAW, so nothing can be captured");
  await look("sip.test", "naptr");
  await capture.settle();
  const sent = capture.datagrams.filter(({ to }) => to.port === nsd.endpoint.port);
  const questions = sent.map(({ payload }) => decode(payload));
  // A question that was not answered for a second is asked again, as another one.
  assert.deepEqual(
    new Set(questions.map(({ questions: [asked] = [] }) => `${asked?.type} ${asked?.name}`)),
    new Set(["A a.sip.test", "AAAA a.sip.test", "NAPTR sip.test", "SRV _sip._udp.sip.test"]),
  );
  assert.equal(new Set(sent.map(({ from }) => from.port)).size, sent.length);
  assert.equal(new Set(questions.map(({ id }) => id)).size, sent.length);
});

async function captured(t: TestContext): Promise<Capture | undefined> {
  const capture = await Capture.open([nsd.endpoint], "/dev/null");
  t.after(() => capture?.kill());
  return capture;
}

test("a frozen name server is given up; the last good answer serves until it is thawed", async () => {
  const { locator, notices } = watched("real.sip.test");
  await locator.start();
  nsd.freeze();
  try {
    await locator.askAll();
    assert.equal(locator.placeOf(0)?.address, "127.0.0.3");
    assert.match(notices[0] ?? "", /no address found \(.*does not answer\); what was known before is used/);
  } finally {
    nsd.thaw();
  }
  await locator.askAll();
  assert.deepEqual(notices.slice(1), ["primary: real.sip.test: found again"]);
});

test("a change of the zone leaves the address in use, until it is left; then it is gone", async () => {
  await nsd.change({ "sip.test": ["moving 0 A 127.0.0.4"] });
  const { locator } = watched("moving.sip.test");
  await locator.start();
  await nsd.change({ "sip.test": ["moving 0 A 127.0.0.5", "moving 0 A 127.0.0.6"] });
  await becomes(locator, "127.0.0.4 127.0.0.5 127.0.0.6");
  assert.equal(locator.placeOf(0)?.address, "127.0.0.4");
  locator.use(0, 1);
  assert.equal(addresses(locator), "127.0.0.5 127.0.0.6");
  assert.equal(locator.placeOf(0)?.address, "127.0.0.5");
});

test("a name that is taken out of the zone leaves the address in use", async () => {
  await nsd.change({ "sip.test": ["going 0 A 127.0.0.4", "going 0 A 127.0.0.5"] });
  const { locator } = watched("going.sip.test");
  await locator.start();
  locator.use(0, 1);
  await nsd.change({ "sip.test": ["other 0 A 127.0.0.4"] });
  await becomes(locator, "127.0.0.5");
});

test("a name server that was killed is asked again, and the last good answer serves", async () => {
  await nsd.change({ "sip.test": ["pbx 0 A 127.0.0.4"] });
  const { locator } = watched("pbx.sip.test");
  await locator.start();
  await nsd.kill();
  await locator.askAll();
  assert.equal(locator.placeOf(0)?.address, "127.0.0.4");
  await nsd.start();
  await nsd.change({ "sip.test": ["pbx 0 A 127.0.0.7"] });
  await becomes(locator, "127.0.0.4 127.0.0.7");
});

// 902 s and 2 s for each of the two further addresses; without a look at the names it is one address.
for (const [options, detectMs] of [
  [[], 906_000],
  [["--no-resolve"], 902_000],
] as const) {
  test(`check ${options.join(" ")}: a server of three addresses is noticed within ${detectMs} ms`, async () => {
    await nsd.change({ "sip.test": SIP });
    const { code, stdout, stderr } = await runProgram([
      ...["check", "--json", "--primary", "a.sip.test", "--backup", "192.0.2.2", "--user", "6000"],
      ...["--password-file", fileWith("password", "hunter2")],
      ...["--param", `nameServers=${writeEndpoint(nsd.endpoint)}`, ...options],
    ]);
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).detectMs, detectMs);
  });
}

function addresses(locator: Locator): string {
  return locator
    .targetsOf(0)
    .map(({ address }) => address)
    .join(" ");
}

/** Asks until it is so: while NSD loads a zone, a process that has the old one may answer still. */
async function becomes(locator: Locator, expected: string): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  while (addresses(locator) !== expected && !signal.aborted) await locator.askAll();
  assert.equal(addresses(locator), expected);
}

function watched(host: string) {
  const notices: string[] = [];
  const locator = new Locator({
    servers: [{ name: "primary", host, port: 0, transport: "udp", dnsType: "a" }],
    ask,
    timing: new VirtualTime(),
    onChange: () => {},
    onNotice: (text) => notices.push(text),
  });
  return { locator, notices };
}
