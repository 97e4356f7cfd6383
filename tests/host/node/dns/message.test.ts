// Answers as bytes: which are believed, what they say, and that no bytes can do harm.
import assert from "node:assert/strict";
import { test } from "node:test";
import { encode, type Answer as Record } from "dns-packet";
import fc from "fast-check";
import { isName, type Question, readReply, writeQuestion } from "../../../../host/node/dns/message.ts";

const QUESTION: Question = { id: 0x1234, name: "pbx.example.com", type: "A" };

const NXDOMAIN = 3;
const AUTHORITATIVE = 1 << 10;
const TRUNCATED = 1 << 9;

interface Parts {
  readonly id?: number;
  readonly name?: string;
  readonly flags?: number;
  readonly answers?: Record[];
  readonly authorities?: Record[];
  readonly additionals?: Record[];
}

function reply({ id = QUESTION.id, name = QUESTION.name, ...parts }: Parts): Buffer {
  return encode({ type: "response", id, questions: [{ name, type: "A" }], ...parts });
}

function a(name: string, data: string, ttl = 300): Record {
  return { type: "A", class: "IN", name, data, ttl };
}

function cname(name: string, data: string, ttl = 300): Record {
  return { type: "CNAME", class: "IN", name, data, ttl };
}

function soa(ttl: number, minimum: number): Record {
  const data = {
    mname: "ns.example.com",
    rname: "root.example.com",
    serial: 1,
    refresh: 1,
    retry: 1,
    expire: 1,
    minimum,
  };
  return { type: "SOA", class: "IN", name: "example.com", ttl, data };
}

const OWN = a("PBX.example.com", "192.0.2.1");
const found = (ttlSeconds: number, ...records: string[]) => ({ kind: "found", records, ttlSeconds });
const none = (why: string, ttlSeconds: number) => ({ kind: "none", why, ttlSeconds });
const failed = (why: string) => ({ kind: "failed", why });

const ROWS: readonly (readonly [string, Parts, unknown])[] = [
  ["the address of the name, in any case of letters", { answers: [OWN] }, found(300, "192.0.2.1")],
  [
    "the shortest time of all counts",
    { answers: [OWN, a("pbx.example.com", "192.0.2.2", 7)] },
    found(7, "192.0.2.1", "192.0.2.2"),
  ],
  [
    "a time with the top bit set is 0, RFC 2181 §8",
    { answers: [a("pbx.example.com", "192.0.2.1", 0x8000_0000)] },
    found(0, "192.0.2.1"),
  ],
  [
    "a time above a day is a day",
    { answers: [a("pbx.example.com", "192.0.2.1", 86_401)] },
    found(86_400, "192.0.2.1"),
  ],
  ["another id", { id: 0x1235, answers: [OWN] }, undefined],
  ["another question", { name: "pbx.example.net", answers: [OWN] }, undefined],
  ["truncated", { flags: TRUNCATED, answers: [OWN] }, { kind: "truncated" }],
  [
    "a record of another name is not looked at",
    { answers: [a("evil.example.com", "192.0.2.66"), OWN] },
    found(300, "192.0.2.1"),
  ],
  [
    "nor is what stands beside the answer",
    { additionals: [OWN], authorities: [soa(60, 30)] },
    none("no A record", 30),
  ],
  [
    "a CNAME is followed",
    { answers: [cname("pbx.example.com", "b.test", 9), a("b.test", "192.0.2.3")] },
    found(9, "192.0.2.3"),
  ],
  [
    "in whatever order it comes",
    { answers: [a("b.test", "192.0.2.3"), cname("pbx.example.com", "b.test")] },
    found(300, "192.0.2.3"),
  ],
  [
    "one that leads out of the message is asked on",
    { answers: [cname("pbx.example.com", "b.test", 9)] },
    { kind: "alias", name: "b.test", ttlSeconds: 9 },
  ],
  [
    "one that leads to nothing",
    { answers: [cname("pbx.example.com", "b.test", 9)], authorities: [soa(60, 30)] },
    none("no A record", 9),
  ],
  [
    "a circle",
    { answers: [cname("pbx.example.com", "b.test"), cname("b.test", "pbx.example.com")] },
    failed("its aliases go in a circle"),
  ],
  [
    "no such name, as long as the zone says",
    { flags: NXDOMAIN, authorities: [soa(60, 30)] },
    none("no such name", 30),
  ],
  [
    "at most as long as its record",
    { flags: NXDOMAIN, authorities: [soa(20, 30)] },
    none("no such name", 20),
  ],
  ["without its word not at all", { flags: NXDOMAIN }, none("no such name", 0)],
  ["no record of the type", { flags: AUTHORITATIVE, authorities: [soa(60, 30)] }, none("no A record", 30)],
  [
    "a referral",
    { authorities: [{ type: "NS", class: "IN", name: "example.com", data: "ns.example.com" }] },
    failed("the name server knows other servers only; it does not ask them"),
  ],
  ["FORMERR", { flags: 1 }, failed("the name server says FORMERR")],
  ["SERVFAIL", { flags: 2 }, failed("the name server says SERVFAIL")],
  ["REFUSED", { flags: 5 }, failed("the name server says REFUSED")],
  ["a code without a name", { flags: 9 }, failed("the name server says error 9")],
];

