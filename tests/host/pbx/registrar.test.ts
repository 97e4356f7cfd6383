// The registrar asked by a hand-held phone: credentials, bindings, repeats and ways back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Locations } from "../../../host/pbx/locations.ts";
import { Registrar, type RegistrarOptions } from "../../../host/pbx/registrar.ts";
import { storedHash } from "../../../host/sip/digest.ts";
import { type Ask, authorization, type Credentials, PHONE, read, request, type Said } from "./phone.ts";

const OPTIONS: RegistrarOptions = {
  realm: "pbx.example",
  algorithms: ["SHA-256", "MD5"],
  accounts: [
    { user: "6000", account: "6000", secret: { kind: "password", password: "secret" } },
    { user: "6001", account: "ann", secret: { kind: "password", password: "other" } },
    {
      user: "6002",
      account: "6002",
      secret: { kind: "ha1", hashes: { MD5: storedHash("MD5", "6002", "pbx.example", "stored") } },
    },
  ],
};

/** One registrar, asked as a phone does: without credentials first. */
class Bench {
  readonly registrar: Registrar;
  #cseq = 0;

  constructor(options: Partial<RegistrarOptions> = {}) {
    this.registrar = new Registrar({ ...OPTIONS, ...options });
  }

  send(bytes: Uint8Array, now = 0): Said {
    const replies = this.registrar.handle(bytes, PHONE, now);
    assert.equal(replies.length, 1);
    return read(replies[0]?.bytes);
  }

