// The small parts of SIP's grammar as fast-check draws them: blanks, tokens, quoted strings, hosts, URIs,
// parameters. RFC 3261 §25.1. Above: generate.ts.

import fc from "fast-check";

export type Drawn<T> = T extends fc.Arbitrary<infer U> ? U : never;

/** As a text stands in a message, and what it says. */
export type Said<T> = { readonly text: string; readonly says: T };

const LETTERS = "abcXYZ019";
const TOKEN = `${LETTERS}-.!%*_+\`'~`;
const QUOTED = ["a", "Z", "0", " ", ",", ";", "<", ">", "@", "=", ":", '\\"', "\\\\", "\\,", "é", "работ"];
const USER = `${LETTERS}-_.!~*'()&=+$,;?/`;

/** A repeatable stream of numbers below a limit: one draw of fast-check instead of one for each character. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** What `make` does with numbers; a message that fails shrinks by its parts, not by the characters of each. */
function made<T>(make: (below: (limit: number) => number) => T): fc.Arbitrary<T> {
  return fc.nat({ max: 0xffff }).map((seed) => make(numbers(seed)));
}

/** As many as are asked for. */
export function stream<T>(make: (below: (limit: number) => number) => T): fc.Arbitrary<() => T> {
  return fc.nat({ max: 0xffff }).map((seed) => {
    const below = numbers(seed);
    return () => make(below);
  });
}

function some(
  units: readonly string[],
  least: number,
  most: number,
  below: (limit: number) => number,
): string[] {
  return Array.from({ length: least + below(most - least + 1) }, () => units[below(units.length)] ?? "");
}

function textOf(units: string | readonly string[], least: number, most: number): fc.Arbitrary<string> {
  return made((below) => some([...units], least, most, below).join(""));
}

/** Mostly the first, now and then one of the others. */
export function mostly<T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, fc.constantFrom(...others));
}

const FOLDS = ["  ", "\t", "\r\n ", "\r\n\t  ", " \r\n  "];

/** LWS: at least a blank; a line may be folded there. */
export const LWS = mostly(" ", ...FOLDS);
/** SWS: LWS or nothing. */
export const SWS = mostly("", " ", ...FOLDS);
/** Sixteen of them. */
export const blanks = made((below) => some(["", "", "", "", "", " ", " ", ...FOLDS], 16, 16, below));

export const token = textOf(TOKEN, 1, 12);

/** quoted-string, with everything in it that ends something elsewhere. */
export const quoted: fc.Arbitrary<Said<string>> = made((below) => {
  const units = some(QUOTED, 0, 10, below);
  return {
    text: `"${units.join("")}"`,
    says: units.map((unit) => (unit.length === 2 && unit[0] === "\\" ? unit.slice(1) : unit)).join(""),
  };
});

const label = textOf("abz09", 1, 6);
const domain = fc
  .tuple(
    label,
    fc.constantFrom("example", "sip-1.example", "a"),
    fc.oneof({ weight: 20, arbitrary: mostly("com", "COM") }, fc.constant("org.")),
  )
  .map((labels) => labels.join("."));
const ipv4 = made((below) => [1, 2, 3, 4].map(() => below(256)).join("."));
const ipv6 = fc.constantFrom("2001:db8::10", "::1", "2001:DB8::9:255", "::ffff:192.0.2.10", "fe80::1:2:3:4");
export const bareAddress = fc.oneof(ipv4, ipv6);
export const host = fc.oneof(
  domain,
  ipv4,
  ipv6.map((address) => `[${address}]`),
);
export const port = fc.option(
  fc.oneof(fc.constantFrom(1, 5060, 5061, 65_535), fc.integer({ min: 1, max: 65_535 })),
  {
    nil: undefined,
  },
);

/** Digits with leading zeros now and then. */
export function digits(max: number): fc.Arbitrary<Said<number>> {
  return fc
    .tuple(
      fc.oneof({ weight: 9, arbitrary: fc.constant("") }, fc.constantFrom("0", "000")),
      fc.oneof(fc.nat(max), fc.constantFrom(0, 1, max)),
    )
    .map(([zeros, says]) => ({ text: `${zeros}${says}`, says }));
}

/** Letters of a name in any case: names are compared without it. RFC 3261 §7.3.1. */
export function anyCase(name: string): fc.Arbitrary<string> {
  return made((below) => {
    const isOdd = below(4) === 3;
    return isOdd ? [...name].map((c) => (below(2) === 0 ? c.toUpperCase() : c.toLowerCase())).join("") : name;
  });
}

/** `name = value` with blanks; `value` as it is written. */
export function parameter(name: fc.Arbitrary<string>, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(name, SWS, SWS, value).map(([key, before, after, is]) => `${key}${before}=${after}${is}`);
}

/** A parameter that nobody knows, with a value, a quoted one, or none. */
export const unknownParameter = fc
  .tuple(
    token,
    fc.oneof(
      fc.constant(undefined),
      token,
      quoted.map(({ text }) => text),
    ),
    SWS,
    SWS,
  )
  .map(([name, value, before, after]) =>
    value === undefined ? `x-${name}` : `x-${name}${before}=${after}${value}`,
  );

/** Parameters, each behind its semicolon, in the order given. */
export function joined(parts: readonly string[], blanks: readonly string[]): string {
  return parts.map((part, at) => `${blanks[2 * at] ?? ""};${blanks[2 * at + 1] ?? ""}${part}`).join("");
}

export type Uri = { readonly user: string; readonly host: string; readonly port: number };

/** A SIP URI with all its parts; a plain one may stand without brackets (RFC 3261 §20). */
export function uri(isPlain: boolean): fc.Arbitrary<Said<Uri>> {
  const user = isPlain
    ? textOf(`${LETTERS}-_.!~*'()&=+$/`, 1, 8)
    : textOf([...USER, "%41", "%c3%a9", "%40"], 1, 8);
  const tail = isPlain
    ? fc.constant("")
    : fc.constantFrom(
        "",
        ";lr",
        ";transport=tcp",
        ";sf=a1b2;lr",
        ";%6C%72=1",
        "?subject=a%20b",
        ";lr?a=b&c=d",
      );
  return fc
    .tuple(
      anyCase("sip"),
      fc.boolean(),
      fc.option(user),
      fc.oneof({ weight: 9, arbitrary: fc.constant("") }, fc.constantFrom(":secret", ":")),
      host,
      port,
      tail,
    )
    .map(([scheme, isSecure, name, password, at, number, rest]) => ({
      text: `${scheme}${isSecure ? "s" : ""}:${name === null ? "" : `${name}${password}@`}${at}${number === undefined ? "" : `:${number}`}${rest}`,
      says: {
        user: decodeURIComponent(name ?? ""),
        host: at.toLowerCase(),
        port: number ?? (isSecure ? 5061 : 5060),
      },
    }));
}

/** name-addr or addr-spec: what From, To and Contact hold before their parameters. */
export const address: fc.Arbitrary<Said<Uri>> = fc.oneof(
  uri(true),
  fc
    .tuple(
      fc.oneof(
        fc.constant(""),
        fc
          .tuple(fc.array(token, { minLength: 1, maxLength: 2 }), LWS)
          .map(([words, blank]) => words.join(blank) + blank),
        fc.tuple(quoted, SWS).map(([name, blank]) => name.text + blank),
      ),
      uri(false),
    )
    .map(([display, { text, says }]) => ({ text: `${display}<${text}>`, says })),
);
