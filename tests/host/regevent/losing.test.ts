// What a NOTIFY may do: take our own binding away, end the subscription, or nothing. RFC 3680 §5,
// RFC 6665 §4.1.3. Whatever is not from the server that serves the line does nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { first } from "../../../host/sip/message.ts";
import { Bench, notify, OURS, reginfo, says, type Told, type Written } from "./bench.ts";

/** A subscription at a server that grants and says nothing of its own accord. */
function subscribed(): Bench {
  const bench = new Bench();
  bench.serve[0] = says(200, "Expires: 3600");
  return bench.use();
}

/** Lets the server of `bench` tell something; CSeq is one higher each time. */
function told(bench: Bench, written: Written, more: Told = {}): Bench {
  const cseq = bench.answered.length + 1;
  bench.hear(notify(bench.request(-1), { cseq, body: reginfo(written), ...more }), 0);
  return bench;
}

for (const event of ["rejected", "deactivated", "probation", "unregistered", "expired", "shortened"]) {
  test(`our contact terminated as ${event} is a binding lost, once`, () => {
    const bench = told(subscribed(), { contacts: [`active registered ${OURS}`] });
    const gone = { version: 1, state: "partial", contacts: [`terminated ${event} ${OURS}`] } as const;
    told(told(bench, gone), { ...gone, version: 2 });
    assert.deepEqual(bench.lost, [`0 6000 ${event}`]);
    assert.deepEqual(bench.answered, [200, 200, 200]);
  });
}

test("an administrator of the embedded registrar takes the binding away", () => {
  const bench = new Bench().bind().use().runTo(7).remove("rejected");
  assert.deepEqual(bench.lost, ["7 6000 rejected"]);
});

test("contacts of others, of another server and of other lines are none of ours", () => {
  const bench = told(subscribed(), { contacts: [`active registered ${OURS}`] });
  const others = [
    "sip:6000@192.0.2.100:5060",
    "sip:6000@192.0.2.100:5060;sf=0a0b0c0d1",
    "sip:6000@192.0.2.100:5060;sf=0a0b0c0d00",
    "sip:6001@192.0.2.100:5060;sf=0a0b0c0d0",
    "tel:6000",
    "",
  ];
  for (const [at, uri] of others.entries()) {
    told(bench, { version: at + 1, state: "partial", contacts: [`terminated rejected ${uri}`] });
  }
  const contacts = [`terminated rejected ${OURS}`];
  told(bench, { version: 7, state: "partial", aor: "sip:6001@sip.example", contacts });
  assert.deepEqual(bench.lost, []);
});

test("our contact is ours whatever its address has become", () => {
  const seen = "sip:6000@198.51.100.7:40001;SF=0a0b0c0d0;transport=udp";
  const bench = told(subscribed(), { contacts: [`terminated rejected ${seen}`] });
  assert.deepEqual(bench.lost, ["0 6000 rejected"]);
});

test("the contact of our old address may go while the new one is there", () => {
  const now = OURS.replace("192.0.2.100", "192.0.2.101");
  const bench = told(subscribed(), { contacts: [`active registered ${OURS}`] });
  told(bench, { version: 1, state: "partial", contacts: [`active registered ${now}`] });
  told(bench, { version: 2, state: "partial", contacts: [`terminated unregistered ${OURS}`] });
  assert.deepEqual(bench.lost, []);
  told(bench, { version: 3, state: "partial", contacts: [`terminated expired ${now}`] });
  assert.deepEqual(bench.lost, ["0 6000 expired"]);
});

test("a whole state without us, after one with us, is a binding lost; one that never had us is not", () => {
  const bench = told(told(subscribed(), { contacts: [`active registered ${OURS}`] }), { version: 1 });
  assert.deepEqual(bench.lost, ["0 6000 "]);
  assert.deepEqual(told(told(subscribed(), {}), { version: 1 }).lost, []);
  const ended = told(subscribed(), { contacts: [`active registered ${OURS}`] });
  told(ended, { version: 1, state: "partial", registration: "terminated" });
  assert.deepEqual(ended.lost, ["0 6000 "]);
});

test("documents are read in the order of their versions", () => {
  const bench = told(subscribed(), { version: 5, contacts: [`active registered ${OURS}`] });
  const gone = [`terminated rejected ${OURS}`];
  told(bench, { version: 5, state: "partial", contacts: gone });
  told(bench, { version: 4, state: "full", contacts: gone });
  assert.deepEqual(bench.lost, []);
  told(bench, { version: 5, state: "full", contacts: gone }); // a server that counts nothing
  assert.deepEqual(bench.lost, ["0 6000 rejected"]);
});

