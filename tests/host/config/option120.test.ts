// DHCP option 120: the encodings of RFC 3361, what is malformed, and what it does to a configuration.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isHost } from "../../../host/config/host.ts";
import { readOption120, withOption120 } from "../../../host/config/option120.ts";
import { accepted, reading } from "./readings.ts";

function bytes(...parts: readonly (number | string)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === "number" ? [part] : [...Buffer.from(part)])),
  );
}

function name(host: string): readonly (number | string)[] {
  return [...host.split(".").flatMap((label) => [label.length, label]), 0];
}

/** The example of RFC 3361 §3.1, without its code 120 and its length 27. */
const EXAMPLE = bytes(0, 7, "example", 3, "com", 0, 7, "example", 3, "net", 0);

test("the example of RFC 3361 names two servers, in 27 bytes", () => {
  assert.equal(EXAMPLE.length, 27);
  assert.deepEqual(readOption120(EXAMPLE), { kind: "servers", hosts: ["example.com", "example.net"] });
});

test("encoding 1 is a list of IPv4 addresses, in their order", () => {
  const payload = bytes(1, 192, 0, 2, 10, 192, 0, 2, 9);
  assert.deepEqual(readOption120(payload), { kind: "servers", hosts: ["192.0.2.10", "192.0.2.9"] });
});

for (const [what, payload, why] of [
  ["nothing", bytes(), "it is empty"],
  ["an unknown encoding", bytes(2, 1, 2, 3, 4), "encoding 2 is neither 0 nor 1"],
  ["no name", bytes(0), "it names no server"],
  ["no address", bytes(1), "it names no server"],
  ["an address and a half", bytes(1, 192, 0, 2, 10, 192, 0), "6 bytes are no list of IPv4 addresses"],
  ["the address of nobody", bytes(1, 0, 0, 0, 0), "0.0.0.0 is the address of no server"],
  ["the address of everybody", bytes(1, 255, 255, 255, 255), "255.255.255.255 is the address of no server"],
  ["a name without its end", bytes(0, 7, "example"), "its last name is cut off"],
  ["a label that is cut off", bytes(0, 7, "exam"), "its last name is cut off"],
  [
    "a compressed name",
    bytes(0, 7, "example", 0xc0, 1),
    "a label of 192 bytes, or a compressed name, which is not allowed here",
  ],
  [
    "a label of 64 bytes",
    bytes(0, 64, "a".repeat(64), 0),
    "a label of 64 bytes, or a compressed name, which is not allowed here",
  ],
  ["the root", bytes(0, 0), "name 1 is no host name"],
  ["a name with a blank", bytes(0, ...name("a.test"), ...name("a b")), "name 2 is no host name"],
  ["an address in the place of a name", bytes(0, 3, "::1", 0), "name 1 is no host name"],
  [
    "a name of 257 bytes",
    bytes(0, ...name(`${"a".repeat(63)}.`.repeat(4).slice(0, -1))),
    "a name is longer than 255 bytes",
  ],
] as const) {
  test(`malformed: ${what}`, () => {
    assert.deepEqual(readOption120(payload), { kind: "malformed", why });
  });
}

test("a name of 255 bytes is taken", () => {
  const host = [63, 63, 63, 61].map((length) => "a".repeat(length)).join(".");
  assert.deepEqual(readOption120(bytes(0, ...name(host))), { kind: "servers", hosts: [host] });
});

test("whatever was written is read again", () => {
  const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
  const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
  fc.assert(
    fc.property(fc.array(host, { minLength: 1, maxLength: 6 }), (hosts) => {
      assert.deepEqual(readOption120(bytes(0, ...hosts.flatMap(name))), { kind: "servers", hosts });
    }),
  );
});

test("any bytes are read to an end: servers that are hosts, or a reason", () => {
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc
      .tuple(fc.integer({ min: 0, max: 1 }), fc.array(fc.integer({ min: 0, max: 64 }), { maxLength: 200 }))
      .map(([first, rest]) => Uint8Array.from([first, ...rest])),
    fc
      .tuple(fc.nat(EXAMPLE.length - 1), fc.integer({ min: 0, max: 255 }))
      .map(([at, value]) => EXAMPLE.with(at, value)),
  );
  fc.assert(
    fc.property(payload, (any) => {
      const option = readOption120(any);
      if (option.kind === "malformed") assert.notEqual(option.why, "");
      else assert.ok(option.hosts.length > 0 && option.hosts.every(isHost));
    }),
    { numRuns: 2000 },
  );
});

const PAGE =
  "proxyServer = sip.example\noutboundServer = 192.0.2.1\nbackupOutboundServer = 192.0.2.2\nphoneNumber = 6000\npassword = p\n";

function override(text: string, payload: Uint8Array) {
  return withOption120(accepted(reading(text, "a.cfg")), payload);
}

test("by default the option changes nothing, and says why", () => {
  const { config, remark } = override(PAGE, EXAMPLE);
  assert.deepEqual(
    config.servers.map(({ host }) => host),
    ["192.0.2.1", "192.0.2.2"],
  );
  assert.equal(remark, "DHCP option 120 is not used: dhcpOption120 is off");
});

test("switched on, the servers are those of the option, by rank, found by RFC 3263", () => {
  const { config, remark } = override(`${PAGE}P1411 = 1\n`, EXAMPLE);
  assert.deepEqual(config.servers, [
    {
      name: "primary",
      host: "example.com",
      port: 5060,
      isDefaultPort: true,
      transport: "udp",
      domain: "sip.example",
    },
    {
      name: "backup1",
      host: "example.net",
      port: 5060,
      isDefaultPort: true,
      transport: "udp",
      domain: "sip.example",
    },
  ]);
  assert.deepEqual(config.lines[0]?.credentials, [
    { account: "6000", password: "p" },
    { account: "6000", password: "p" },
  ]);
  assert.equal(remark, "DHCP option 120 names the servers: example.com, example.net");
});

test("without a proxy the server's own name is the domain", () => {
  const text = "outboundServer = 192.0.2.1\ndhcpOption120 = on\nphoneNumber = 6000\npassword = p\n";
  assert.deepEqual(
    override(text, EXAMPLE).config.servers.map(({ domain }) => domain),
    ["example.com", "example.net"],
  );
});

test("four at most, each once, with the credentials of the primary where a rank has none", () => {
  const payload = bytes(1, ...[1, 1, 2, 3, 4, 5].flatMap((host) => [192, 0, 2, host]));
  const { config } = override(`${PAGE}dhcpOption120 = on\n`, payload);
  assert.deepEqual(
    config.servers.map(({ name, host }) => `${name} ${host}`),
    ["primary 192.0.2.1", "backup1 192.0.2.2", "backup2 192.0.2.3", "backup3 192.0.2.4"],
  );
  assert.deepEqual(
    config.lines[0]?.credentials.map((held) => held?.password),
    ["p", "p", "p", "p"],
  );
});

test("a malformed option leaves the configured servers, and says why", () => {
  const { config, remark } = override(`${PAGE}dhcpOption120 = on\n`, bytes(7));
  assert.equal(config.servers[0]?.host, "192.0.2.1");
  assert.equal(
    remark,
    "DHCP option 120 is not used: encoding 7 is neither 0 nor 1; the configured servers stay",
  );
});
