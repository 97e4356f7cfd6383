// Any list of challenges, written in any way, in any order, from a server and a proxy: which one is answered, and that
// the answer is the one of node:crypto. RFC 7616 §3.3, §3.7, RFC 8760 §2.4, RFC 3261 §22.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { loadWire, type Wire } from "./module.ts";
import { parametersOf, response } from "./reference.ts";

let wire: Wire;
before(async () => {
  wire = await loadWire();
});

/** By strength. */
const SPOKEN = ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess"];
const NOT_SPOKEN = ["SHA-512-256", "SHA-512-256-sess", "AKAv1-MD5", "MD6"];

interface Offer {
  readonly scheme: string;
  readonly algorithm: string | undefined;
  readonly qop: string | undefined;
  readonly realm: string;
  readonly opaque: string | undefined;
  readonly others: readonly (readonly [string, string])[];
  /** How it is written: random bits, used up one by one. */
  readonly taste: readonly boolean[];
}

const other = fc.constantFrom<readonly [string, string]>(
  ["domain", "sip:a.example sip:b.example"],
  ["charset", "UTF-8"],
  ["userhash", "true"],
  ["userhash", "false"],
  ["stale", "false"],
  ["realmx", "no"],
  ["xnonce", "no"],
  ["x", 'a, Digest realm="trap", nonce="trap"'],
);

const offer: fc.Arbitrary<Offer> = fc.record({
  scheme: fc.constantFrom("Digest", "Digest", "Digest", "DIGEST", "digest", "Basic", "NTLM", "Bearer"),
  algorithm: fc.option(fc.constantFrom(...SPOKEN, ...NOT_SPOKEN), { nil: undefined }),
  qop: fc.constantFrom(undefined, "auth", "auth,auth-int", "auth-int, auth", "AUTH", "auth-int", "token"),
  realm: fc.constantFrom("a", "b.example", 'q"uote', "back\\slash", "comma, space", ""),
  opaque: fc.constantFrom(undefined, "", "5ccc069c403ebaf9", 'o"\\'),
  others: fc.uniqueArray(other, { maxLength: 3, selector: ([name]) => name }),
  taste: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
});

const answer = fc.record({
  status: fc.constantFrom("401 Unauthorized", "407 Proxy Authentication Required"),
  server: fc.array(offer, { maxLength: 5 }),
  proxy: fc.array(offer, { maxLength: 3 }),
  lines: fc.boolean(),
});

const NO_CHALLENGE = -10;
const UNSUPPORTED = -11;

/** The one to answer, with its place in the list, which is its nonce; or why there is none. */
function best(offers: readonly Offer[]): { readonly offer: Offer; readonly nonce: string } | number {
  if (offers.length === 0) return NO_CHALLENGE;
  let found: { readonly offer: Offer; readonly nonce: string } | undefined;
  for (const [at, offer] of offers.entries()) {
    const isStronger = strength(offer) > (found === undefined ? -1 : strength(found.offer));
    if (isStronger) found = { offer, nonce: `n${at}` };
  }
  return found ?? UNSUPPORTED;
}

/** -1: one that is never answered. */
function strength({ scheme, algorithm = "MD5", qop }: Offer): number {
  const isAuth = qop === undefined || qop.toLowerCase().split(/, ?/).includes("auth");
  return scheme.toLowerCase() === "digest" && isAuth ? SPOKEN.indexOf(algorithm) : -1;
}

