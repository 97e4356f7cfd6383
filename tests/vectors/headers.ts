// Headers of all shapes the grammar allows, each with what it says. RFC 3261 §7.3, §20, §25.1.
//
// Below: grammar.ts. Above: generate.ts.

import fc from "fast-check";
import {
  address,
  anyCase,
  bareAddress,
  blanks,
  digits,
  host,
  joined,
  LWS,
  mostly,
  parameter,
  port,
  quoted,
  type Said,
  SWS,
  token,
  unknownParameter,
} from "./grammar.ts";

/** What a reader has to find; `-`: it is not there. */
export const FIELDS = [
  "status",
  "method",
  "cseq",
  "cseqMethod",
  "callId",
  "fromTag",
  "toTag",
  "viaCount",
  "sentBy",
  "branch",
  "received",
  "rport",
  "contacts",
  "expires",
  "minExpires",
  "retryAfter",
  "contentLength",
  "challenge",
  "proxyChallenge",
] as const;
export type Field = (typeof FIELDS)[number];
export type Reading = Readonly<Record<Field, string>>;

export type Part = Partial<Record<Field | "q", string>>;
export type Line = { readonly name: string; readonly value: string; readonly says: Part };

/** Parameters in any order, those that nobody knows among them. */
function parameters(known: fc.Arbitrary<readonly Said<Part>[]>): fc.Arbitrary<Said<Part>> {
  return fc
    .tuple(known, fc.array(unknownParameter, { maxLength: 2 }), fc.nat(), blanks)
    .map(([some, others, turn, between]) => {
      const texts = [...some.map(({ text }) => text), ...others];
      const cut = turn % (texts.length + 1);
      return {
        text: joined([...texts.slice(cut), ...texts.slice(0, cut)], between),
        says: Object.assign({}, ...some.map(({ says }) => says)) as Part,
      };
    });
}

/** A parameter that may be left out. */
function maybe(name: string, value: fc.Arbitrary<Said<Part>>): fc.Arbitrary<readonly Said<Part>[]> {
  return fc
    .option(
      value.chain(({ text, says }) =>
        parameter(anyCase(name), fc.constant(text)).map((written) => ({ text: written, says })),
      ),
    )
    .map((drawn) => (drawn === null ? [] : [drawn]));
}

function all(...parts: readonly fc.Arbitrary<readonly Said<Part>[]>[]) {
  return fc.tuple(...parts).map((drawn) => drawn.flat());
}

export const via: fc.Arbitrary<Said<Part>> = fc
  .tuple(
    fc.tuple(anyCase("SIP"), SWS, SWS, SWS, SWS),
    fc.constantFrom("UDP", "TCP", "TLS", "udp", "SCTP", "X-other"),
    LWS,
    host,
    port,
    fc.tuple(SWS, SWS),
    parameters(
      all(
        maybe(
          "branch",
          token.map((branch) => ({ text: `z9hG4bK${branch}`, says: { branch: `z9hG4bK${branch}` } })),
        ),
        maybe(
          "received",
          bareAddress.map((received) => ({ text: received, says: { received } })),
        ),
        fc.oneof(
          maybe(
            "rport",
            digits(65_535).map(({ text, says }) => ({ text, says: { rport: `${says}` } })),
          ),
          fc.constantFrom([], [{ text: "rport", says: {} }]),
        ),
        maybe("ttl", fc.constant({ text: "16", says: {} })),
      ),
    ),
  )
  .map(([[sip, a, b, c, d], transport, blank, at, number, [e, f], tail]) => ({
    text: `${sip}${a}/${b}2.0${c}/${d}${transport}${blank}${at}${number === undefined ? "" : `${e}:${f}${number}`}${tail.text}`,
    says: { ...tail.says, sentBy: `${at}:${number ?? 5060}` },
  }));

export const contact: fc.Arbitrary<Said<string>> = fc
  .tuple(
    address,
    parameters(
      all(
        maybe(
          "expires",
          digits(0xffff_fffd).map(({ text, says }) => ({ text, says: { expires: `${says}` } })),
        ),
        maybe(
          "q",
          fc.constantFrom("0", "1", "0.5", "0.333", "1.0").map((q) => ({ text: q, says: { q } })),
        ),
      ),
    ),
  )
  .map(([to, tail]) => ({
    text: to.text + tail.text,
    says: [to.says.user, to.says.host, to.says.port, tail.says.expires ?? "-", tail.says.q ?? "-"].join(" "),
  }));

