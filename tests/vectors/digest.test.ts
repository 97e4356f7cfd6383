// MD5, SHA-256 and digest against node:crypto and the examples of the standards.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, test } from "node:test";
import fc from "fast-check";
import { loadWire, type Wire } from "./module.ts";
import { type Credentials, parametersOf, response } from "./reference.ts";

let wire: Wire;
before(async () => {
  wire = await loadWire();
});

const RFC_2617: Credentials = {
  algorithm: "MD5",
  username: "Mufasa",
  realm: "testrealm@host.com",
  password: "Circle Of Life",
  nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
  cnonce: "0a4f113b",
  nc: "00000001",
  qop: "auth",
  method: "GET",
  uri: "/dir/index.html",
};

const RFC_7616: Credentials = {
  ...RFC_2617,
  realm: "http-auth@example.org",
  password: "Circle of Life",
  nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
  cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
};

const EXAMPLES: readonly (readonly [string, Credentials, string])[] = [
  ["RFC 2617 §3.5", RFC_2617, "6629fae49393a05397450978507c4ef1"],
  ["RFC 7616 §3.9.1, MD5", RFC_7616, "8ca523f5e9506fed4657c9700eebdbec"],
  [
    "RFC 7616 §3.9.1, SHA-256",
    { ...RFC_7616, algorithm: "SHA-256" },
    "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
  ],
];

test("the reference gives the responses that the standards print", () => {
  for (const [name, credentials, expected] of EXAMPLES) assert.equal(response(credentials), expected, name);
});

test("MD5 and SHA-256 of any bytes, in any two pieces, are those of node:crypto", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("md5" as const, "sha256" as const),
      fc.uint8Array({ maxLength: 300 }),
      fc.nat(),
      (kind, bytes, cut) => {
        const expected = createHash(kind).update(bytes).digest("hex");
        assert.equal(wire.hash(kind, bytes, cut % (bytes.length + 1)), expected);
      },
    ),
    { numRuns: 2000 },
  );
});

/** Texts as accounts, passwords and realms hold them, quotes and backslashes among them. */
const text = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom(..."aZ09 :,;=<>@%\"\\'é€"), maxLength: maxLength / 3 });

const challenge = fc.record({
  algorithm: fc.constantFrom("MD5", "MD5-sess", "SHA-256", "SHA-256-sess"),
  qop: fc.constantFrom("", "auth"),
  realm: text(32),
  nonce: text(96),
  opaque: fc.option(text(48)),
  proxy: fc.boolean(),
});

const account = fc.record({
  method: fc.constantFrom("REGISTER", "OPTIONS"),
  username: text(60),
  password: text(60),
  domain: fc.constantFrom("example.com", "[2001:db8::1]"),
  bytes: fc.uint8Array({ minLength: 8, maxLength: 8 }),
  nc: fc.integer({ min: 1, max: 0xffffffff }),
});

test("credentials for any challenge are those of the reference", () => {
  fc.assert(
    fc.property(challenge, account, (asked, it) => {
      const request = answerTo(asked, it);
      const header = /^(Proxy-)?Authorization: Digest (.*)\r\n/m.exec(request);
      assert.ok(header, request);
      assert.equal(header[1] !== undefined, asked.proxy);
      const said = parametersOf(header[2] ?? "");
      const cnonce = Buffer.from(it.bytes).toString("hex");
      const nc = it.nc.toString(16).padStart(8, "0");
      const credentials = { ...asked, ...it, cnonce, nc, uri: `sip:${it.domain}` };
      assert.equal(said.get("response"), response(credentials));
      for (const name of ["algorithm", "realm", "nonce", "username", "uri"] as const) {
        assert.equal(said.get(name), credentials[name], name);
      }
      assert.equal(said.get("opaque"), asked.opaque ?? undefined);
      assert.equal(said.get("qop"), asked.qop === "" ? undefined : "auth");
      assert.equal(said.get("nc"), asked.qop === "" ? undefined : nc);
    }),
    { numRuns: 1000 },
  );
});

type Asked = typeof challenge extends fc.Arbitrary<infer T> ? T : never;
type Account = typeof account extends fc.Arbitrary<infer T> ? T : never;

/** The request that the core writes after this challenge. */
function answerTo(asked: Asked, it: Account): string {
  const status = asked.proxy ? "407 Proxy Authentication Required" : "401 Unauthorized";
  const parameters = [
    `realm=${quoted(asked.realm)}`,
    `nonce=${quoted(asked.nonce)}`,
    ...(asked.opaque === null ? [] : [`opaque=${quoted(asked.opaque)}`]),
    ...(asked.qop === "" ? [] : [`qop="${asked.qop}"`]),
    `algorithm=${asked.algorithm}`,
  ];
  const datagram = [
    `SIP/2.0 ${status}`,
    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1",
    "From: <sip:a@example.com>;tag=1",
    "To: <sip:a@example.com>",
    "Call-ID: 1",
    "CSeq: 1 REGISTER",
    `${asked.proxy ? "Proxy" : "WWW"}-Authenticate: Digest ${parameters.join(", ")}`,
    "\r\n",
  ].join("\r\n");
  assert.equal(wire.read(Buffer.from(datagram)), 0, datagram);
  wire.core.forget();
  assert.equal(wire.core.challenge(asked.proxy ? 2 : 1), 0, datagram);
  wire.clear();
  const length = wire.core.compose(
    it.method === "REGISTER" ? 1 : 2,
    it.nc,
    wire.put(it.bytes),
    wire.putText(it.domain),
    wire.putText(it.username),
    wire.putText(it.password),
    wire.putText("x"),
  );
  assert.ok(length > 0);
  return wire.written(length);
}

function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}