  /** A REGISTER, its challenge, and the answer to it. */
  register(ask: Ask = {}, given: Credentials = {}, now = 0): Said {
    const asked = this.send(request({ ...ask, cseq: ask.cseq ?? ++this.#cseq }), now);
    assert.equal(asked.status, 401);
    const challenge = asked
      .header("WWW-Authenticate")
      .find((one) => one.includes(`algorithm=${given.algorithm ?? "MD5"}`));
    const more = [authorization(challenge ?? "", given)];
    return this.send(request({ ...ask, cseq: ask.cseq ?? ++this.#cseq, more }), now);
  }
}

test("asks for credentials with the strongest algorithm first, then binds for the time asked", () => {
  const bench = new Bench();
  const asked = bench.send(request({ expires: 120 }));
  assert.equal(asked.status, 401);
  const challenges = asked.header("WWW-Authenticate");
  assert.match(challenges[0] ?? "", /algorithm=SHA-256/);
  assert.match(challenges[1] ?? "", /algorithm=MD5/);
  const bound = bench.register({ expires: 120 });
  assert.equal(bound.status, 200);
  assert.deepEqual(bound.header("Contact"), ["<sip:6000@192.0.2.9:5060;sf=p>;expires=120"]);
});

test("accepts either algorithm, and a stored hash in place of a password", () => {
  assert.equal(new Bench().register({}, { algorithm: "SHA-256" }).status, 200);
  assert.equal(new Bench().register({}, { algorithm: "MD5" }).status, 200);
  const stored = { account: "6002", password: "stored" };
  assert.equal(new Bench().register({ user: "6002" }, stored).status, 200);
});

test("a wrong password is asked again without stale, an unknown account is refused", () => {
  const wrong = new Bench().register({}, { password: "guess" });
  assert.equal(wrong.status, 401);
  assert.doesNotMatch(wrong.text, /stale/);
  assert.equal(new Bench().register({}, { account: "nobody" }).status, 403);
});

test("an account binds its own address of record and no other", () => {
  assert.equal(new Bench().register({ user: "6001" }, { account: "ann", password: "other" }).status, 200);
  assert.equal(new Bench().register({ user: "6000" }, { account: "ann", password: "other" }).status, 403);
});

test("a nonce is stale when it is old, forgotten, or its count does not rise", () => {
  const bench = new Bench({ nonceLifeMs: 10_000 });
  const challenge = bench.send(request()).header("WWW-Authenticate")[1] ?? "";
  const use = (cseq: number, count: number, now: number): Said =>
    bench.send(request({ cseq, more: [authorization(challenge, { count })] }), now);
  assert.equal(use(2, 1, 0).status, 200);
  assert.match(use(3, 1, 0).text, /401[\s\S]*stale=true/);
  assert.equal(use(4, 3, 10_000).status, 200);
  assert.match(use(5, 4, 10_001).text, /401[\s\S]*stale=true/);
  const other = new Bench();
  const held = other.send(request()).header("WWW-Authenticate")[1] ?? "";
  other.registrar.restart();
  assert.match(other.send(request({ cseq: 2, more: [authorization(held)] })).text, /stale=true/);
});

test("the time granted comes from the Contact, then from Expires, then from the default", () => {
  const contact = "<sip:6000@192.0.2.9;sf=p>";
  const granted = (ask: Ask): string =>
    new Bench().register(ask).header("Contact")[0]?.split("=").at(-1) ?? "";
  assert.equal(granted({ contacts: [`${contact};expires=77`], expires: 120 }), "77");
  assert.equal(granted({ contacts: [contact], expires: 120 }), "120");
  assert.equal(granted({ contacts: [contact] }), "3600");
  assert.equal(granted({ contacts: [`${contact};expires=soon`] }), "3600");
  const capped = new Bench({ maxExpiresSeconds: 600 }).register({ expires: 9999 });
  assert.match(capped.header("Contact")[0] ?? "", /expires=600$/);
});

test("too short a wish is answered 423 with the least, one of exactly the least is granted", () => {
  const short = new Bench({ minExpiresSeconds: 300 }).register({ expires: 299 });
  assert.equal(short.status, 423);
  assert.deepEqual(short.header("Min-Expires"), ["300"]);
  assert.equal(new Bench({ minExpiresSeconds: 300 }).register({ expires: 300 }).status, 200);
});

test("a binding lapses to the millisecond", () => {
  const bench = new Bench();
  bench.register({ expires: 60 });
  assert.equal(bench.registrar.locations.of("6000", 59_999).length, 1);
  assert.equal(bench.registrar.locations.of("6000", 60_000).length, 0);
});

test("expires 0 removes the binding that the Contact names and leaves its neighbour", () => {
  const bench = new Bench();
  bench.register({ contacts: ["<sip:6000@192.0.2.9;sf=p>", "<sip:6000@192.0.2.9;sf=b>"], expires: 60 });
  assert.equal(bench.registrar.locations.of("6000", 0).length, 2);
  const left = bench.register({ contacts: ["<sip:6000@192.0.2.9;sf=b>"], expires: 0 });
  assert.deepEqual(left.header("Contact"), ["<sip:6000@192.0.2.9;sf=p>;expires=60"]);
});

test("* removes everything, and only alone and with Expires 0", () => {
  const bench = new Bench();
  bench.register({ expires: 60 });
  assert.equal(bench.register({ contacts: ["*"], expires: 60 }).status, 400);
  assert.equal(bench.register({ contacts: ["*", "<sip:a@b>"], expires: 0 }).status, 400);
  assert.equal(bench.registrar.locations.of("6000", 0).length, 1);
  assert.equal(bench.register({ contacts: ["*"], expires: 0 }).status, 200);
  assert.equal(bench.registrar.locations.of("6000", 0).length, 0);
});

test("a request of the same Call-ID that is not newer changes nothing", () => {
  const bench = new Bench();
  assert.equal(bench.register({ cseq: 8, expires: 60 }).status, 200);
  assert.equal(bench.register({ cseq: 8, expires: 10 }).status, 500);
  assert.equal(bench.register({ cseq: 7, contacts: ["*"], expires: 0 }).status, 500);
  assert.equal(bench.register({ cseq: 7, callId: "call-2", expires: 10 }).status, 200);
  assert.equal(bench.register({ cseq: 9, callId: "call-2", expires: 0 }).status, 200);
});

test("a REGISTER without Contact lists what is bound", () => {
  const bench = new Bench();
  bench.register({ expires: 60 });
  const listed = bench.register({ contacts: [] }, {}, 20_000);
  assert.deepEqual(listed.header("Contact"), ["<sip:6000@192.0.2.9:5060;sf=p>;expires=40"]);
});

test("a repeat gets the same answer byte for byte, and is not counted as a second use of the nonce", () => {
  const bench = new Bench();
  const challenge = bench.send(request()).header("WWW-Authenticate")[1] ?? "";
  const bytes = request({ cseq: 2, more: [authorization(challenge)] });
  const first = bench.send(bytes, 0);
  assert.equal(first.status, 200);
  assert.equal(bench.send(bytes, 32_000).text, first.text);
  assert.equal(bench.send(bytes, 32_001).status, 401);
});

test("the answer goes to the source when rport is asked for, else to the port of the Via", () => {
  const registrar = new Registrar(OPTIONS);
  const from = { address: "198.51.100.7", port: 40_000 };
  const ask = (via: string) => registrar.handle(request({ method: "OPTIONS", via }), from, 0)[0];
  const asked = ask("Via: SIP/2.0/UDP 192.0.2.9:5070;rport;branch=z9hG4bKx1");
  assert.deepEqual(asked?.to, from);
  assert.match(
    read(asked?.bytes).header("Via")[0] ?? "",
    /;rport=40000;branch=z9hG4bKx1;received=198\.51\.100\.7$/,
  );
  const plain = ask("Via: SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKx2");
  assert.deepEqual(plain?.to, { address: "198.51.100.7", port: 5070 });
  assert.match(read(plain?.bytes).header("Via")[0] ?? "", /;received=198\.51\.100\.7$/);
  const bare = ask("v: SIP/2.0/UDP phone.example;branch=z9hG4bKx3");
  assert.deepEqual(bare?.to, { address: "198.51.100.7", port: 5060 });
});

test("answers OPTIONS, refuses other methods, and is silent to ACK, answers and noise", () => {
  const bench = new Bench();
  assert.equal(bench.send(request({ method: "OPTIONS" })).status, 200);
  const invite = bench.send(request({ method: "INVITE" }));
  assert.equal(invite.status, 405);
  assert.deepEqual(invite.header("Allow"), ["REGISTER, OPTIONS"]);
  const silent = [
    "\r\n\r\n",
    "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a\r\n\r\n",
    "nonsense",
    "OPTIONS sip:a SIP/2.0\r\n\r\n",
  ];
  for (const text of silent) {
    assert.deepEqual(bench.registrar.handle(new TextEncoder().encode(text), PHONE, 0), [], text);
  }
  assert.deepEqual(bench.registrar.handle(request({ method: "ACK" }), PHONE, 0), []);
});

test("a CSeq of another method, or no user to bind, is a bad request", () => {
  const bench = new Bench();
  const text = new TextDecoder().decode(request()).replace("1 REGISTER", "1 OPTIONS");
  assert.equal(bench.send(new TextEncoder().encode(text)).status, 400);
  const nobody = new TextDecoder().decode(request()).replaceAll("sip:6000@pbx", "sip:pbx");
  assert.equal(bench.send(new TextEncoder().encode(nobody)).status, 400);
});

test("reads compact names, folded lines and several Contacts in one line", () => {
  const bench = new Bench();
  const challenge = bench.send(request()).header("WWW-Authenticate")[1] ?? "";
  const text = [
    "REGISTER sip:pbx.example SIP/2.0",
    "v: SIP/2.0/UDP 192.0.2.9;rport",
    "  ;branch=z9hG4bKfold",
    "f: <sip:6000@pbx.example>;tag=f1",
    't: "Smith, Ann" <sip:6000@pbx.example>',
    "i: folded",
    "CSeq:   9   REGISTER",
    'm: "a, b" <sip:6000@192.0.2.9;sf=p>;expires=50 , <sip:6000@192.0.2.9;sf=b>;expires=40',
    authorization(challenge),
    "l: 0",
  ].join("\r\n");
  const said = bench.send(new TextEncoder().encode(`${text}\r\n\r\n`));
  assert.equal(said.status, 200);
  assert.deepEqual(said.header("Contact"), [
    "<sip:6000@192.0.2.9;sf=p>;expires=50",
    "<sip:6000@192.0.2.9;sf=b>;expires=40",
  ]);
});

test("a registration that cannot be written down is refused with 500, and nothing is bound", () => {
  const bench = new Bench();
  let isFull = false;
  bench.registrar.locations = new Locations(() => {
    if (isFull) throw new Error("the disk is full");
  });
  assert.equal(bench.register({ expires: 60 }).status, 200);
  isFull = true;
  const refused = bench.register({ expires: 120 });
  assert.equal(refused.status, 500);
  assert.deepEqual(refused.header("Warning"), ['399 pbx.example "The registration was not stored"']);
  assert.equal(bench.registrar.locations.of("6000", 0)[0]?.expiresAt, 60_000, "the old grant stands");
  assert.deepEqual(bench.register({ contacts: ["*"], expires: 0 }).status, 500);
  bench.registrar.remove("6000", "deactivated", 0);
  assert.equal(bench.registrar.locations.of("6000", 0).length, 0, "what is taken away is gone");
});

test("a flood costs no memory: of the answers that are kept for repeats the oldest go first", () => {
  const bench = new Bench();
  const first = request({ branch: "z9hG4bKfirst" });
  const said = bench.send(first).text;
  for (let at = 0; at < 19_999; at++) bench.send(request({ method: "OPTIONS" }));
  assert.equal(bench.send(first).text, said, "20,000 are kept");
  bench.send(request({ method: "OPTIONS" }));
  assert.notEqual(bench.send(first).text, said, "the first of 20,001 is asked anew");
});

test("a long answer is not kept for repeats, so that a flood of them costs no memory either", () => {
  const bench = new Bench();
  const isKept = (long: number): boolean => {
    const asked = request({ branch: `z9hG4bK${"x".repeat(long)}` });
    const said = bench.send(asked).text;
    return bench.send(asked).text === said;
  };
  assert.equal(isKept(1000), true);
  assert.equal(isKept(3000), false, "twice 3,000 bytes, in the key and in the answer, are more than 4,096");
});