function written(offer: Offer, at: number): string {
  const taste = [...offer.taste];
  const chance = (): boolean => taste.pop() ?? false;
  const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;
  const loose = (text: string): string => (/^[\w.-]+$/.test(text) && chance() ? text : quoted(text));
  const name = (text: string): string => (chance() ? text.toUpperCase() : text);
  const cased = (text: string): string => (chance() ? text.toLowerCase() : text);
  const gap = (): string => (chance() ? " = " : "=");
  const parameters = [
    `${name("realm")}${gap()}${quoted(offer.realm)}`,
    `${name("nonce")}${gap()}${loose(`n${at}`)}`,
    ...(offer.algorithm === undefined
      ? []
      : [`${name("algorithm")}${gap()}${loose(cased(offer.algorithm))}`]),
    ...(offer.qop === undefined ? [] : [`${name("qop")}${gap()}${loose(offer.qop)}`]),
    ...(offer.opaque === undefined ? [] : [`${name("opaque")}${gap()}${loose(offer.opaque)}`]),
    ...offer.others.map(([key, value]) => `${name(key)}${gap()}${quoted(value)}`),
  ];
  const turned = chance() ? parameters.reverse() : parameters;
  return `${offer.scheme} ${turned.join(chance() ? ",\r\n " : ", ")}`;
}

function headers(name: string, offers: readonly Offer[], lines: boolean): string[] {
  const values = offers.map(written);
  if (values.length === 0) return [];
  return lines ? values.map((value) => `${name}: ${value}`) : [`${name}: ${values.join(" , ")}`];
}

/** The parameters of the core's answer to that asker; or why it gives none. */
function answered(asker: 1 | 2): { readonly header: string; readonly said: Map<string, string> } | number {
  wire.core.forget();
  const result = wire.core.challenge(asker);
  if (result !== 0) return result;
  wire.clear();
  const texts = ["sip.example", "6000", "secret", "x"].map((text) => wire.putText(text));
  const [domain = 0, account = 0, password = 0, rest = 0] = texts;
  const length = wire.core.compose(1, 1, wire.put(Buffer.from("cnonce!!")), domain, account, password, rest);
  const [, header = "", parameters = ""] =
    /^((?:Proxy-)?Authorization): Digest (.*)\r$/m.exec(wire.written(length)) ?? [];
  return { header, said: parametersOf(parameters) };
}

test("of any challenges the strongest that is spoken is answered, for the server and for the proxy", () => {
  fc.assert(
    fc.property(answer, ({ status, server, proxy, lines }) => {
      const datagram = [
        `SIP/2.0 ${status}`,
        "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1",
        "From: <sip:a@example.com>;tag=1",
        "To: <sip:a@example.com>",
        "Call-ID: 1",
        "CSeq: 1 REGISTER",
        ...headers("WWW-Authenticate", server, lines),
        ...headers("Proxy-Authenticate", proxy, lines),
        "\r\n",
      ].join("\r\n");
      if (Buffer.byteLength(datagram) > 2048) return;
      assert.equal(wire.read(Buffer.from(datagram)), 0, datagram);
      for (const [asker, offers, name] of [
        [1, server, "Authorization"],
        [2, proxy, "Proxy-Authorization"],
      ] as const) {
        const expected = best(offers);
        const given = answered(asker);
        if (typeof expected === "number" || typeof given === "number") {
          assert.equal(given, expected, datagram);
          continue;
        }
        const { algorithm = "MD5", realm, opaque, qop } = expected.offer;
        const cnonce = Buffer.from("cnonce!!").toString("hex");
        const fixed = { username: "6000", password: "secret", method: "REGISTER", uri: "sip:sip.example" };
        const kind = { algorithm, realm, nonce: expected.nonce, cnonce, nc: "00000001" };
        assert.equal(given.header, name);
        assert.equal(given.said.get("nonce"), expected.nonce, datagram);
        assert.equal(given.said.get("realm"), realm);
        assert.equal(given.said.get("opaque"), opaque);
        assert.equal(given.said.get("algorithm"), algorithm);
        assert.equal(given.said.get("userhash"), undefined, "the name goes as it is: RFC 7616 §3.4.4");
        const auth = qop === undefined ? "" : "auth";
        assert.equal(given.said.get("response"), response({ ...fixed, ...kind, qop: auth }), datagram);
      }
    }),
    { numRuns: 1000 },
  );
});
