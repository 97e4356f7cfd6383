// Who is asked for a name, and in what order. The name servers are our own, on loopback.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeEndpoint } from "../../../../host/node/address.ts";
import { nameServer, namesOf } from "../../../../host/node/dns/names.ts";
import { temporaryFolder } from "../../folder.ts";
import { address, nameServerOn, rcode } from "./name-server.ts";

const NXDOMAIN = 3;
/** How long it holds what says nothing about time. */
const TIMELESS_S = 60;

for (const [text, endpoint] of [
  ["192.0.2.1", { address: "192.0.2.1", port: 53 }],
  ["192.0.2.1:5353", { address: "192.0.2.1", port: 5353 }],
  ["2001:DB8::1", { address: "2001:db8::1", port: 53 }],
  ["[2001:db8::1]", { address: "2001:db8::1", port: 53 }],
  ["[2001:db8::1]:5353", { address: "2001:db8::1", port: 5353 }],
] as const) {
  test(`the name server ${text} is ${writeEndpoint(endpoint)}`, () => {
    assert.deepEqual(nameServer(text), endpoint);
  });
}

test("localhost is the loopback and .invalid is nothing, whatever the name server says", async (t) => {
  const server = await nameServerOn(t, ({ name }) => [address(name, "192.0.2.66")]);
  const ask = namesOf({ nameServers: [writeEndpoint(server.endpoint)] });
  assert.deepEqual(await ask("localhost", "A"), {
    kind: "found",
    records: ["127.0.0.1"],
    ttlSeconds: TIMELESS_S,
  });
  assert.deepEqual(await ask("A.Localhost.", "AAAA"), {
    kind: "found",
    records: ["::1"],
    ttlSeconds: TIMELESS_S,
  });
  for (const type of ["A", "AAAA", "SRV", "NAPTR"] as const) {
    assert.equal((await ask("pbx.invalid", type)).kind, "none");
  }
  assert.equal((await ask("_sip._udp.localhost", "SRV")).kind, "none");
  assert.deepEqual(server.asked, []);
});

test("a name of the hosts file is not asked for elsewhere", async (t) => {
  const hostsFile = join(temporaryFolder(), "hosts");
  const rows = [
    "# 192.0.2.9 pbx",
    "192.0.2.1\tpbx.example.com  PBX # the first",
    "2001:DB8::1 pbx",
    "192.0.2.2 pbx",
  ];
  writeFileSync(hostsFile, rows.join("\n"));
  const server = await nameServerOn(t, ({ name }) => [address(name, "192.0.2.66")]);
  const ask = namesOf({ nameServers: [writeEndpoint(server.endpoint)], hostsFile });
  const found = (...records: string[]) => ({ kind: "found", records, ttlSeconds: TIMELESS_S });
  assert.deepEqual(await ask("pbx", "A"), found("192.0.2.1", "192.0.2.2"));
  assert.deepEqual(await ask("Pbx.", "AAAA"), found("2001:db8::1"));
  assert.deepEqual(await ask("pbx.example.com", "A"), found("192.0.2.1"));
  assert.equal((await ask("pbx.example.com", "AAAA")).kind, "none");
  assert.deepEqual(server.asked, []);
  assert.deepEqual(await ask("other", "A"), { ...found("192.0.2.66"), ttlSeconds: 300 });
});

test("the name servers that were given are the only ones", async (t) => {
  const server = await nameServerOn(t, () => [rcode(NXDOMAIN)]);
  const ask = namesOf({ nameServers: [writeEndpoint(server.endpoint)] });
  assert.deepEqual(await ask("pbx.example.com", "A"), { kind: "none", why: "no such name", ttlSeconds: 0 });
  assert.deepEqual(server.asked, ["udp A pbx.example.com"]);
});

test("a look-up of one's own is asked for addresses, and for nothing else", async (t) => {
  const server = await nameServerOn(t, () => [rcode(NXDOMAIN)]);
  const lookup = async (): Promise<string[]> => ["192.0.2.1", "[2001:DB8::1]", "192.0.2.2"];
  const ask = namesOf({ nameServers: [writeEndpoint(server.endpoint)], lookup });
  const found = (...records: string[]) => ({ kind: "found", records, ttlSeconds: TIMELESS_S });
  assert.deepEqual(await ask("a.test", "A"), found("192.0.2.1", "192.0.2.2"));
  assert.deepEqual(await ask("a.test", "AAAA"), found("2001:db8::1"));
  assert.equal((await ask("a.test", "SRV")).kind, "none");
  assert.deepEqual(server.asked, ["udp SRV a.test"]);
});

for (const [code, kind] of [
  ["ENOTFOUND", "none"],
  ["EAI_AGAIN", "failed"],
] as const) {
  test(`a look-up that ends with ${code} is ${kind}`, async () => {
    const lookup = (): Promise<string[]> => Promise.reject(Object.assign(new Error(), { code }));
    assert.equal((await namesOf({ nameServers: [], lookup })("a.test", "A")).kind, kind);
  });
}