test("after a gap the whole state is asked for, at most every 10 s", () => {
  const bench = told(subscribed(), { contacts: [`active registered ${OURS}`] }).runTo(3);
  told(bench, { version: 2, state: "partial", contacts: [`active refreshed ${OURS}`] });
  assert.deepEqual(bench.runTo(9.999).asked, ["0 0 3600 bare"]);
  assert.deepEqual(bench.runTo(10).asked, ["0 0 3600 bare", "10 0 3600 bare"]);
});

test("what a registrar takes again and again is told every 10 s at most", () => {
  const bench = subscribed();
  for (let version = 0; version < 40; version += 2) {
    told(bench, { version, contacts: [`active registered ${OURS}`] });
    told(bench, { version: version + 1, contacts: [`terminated deactivated ${OURS}`] });
    bench.runTo((version + 2) / 2);
  }
  assert.deepEqual(bench.lost, ["0 6000 deactivated", "10 6000 deactivated", "20 6000 deactivated"]);
});

test("probation may ask us to wait, for ten minutes at most", () => {
  for (const [asked, at] of [
    [30, 30],
    [99_999, 600],
  ] as const) {
    const more = ` retry-after="${asked}"`;
    const bench = told(subscribed(), { contacts: [`terminated probation ${OURS}`], more });
    assert.deepEqual(bench.runTo(at - 0.001).lost, []);
    assert.deepEqual(bench.runTo(at).lost, [`${at} 6000 probation`]);
  }
});

const AFTER_END: readonly [string, number][] = [
  ["terminated;reason=deactivated", 1],
  ["terminated;reason=timeout", 1],
  ["terminated;reason=probation;retry-after=90", 90],
  ["terminated;reason=probation", 30], // half of 60
  ["terminated;reason=giveup;retry-after=40", 40],
  ["terminated;reason=rejected", 3600],
  ["terminated;reason=noresource", 3600],
  ["terminated;reason=invariant", 3600],
  ["terminated;reason=unheard-of", 30],
  ["Terminated", 30],
];

for (const [state, at] of AFTER_END) {
  test(`"${state}" asks again after ${at} s, in a new dialog`, () => {
    const bench = told(subscribed(), {}, { state }).runTo(at - 0.001);
    assert.equal(bench.asked.length, 1);
    bench.runTo(at);
    assert.equal(bench.asked.length, 2);
    assert.notEqual(first(bench.request(1), "call-id"), first(bench.request(0), "call-id"));
  });
}

test("a subscription that is ended each time at once is asked for ever more seldom", () => {
  const bench = new Bench();
  bench.serve[0] = (request) => [
    ...(says(200, "Expires: 3600")(request, bench) ?? []),
    notify(request, { state: "terminated;reason=deactivated" }),
  ];
  bench.use().runTo(3600);
  // At 0 and 1; then waits of 60, 120, 240, 480, 900, 900 (half of each round's W) follow.
  assert.deepEqual(
    bench.asked.map((line) => Number(line.split(" ")[0])),
    [0, 1, 61, 181, 421, 901, 1801, 2701],
  );
});

test("the notifier may shorten the subscription", () => {
  const bench = told(subscribed(), {}, { state: "active;expires=100" }).runTo(49.9);
  assert.equal(bench.asked.length, 1);
  assert.equal(bench.runTo(50).asked.length, 2);
});

const GUESSES: readonly [string, Told, number | undefined, number][] = [
  ["another Call-ID", { callId: "guess" }, 0, 481],
  ["another tag of ours", { toTag: "guess" }, 0, 481],
  ["another tag of theirs", { fromTag: "guess" }, 0, 481],
  ["no tag of theirs", { fromTag: "" }, 0, 481],
  ["another server of the set", {}, 1, 481],
  ["no server of the set", {}, undefined, 481],
  ["another event", { event: "presence" }, 0, 489],
  ["a CSeq that was", { cseq: 0 }, 0, 500],
  ["no Subscription-State", { state: "" }, 0, 400],
  ["another type", { type: "text/plain" }, 0, 415],
  ["no XML", { body: "<reginfo" }, 0, 400],
];

for (const [what, guess, from, status] of GUESSES) {
  test(`a NOTIFY with ${what} gets ${status} and moves nobody`, () => {
    const bench = told(subscribed(), { contacts: [`active registered ${OURS}`] });
    const body = reginfo({ version: 1, contacts: [`terminated rejected ${OURS}`] });
    assert.equal(bench.hear(notify(bench.request(0), { cseq: 2, body, ...guess }), from), true);
    assert.deepEqual(bench.answered, [200, status]);
    assert.deepEqual(bench.lost, []);
    assert.equal(bench.runTo(1000).asked.length, 1);
  });
}

