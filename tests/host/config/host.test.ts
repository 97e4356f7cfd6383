// Names and addresses of servers: what is one, and which two are the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  comparable,
  isAddress,
  isHost,
  isNameServer,
  splitHostPort,
  withoutBrackets,
} from "../../../host/config/host.ts";

for (const text of [
  "pbx",
  "pbx.example.com",
  "pbx.example.com.",
  "_sip-1.example",
  "1.example",
  "192.0.2.1",
  "255.255.255.255",
  "::",
  "2001:db8::1",
  "[2001:db8::1]",
  "::ffff:192.0.2.1",
  "fe80::1%eth0",
]) {
  test(`${text} is a host`, () => assert.ok(isHost(text)));
}

for (const text of [
  "",
  ".",
  "a..b",
  "-a",
  "a-",
  "a b",
  "a:5060",
  "a/b",
  "a@b",
  "[pbx]",
  "192.0.2",
  "192.0.2.256",
  "192.0.2.1.5",
  "2001:db8::1::2",
  "2001:db8::g",
  "[2001:db8::1",
  "12345",
]) {
  test(`"${text}" is no host`, () => assert.ok(!isHost(text)));
}

for (const [text, isGood] of [
  ["192.0.2.1", true],
  ["192.0.2.1:5353", true],
  ["192.0.2.1:65536", false],
  ["192.0.2.1:0", false],
  ["192.0.2.1:", false],
  ["192.0.2.300", false],
  ["2001:db8::1", true],
  ["[2001:db8::1]:53", true],
  ["ns.example", false],
  ["ns.example:53", false],
] as const) {
  test(`"${text}" is ${isGood ? "a" : "no"} name server`, () => assert.equal(isNameServer(text), isGood));
}

for (const [a, b, same] of [
  ["PBX.example", "pbx.Example.", true],
  ["2001:DB8:0:0::1", "[2001:db8::1]", true],
  ["fe80::1%eth0", "fe80::1%eth1", false],
  ["192.0.2.1", "192.0.2.11", false],
  ["pbx", "pbx.example", false],
] as const) {
  test(`${a} and ${b} are ${same ? "one" : "two"}`, () => {
    assert.equal(comparable(a) === comparable(b), same);
  });
}

test("a port is split off behind a name, an address, or brackets", () => {
  assert.deepEqual(splitHostPort("a:5070"), { host: "a", port: "5070" });
  assert.deepEqual(splitHostPort("[::1]:5070"), { host: "[::1]", port: "5070" });
  assert.deepEqual(splitHostPort("::1"), { host: "::1" });
  assert.deepEqual(splitHostPort("a"), { host: "a" });
  assert.equal(withoutBrackets("[::1]"), "::1");
});

test("an address is told from a name", () => {
  for (const text of ["192.0.2.1", "::1", "[2001:db8::1]", "fe80::1%eth0"]) assert.ok(isAddress(text), text);
  for (const text of ["pbx", "pbx.example", "1.example", "192.0.2.1.", "192.0.2.256", "[pbx]", ""]) {
    assert.ok(!isAddress(text), text);
  }
});
