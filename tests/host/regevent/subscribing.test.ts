// Asking, proving, refreshing and giving up: RFC 6665 §4.1, RFC 3680 §4.

import assert from "node:assert/strict";
import { test } from "node:test";
import { first } from "../../../host/sip/message.ts";
import { Bench, notify, says } from "./bench.ts";

test("a line asks, proves who it is, is told the whole state, and answers", () => {
  const bench = new Bench().bind().use();
  assert.deepEqual(bench.asked, ["0 0 3600 bare", "0 0 3600 signed"]);
  assert.deepEqual(bench.answered, [200]);
  const request = bench.request(-1);
  assert.equal(request.uri, "sip:6000@sip.example");
  assert.equal(first(request, "event"), "reg");
  assert.equal(first(request, "accept"), "application/reginfo+xml");
  assert.equal(first(request, "contact"), "<sip:6000@192.0.2.100:5060>");
  assert.equal(first(request, "to"), "<sip:6000@sip.example>");
  assert.match(first(request, "authorization") ?? "", /algorithm=SHA-256.*qop=auth, nc=00000001/);
});

test("it is refreshed two time-outs before its end, in the same dialog", () => {
  const bench = new Bench().use().runTo(3536); // 3600 - 2 * 32
  assert.equal(bench.asked[2], "3536 0 3600 signed");
  const refresh = bench.request(2);
  assert.equal(first(refresh, "call-id"), first(bench.request(1), "call-id"));
  assert.match(first(refresh, "to") ?? "", /;tag=/);
  assert.equal(first(refresh, "cseq"), "3 SUBSCRIBE");
  assert.match(first(refresh, "authorization") ?? "", /nc=00000002/);
  assert.deepEqual(bench.answered, [200, 200]);
});

test("without a time of ours the default of the package holds, and none is asked for", () => {
  const bench = new Bench({ expirySeconds: 0 }).use().runTo(3697); // RFC 3680 §4.4: 3761 - 64
  assert.deepEqual(bench.asked.slice(0, 3), ["0 0 - bare", "0 0 - signed", "3697 0 - signed"]);
});

test("a short grant is refreshed at half of it, and never more often than every 10 s", () => {
  for (const [granted, at] of [
    [60, 30],
    [10, 10],
    [1, 10],
  ] as const) {
    const bench = new Bench();
    bench.serve[0] = (request) => [
      ...(says(200, `Expires: ${granted}`)(request, bench) ?? []),
      notify(request, { state: `active;expires=${granted}`, cseq: bench.requests.length }),
    ];
    bench.use().runTo(at + 0.5);
    assert.deepEqual(bench.asked, ["0 0 3600 bare", `${at} 0 3600 bare`], `${granted} s`);
  }
});

for (const status of [302, 403, 404, 405, 420, 489, 501, 603]) {
  test(`a ${status} is an answer for an hour, and told once`, () => {
    const lines = ["6000", "6001"].map((number) => ({ number, display: "" }));
    const bench = new Bench({ lines });
    bench.serve[0] = says(status, "Contact: <sip:6000@203.0.113.5>");
    bench.use().use(0, true, "6001").runTo(3599);
    assert.deepEqual(bench.asked, ["0 0 3600 bare", "0 0 3600 bare"]);
    assert.equal(bench.notices.length, 1);
    assert.match(bench.notices[0] ?? "", new RegExp(`^primary .*6000.*\\(${status}\\).*60 minutes`));
    bench.runTo(3600);
    assert.deepEqual(bench.asked.slice(2), ["3600 0 3600 bare", "3600 0 3600 bare"]);
    assert.equal(bench.notices.length, 1);
  });
}

test("a refusal may ask for more than an hour", () => {
  const bench = new Bench();
  bench.serve[0] = says(404, "Retry-After: 7200");
  bench.use().runTo(7199);
  assert.equal(bench.asked.length, 1);
  assert.equal(bench.runTo(7200).asked.length, 2);
});

test("a wrong password is sent once, and then it rests until there is another", () => {
  let password = "wrong";
  const bench = new Bench({ accountOf: (account) => ({ account, password }) });
  bench.use().runTo(3599);
  assert.equal(bench.asked.length, 2);
  assert.match(bench.notices.join(), /6000.*\(403\)|6000.*\(401\)/);
  password = "secret";
  bench.renew();
  assert.deepEqual(bench.asked.slice(2), ["3599 0 3600 bare", "3599 0 3600 signed"]);
});

test("MD5 does where nothing stronger is offered, and a stale nonce costs one more request", () => {
  const bench = new Bench();
  const offer = 'Proxy-Authenticate: Digest realm="r", algorithm=MD5, nonce=';
  const script = [says(407, `${offer}"n1"`), says(407, `${offer}"n2", stale=true`), says(200)];
  bench.serve[0] = (request) => script.shift()?.(request, bench);
  bench.use();
  assert.deepEqual(bench.asked, ["0 0 3600 bare", "0 0 3600 signed", "0 0 3600 signed"]);
  // By md5sum: 6000:r:secret, SUBSCRIBE:sip:6000@sip.example, and both around n2 (RFC 2617 §3.2.2.1).
  const proof = first(bench.request(2), "proxy-authorization") ?? "";
  assert.match(proof, /nonce="n2"/);
  assert.match(proof, /response="e3bab283512df95b0f1cd49bf363125a"/);
});

test("a challenge for ever is answered four times at most", () => {
  const bench = new Bench();
  const challenge = 'WWW-Authenticate: Digest realm="r", stale=true, nonce=';
  bench.serve[0] = (request) => says(401, `${challenge}"${bench.asked.length}"`)(request, bench);
  bench.use().runTo(3599);
  assert.equal(bench.asked.length, 5);
});