/** From or To. */
export function party(
  name: string,
  compact: string,
  field: "fromTag" | "toTag",
  isOptional: boolean,
): fc.Arbitrary<Line> {
  const tag = token.map((text) => ({ text, says: { [field]: text } }));
  const drawn = isOptional
    ? maybe("tag", tag)
    : parameter(
        anyCase("tag"),
        tag.map(({ text }) => text),
      ).map((text) => [{ text, says: { [field]: text.replace(/^.*=\s*/s, "") } }]);
  return fc
    .tuple(nameOf(name, compact), address, parameters(drawn))
    .map(([written, to, tail]) => ({ name: written, value: to.text + tail.text, says: tail.says }));
}

export function nameOf(name: string, compact = name): fc.Arbitrary<string> {
  return fc.oneof(anyCase(name), anyCase(compact));
}

/** A header with one value. */
export function single(name: fc.Arbitrary<string>, value: fc.Arbitrary<Said<Part>>): fc.Arbitrary<Line> {
  return fc.tuple(name, value).map(([written, { text, says }]) => ({ name: written, value: text, says }));
}

export function seconds(name: string, field: "expires" | "minExpires"): fc.Arbitrary<Line> {
  return single(
    anyCase(name),
    digits(0xffff_fffd).map(({ text, says }) => ({ text, says: { [field]: `${says}` } })),
  );
}

export const retryAfter = single(
  anyCase("Retry-After"),
  fc
    .tuple(digits(0xffff_fffd), mostly("", " (in (a) meeting)", ";duration=60", " ;x"))
    .map(([{ text, says }, rest]) => ({ text: text + rest, says: { retryAfter: `${says}` } })),
);

/** One digest challenge; it is the one to take, so its algorithm is one that we speak. RFC 7616 §3.3. */
export const challenge = (header: string, field: Field): fc.Arbitrary<Line> =>
  fc
    .tuple(
      anyCase(header),
      quoted,
      quoted,
      fc.option(quoted),
      fc.oneof({ weight: 6, arbitrary: fc.constantFrom("-", "MD5", "SHA-256") }, fc.constant("MD5-sess")),
      mostly('qop="auth"', "", 'qop="auth-int,auth"', "qop=auth"),
      fc.constantFrom("", "stale=true", "stale=FALSE", "stale=TRUE"),
      fc.nat(),
      blanks,
    )
    .map(([name, realm, nonce, opaque, algorithm, qop, stale, turn, between]) => {
      const parts = [
        `realm=${realm.text}`,
        `nonce=${nonce.text}`,
        ...(opaque === null ? [] : [`opaque=${opaque.text}`]),
        ...(algorithm === "-" ? [] : [`algorithm=${algorithm}`]),
        ...(qop === "" ? [] : [qop]),
        ...(stale === "" ? [] : [stale]),
      ];
      const cut = turn % parts.length;
      const ordered = [...parts.slice(cut), ...parts.slice(0, cut)];
      const said = [
        realm.says,
        nonce.says,
        opaque?.says ?? "-",
        algorithm === "-" ? "MD5" : algorithm,
        qop === "" ? "-" : "auth",
        stale.toLowerCase() === "stale=true" ? "stale" : "-",
      ];
      return {
        name,
        value: `Digest ${ordered.map((part, at) => (at === 0 ? part : `${between[2 * at]},${between[2 * at + 1]}${part}`)).join("")}`,
        says: { [field]: said.join(" ") },
      };
    });

/** Values of a list over as many lines as they happen to take. */
export function listed<T>(
  name: string,
  compact: string,
  value: fc.Arbitrary<Said<T>>,
  least: number,
  most: number,
): fc.Arbitrary<readonly { readonly line: Line; readonly values: readonly T[] }[]> {
  const line = fc
    .tuple(
      nameOf(name, compact),
      fc.oneof({ weight: 4, arbitrary: fc.tuple(value) }, fc.tuple(value, value)),
      SWS,
      SWS,
    )
    .map(([written, values, before, after]) => ({
      line: { name: written, value: values.map(({ text }) => text).join(`${before},${after}`), says: {} },
      values: values.map(({ says }) => says),
    }));
  return fc.array(line, { minLength: least, maxLength: most });
}

/** Headers that the core reads past. */
export const unknown: fc.Arbitrary<Line> = fc
  .tuple(
    token,
    fc.constantFrom(
      "",
      ";;,,;;,;",
      'a "b',
      "<a",
      "大停電",
      "a\r\n b",
      "\\",
      "x: y",
      "Via: SIP/2.0/UDP h;branch=x",
    ),
  )
  .map(([written, value]) => ({ name: `X-${written}`, value, says: {} }));
