// Whole messages of all shapes the grammar allows, each with what it says. RFC 3261 §7, §25.1.
//
// What a message says is put down while it is drawn and never read out of its text: so it is an opinion of its
// own. Below: headers.ts. Above: differential.test.ts.

import fc from "fast-check";
import { anyCase, type Drawn, digits, LWS, stream, token, uri } from "./grammar.ts";
import {
  challenge,
  contact,
  FIELDS,
  type Line,
  listed,
  nameOf,
  party,
  type Reading,
  retryAfter,
  seconds,
  single,
  unknown,
  via,
} from "./headers.ts";

export type Generated = { readonly text: string; readonly says: Reading };

const method = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("REGISTER", "OPTIONS", "options", "NEW-method!") },
  fc.constant("REGISTERS"),
);

const KNOWN_METHODS: readonly string[] = ["REGISTER", "OPTIONS"];

export function methodClass(method: string): string {
  return KNOWN_METHODS.includes(method) ? method : "other";
}

const start = fc.oneof(
  fc
    .tuple(
      anyCase("SIP/2.0"),
      fc.integer({ min: 100, max: 699 }),
      fc.constantFrom("OK", "", "200 = но", "a: b, (c)"),
    )
    .map(([version, status, reason]) => ({
      method: undefined,
      status,
      text: `${version} ${status} ${reason}`,
    })),
  fc
    .tuple(method, uri(false), anyCase("SIP/2.0"))
    .map(([name, to, version]) => ({ method: name, status: 0, text: `${name} ${to.text} ${version}` })),
);

const cseq = fc.tuple(digits(0x7fff_ffff), LWS, method);
const callId = fc
  .tuple(token, fc.option(token))
  .map(([left, right]) => (right === null ? left : `${left}@${right}`))
  .map((text) => ({ text, says: { callId: text } }));

/** Every other time. */
function seldom<T>(header: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(header, { freq: 2 });
}

const headers = fc.tuple(
  party("From", "f", "fromTag", false),
  party("To", "t", "toTag", true),
  single(nameOf("Call-ID", "i"), callId),
  seldom(seconds("Expires", "expires")),
  seldom(seconds("Min-Expires", "minExpires")),
  seldom(retryAfter),
  seldom(challenge("WWW-Authenticate", "challenge")),
  seldom(challenge("Proxy-Authenticate", "proxyChallenge")),
);

const BODIES = ["", "v=0\r\n", "\r\n\r\nREGISTER"];

const parts = fc.record({
  start,
  cseq,
  headers,
  vias: listed("Via", "v", via, 1, 2),
  contacts: listed("Contact", "m", contact, 0, 2),
  others: fc.array(unknown, { maxLength: 2 }),
  body: fc.constantFrom(...BODIES),
  /** The name of Content-Length, if there is one, and how many bytes of the body lie behind what it announces. */
  length: fc.option(nameOf("Content-Length", "l")),
  excess: fc.constantFrom(0, 0, 3),
  place: stream((below) => below(1000)),
  /** Blanks before and behind a colon. */
  colon: stream((below) => [["", "", "", " ", "\t "][below(5)], ["", " ", " ", "  ", "\r\n "][below(5)]]),
});

export const generated: fc.Arbitrary<Generated> = parts.map((drawn) => {
  const { start: first, vias, contacts, place } = drawn;
  const single = linesOf(drawn);
  const listedLines = [...vias, ...contacts].map(({ line }) => line);
  const lines = merged(shuffled(single, place), listedLines, place);
  const written = lines.map(({ name, value }) => `${name}${drawn.colon().join(":")}${value}\r\n`);
  const says: Reading = {
    ...NOTHING,
    status: `${first.status}`,
    method: first.method === undefined ? "-" : methodClass(first.method),
    ...Object.assign({}, vias[0]?.values[0], ...single.map((line) => line.says)),
    viaCount: `${vias.flatMap(({ values }) => values).length}`,
    contacts: contacts.flatMap(({ values }) => values).join("\n") || "-",
  };
  return { text: `${first.text}\r\n${written.join("")}\r\n${drawn.body}`, says };
});

const NOTHING = Object.fromEntries(FIELDS.map((field) => [field, "-"])) as Reading;

/** The lines that may stand in any order. */
function linesOf({
  start: first,
  cseq: [number, blank, any],
  headers: known,
  others,
  ...rest
}: Drawn<typeof parts>): Line[] {
  const name = first.method ?? any;
  const announced = `${Math.max(0, rest.body.length - rest.excess)}`;
  return [
    ...known.filter((line) => line !== null),
    ...others,
    {
      name: "CSeq",
      value: `${number.text}${blank}${name}`,
      says: { cseq: `${number.says}`, cseqMethod: methodClass(name) },
    },
    ...(rest.length === null
      ? []
      : [{ name: rest.length, value: announced, says: { contentLength: announced } }]),
  ];
}

/** In any order. */
function shuffled(lines: readonly Line[], place: () => number): Line[] {
  const keys = new Map(lines.map((line) => [line, place()]));
  return [...lines].sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
}

/** `kept` among the others, in its own order. */
function merged(lines: readonly Line[], kept: readonly Line[], place: () => number): Line[] {
  const result = [...lines];
  const at = kept.map(() => place() % (lines.length + 1)).sort((a, b) => a - b);
  kept.forEach((line, index) => {
    result.splice((at[index] ?? 0) + index, 0, line);
  });
  return result;
}