for (const [name, parts, expected] of ROWS) {
  test(`${name}: ${expected === undefined ? "not for us" : JSON.stringify(expected)}`, () => {
    assert.deepEqual(readReply(reply(parts), QUESTION), expected);
  });
}

test("what is a question itself, or has two, is not for us", () => {
  assert.equal(readReply(writeQuestion(QUESTION), QUESTION), undefined);
  const two = [QUESTION, QUESTION].map(({ name, type }) => ({ name, type }));
  const bytes = encode({ type: "response", id: QUESTION.id, questions: two, answers: [OWN] });
  assert.equal(readReply(bytes, QUESTION), undefined);
});

test("SRV and NAPTR records keep what RFC 3263 looks at; the target . is none", () => {
  const name = "_sip._udp.example.com";
  const ask = { id: 7, name, type: "SRV" } as const;
  const srv = encode({
    type: "response",
    id: 7,
    questions: [{ name, type: "SRV" }],
    answers: [
      {
        type: "SRV",
        class: "IN",
        name,
        ttl: 5,
        data: { priority: 1, weight: 2, port: 5070, target: "A.example.com" },
      },
      { type: "SRV", class: "IN", name, ttl: 5, data: { priority: 0, weight: 0, port: 0, target: "." } },
    ],
  });
  const read = readReply(srv, ask);
  assert.deepEqual(read?.kind === "found" && read.records, [
    { priority: 1, weight: 2, port: 5070, target: "a.example.com" },
    { priority: 0, weight: 0, port: 0, target: "" },
  ]);
});

test("a question has its id, one name, and asks for recursion", () => {
  const bytes = writeQuestion(QUESTION).toString("hex");
  assert.equal(bytes, "12340100000100000000000003706278076578616d706c6503636f6d0000010001");
});

test("any bytes are read to an end, whole or cut at any place", () => {
  const whole = reply({
    answers: [cname("pbx.example.com", "b.test"), a("b.test", "192.0.2.3")],
    authorities: [soa(1, 1)],
  });
  for (let length = 0; length < whole.length; length += 1) {
    assert.equal(readReply(whole.subarray(0, length), QUESTION), undefined, `cut at ${length}`);
  }
  const header = Buffer.from("12348180000100ff00ff00ff", "hex");
  const torn = fc.tuple(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ maxLength: 400 }));
  fc.assert(
    fc.property(torn, fc.nat(whole.length - 1), ([change, tail], at) => {
      readReply(Buffer.concat([header, tail]), QUESTION);
      const changed = Buffer.from(whole);
      changed.set(change.subarray(0, whole.length - at), at);
      readReply(changed, QUESTION);
    }),
    { numRuns: 2000 },
  );
});

for (const [name, isGood] of [
  ["pbx.example.com", true],
  ["_sip._udp.example.com.", true],
  ["pbx", true],
  [`${"a".repeat(63)}.test`, true],
  [`${"a".repeat(64)}.test`, false],
  ["a..b", false],
  ["", false],
  ["a b", false],
  [`${"a.".repeat(126)}b`, true],
  [`${"a.".repeat(127)}b`, false],
] as const) {
  test(`${name.slice(0, 30) || "nothing"} (${name.length}) is ${isGood ? "a" : "no"} name`, () => {
    assert.equal(isName(name), isGood);
  });
}