test("what we do not speak is no challenge", () => {
  const offers = [
    'Basic realm="r"',
    'Digest realm="r", nonce="n", algorithm=SHA-512-256',
    'Digest realm="r"',
  ];
  for (const offer of offers) {
    const bench = new Bench();
    bench.serve[0] = says(401, `WWW-Authenticate: ${offer}`);
    bench.use().runTo(3599);
    assert.deepEqual(bench.asked, ["0 0 3600 bare"], offer);
  }
});

test("a 423 is believed once, up to a day", () => {
  const bench = new Bench({ expirySeconds: 60 });
  const script = [says(423, "Min-Expires: 300"), says(200, "Expires: 300")];
  bench.serve[0] = (request) => script.shift()?.(request, bench);
  bench.use();
  assert.deepEqual(bench.asked, ["0 0 60 bare", "0 0 300 bare"]);
  for (const [least, requests] of [
    ["Min-Expires: 300", 2],
    ["Min-Expires: 86401", 1],
    ["Subject: none", 1],
  ] as const) {
    const forEver = new Bench({ expirySeconds: 60 });
    forEver.serve[0] = says(423, least);
    forEver.use().runTo(3599);
    assert.equal(forEver.asked.length, requests, least);
  }
});

test("a 481 to a refresh makes a new dialog within a second", () => {
  const bench = new Bench().use();
  bench.registrars[0]?.restart();
  bench.runTo(3538);
  // Its nonces are gone as well, so each of both is asked to prove itself.
  assert.deepEqual(bench.asked.slice(2), ["3536 0 3600 signed", "3536 0 3600 signed", "3537 0 3600 signed"]);
  assert.notEqual(first(bench.request(-1), "call-id"), first(bench.request(0), "call-id"));
  assert.deepEqual(bench.answered, [200, 200]);
});

test("nobody answers: repeats by RFC 3261 §17.1.2.2, then a growing wait", () => {
  const bench = new Bench();
  bench.serve[0] = () => undefined;
  const times = (): number[] => bench.asked.map((line) => Number(line.split(" ")[0]));
  bench.use().runTo(61);
  assert.deepEqual(times(), [0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]);
  bench.runTo(62); // 32 + half of 60
  assert.equal(times().at(-1), 62);
  bench.runTo(154); // 62 + 32 + half of 120
  assert.equal(times().at(-1), 154);
});

test("a 503 is asked again when it says, and not sooner", () => {
  const bench = new Bench();
  bench.serve[0] = says(503, "Retry-After: 100");
  bench.use().runTo(99);
  assert.equal(bench.asked.length, 1);
  assert.equal(bench.runTo(100).asked.length, 2);
});

test("a refresh that fails leaves what is granted until its end", () => {
  const bench = new Bench().bind().use().runTo(3535);
  bench.serve[0] = says(500);
  bench.runTo(3590).remove("rejected");
  assert.deepEqual(bench.lost, ["3590 6000 rejected"]);
});

test("a grant that no NOTIFY follows in 32 s has failed", () => {
  const bench = new Bench();
  bench.serve[0] = says(200, "Expires: 3600");
  bench.use().runTo(61);
  assert.equal(bench.asked.length, 1);
  bench.runTo(62); // 32 + half of 60
  assert.equal(bench.asked.length, 2);
  assert.notEqual(first(bench.request(1), "call-id"), first(bench.request(0), "call-id"));
});

test("the contact is where the server sees us", () => {
  const bench = new Bench();
  const script = [says(401, 'WWW-Authenticate: Digest realm="r", nonce="n"'), says(200)];
  const seen = (bytes: Uint8Array): Uint8Array =>
    new TextEncoder().encode(
      new TextDecoder()
        .decode(bytes)
        .replace("rport=5060", "rport=40001")
        .replace("received=192.0.2.100", "received=198.51.100.7"),
    );
  bench.serve[0] = (request) => script.shift()?.(request, bench)?.map(seen);
  bench.use();
  assert.equal(first(bench.request(1), "contact"), "<sip:6000@198.51.100.7:40001>");
});

test("after a move the old one is ended where its server lives", () => {
  const bench = new Bench().use(1).use(0);
  assert.deepEqual(bench.asked.slice(2), ["0 1 0 signed", "0 0 3600 bare", "0 0 3600 signed"]);
  assert.deepEqual(bench.answered, [200, 200, 200], "the last NOTIFY of the old one is answered too");
  assert.equal(bench.runTo(3000).asked.length, 5);
});

test("a dead server is left without a word", () => {
  const bench = new Bench().use(0).use(1, false);
  assert.deepEqual(bench.asked.slice(2), ["0 1 3600 bare", "0 1 3600 signed"]);
});

test("a line that comes back into service asks whether the server still knows", () => {
  const bench = new Bench().use().runTo(100);
  bench.registrars[0]?.restart();
  bench.comeBack().runTo(102);
  assert.notEqual(first(bench.request(-1), "call-id"), first(bench.request(0), "call-id"));
  assert.deepEqual(bench.answered, [200, 200]);
});

test("a refused server stays refused while the line goes to and fro", () => {
  const bench = new Bench();
  bench.serve[0] = says(489);
  bench.use(0).runTo(10).use(1).runTo(20).use(0).runTo(30);
  assert.deepEqual(
    bench.asked.filter((line) => line.split(" ")[1] === "0"),
    ["0 0 3600 bare"],
  );
});

test("a stop ends every subscription and answers what still comes", () => {
  const bench = new Bench().use();
  bench.stop().runTo(40);
  assert.deepEqual(bench.asked.slice(2), ["0 0 0 signed"]);
  assert.deepEqual(bench.answered, [200, 200]);
  assert.equal(bench.watcher.nextAt, Number.POSITIVE_INFINITY);
});