test("a copy of a NOTIFY gets the same answer and does nothing", () => {
  const bench = told(subscribed(), {});
  const copy = notify(bench.request(0), { cseq: 1, state: "terminated;reason=deactivated" });
  bench.hear(copy, 0);
  assert.deepEqual(bench.answered, [200, 200]);
  assert.equal(bench.runTo(1000).asked.length, 1);
});

test("what is of other dialogs and packages belongs to the phone's own stack", () => {
  const bench = subscribed();
  const busy = notify(bench.request(0), { event: "dialog", callId: "blf" });
  const text = new TextDecoder().decode(notify(bench.request(0)));
  for (const bytes of [
    busy,
    new TextEncoder().encode(text.replaceAll("NOTIFY", "MESSAGE")),
    new TextEncoder().encode("SIP/2.0 200 OK\r\nCall-ID: theirs\r\n\r\n"),
    new Uint8Array(),
  ]) {
    assert.equal(bench.hear(bytes, 0), false);
  }
  assert.deepEqual(bench.answered, []);
});

test("a forged answer moves nobody", () => {
  const bench = new Bench();
  bench.serve[0] = () => undefined;
  bench.use();
  const [asked] = bench.requests;
  assert.ok(asked);
  const [answer] = says(403)(asked, bench) ?? [];
  const text = new TextDecoder().decode(answer);
  for (const [from, to] of [
    [/branch=\w+/, "branch=z9hG4bKguess"],
    [/CSeq: 1/, "CSeq: 2"],
    [/tag=\w+/, "tag=guess"],
    [/(Via: .*\r\n)/, "$1$1"],
  ] as const) {
    bench.hear(new TextEncoder().encode(text.replace(from, to)), 0);
  }
  bench.hear(new TextEncoder().encode(text), 1);
  assert.deepEqual(bench.notices, []);
  bench.hear(new TextEncoder().encode(text), 0);
  assert.equal(bench.notices.length, 1);
});

/** Pieces that a NOTIFY is made of, and noise between them. */
const scraps = fc.oneof(
  fc.constantFrom(
    "Subscription-State: terminated;reason=",
    "\r\n",
    "\r\n\r\n",
    "<!DOCTYPE a [",
    "&a;",
    "<uri>",
  ),
  fc.string({ maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 20 }),
);

test("no bytes at all make it throw, or take a binding", () => {
  const cut = fc.tuple(fc.nat({ max: 900 }), fc.nat({ max: 60 }), fc.array(scraps, { maxLength: 4 }));
  fc.assert(
    fc.property(fc.array(cut, { maxLength: 4 }), (cuts) => {
      const bench = told(subscribed(), { contacts: [`active registered ${OURS}`] });
      let text = new TextDecoder().decode(
        notify(bench.request(0), { cseq: 2, body: reginfo({ contacts: ["active created sip:a@b"] }) }),
      );
      for (const [at, length, put] of cuts) text = text.slice(0, at) + put.join("") + text.slice(at + length);
      bench.hear(new TextEncoder().encode(text), 0);
      bench.runTo(5);
    }),
    { numRuns: 500 },
  );
});

/** What a server may do with one SUBSCRIBE. */
const behaviour = fc.record({
  status: fc.constantFrom(200, 202, 401, 407, 423, 481, 489, 403, 500, 503, 302, 0),
  stale: fc.boolean(),
  seconds: fc.nat({ max: 100 }),
  notify: fc.constantFrom(
    undefined,
    "active;expires=5",
    "terminated;reason=deactivated",
    "terminated;reason=timeout",
    "terminated;reason=probation;retry-after=0",
    "terminated",
  ),
});

test("no server makes a storm: never more than 60 requests in any minute", () => {
  fc.assert(
    fc.property(fc.infiniteStream(behaviour), (stream) => {
      const bench = new Bench();
      let nonces = 0;
      bench.serve[0] = (request) => {
        const { status, stale, seconds, notify: state } = stream.next().value;
        const challenge = `Digest realm="r", nonce="${++nonces}"${stale ? ", stale=true" : ""}`;
        const extra = [
          `Expires: ${seconds}`,
          `Min-Expires: ${seconds}`,
          `WWW-Authenticate: ${challenge}`,
          `Proxy-Authenticate: ${challenge}`,
          ...(seconds % 2 === 0 ? ["Retry-After: 0"] : []),
        ];
        return [
          ...(status === 0 ? [] : (says(status, ...extra)(request, bench) ?? [])),
          ...(state === undefined ? [] : [notify(request, { state, cseq: bench.asked.length })]),
        ];
      };
      bench.use();
      for (let minute = 1; minute <= 30; minute++) {
        const before = bench.asked.length;
        bench.runTo(60 * minute);
        assert.ok(bench.asked.length - before <= 60, `${bench.asked.slice(before).join("\n")}`);
      }
    }),
    { numRuns: 25 },
  );
});
