// A node as phones meet it, packet by packet: whom the account of standbys serves, and what is passed on to the master.
import assert from "node:assert/strict";
import { test } from "node:test";
import { unitLength } from "../../../../host/sip/framing.ts";
import { latin1, readRequest } from "../../../../host/sip/message.ts";
import { PHONE, read, request } from "../phone.ts";
import { Node, STANDBY } from "./node.ts";

const FORGED =
  'Authorization: Digest username="_STANDBY_", realm="pbx.example", nonce="", uri="", response=""';

for (const way of ["udp", "tcp"] as const) {
  test(`the PBX password cannot be tried over ${way}`, () => {
    const master = new Node("master");
    const asked = master.ask(STANDBY, way);
    assert.equal(asked.status, 403);
    assert.match(
      asked.header("Warning")[0] ?? "",
      /"A standby registers over TLS: give it the master's tlsPort"/,
    );
    const forAPhone = master.ask({ user: "6000", more: [FORGED] }, way);
    assert.equal(forAPhone.status, 403, "nor for a phone");
    const standby = new Node("standby", 'divert = "relay"');
    assert.equal(standby.ask({ user: "6000", more: [FORGED] }, way).status, 403, "nor through a standby");
  });
}

test("a standby registers over TLS", () => {
  const master = new Node("master");
  assert.equal(master.prove(STANDBY, "_STANDBY_", "shared", "tls").status, 200);
  assert.equal(master.bound("_STANDBY_").length, 1);
});

test("a wrong PBX password proves nothing", () => {
  const refused = new Node("master").prove(STANDBY, "_STANDBY_", "guessed", "tls");
  assert.equal(refused.status, 401);
});

/** What the standby sends to its master for a phone. */
function relayed(text: string): string {
  const handled = new Node("standby", 'divert = "relay"').handle(new TextEncoder().encode(text));
  assert.ok(handled.kind === "relayed", JSON.stringify(handled));
  assert.equal(unitLength(handled.bytes), handled.bytes.length, "one message, whole, to a stream");
  return latin1(handled.bytes);
}

test("a request is passed on with a Via more and a hop less", () => {
  const text = relayed(latin1(request({ branch: "z9hG4bKphone" })));
  const [start, own, phone, ...rest] = text.split("\r\n");
  assert.equal(start, "REGISTER sip:pbx.example SIP/2.0");
  assert.match(own ?? "", /^Via: SIP\/2.0\/TLS 192.0.2.2;branch=z9hG4bK\S+$/);
  assert.match(phone ?? "", /^via: .*;rport=5060;branch=z9hG4bKphone;received=192.0.2.9$/i);
  assert.ok(rest.some((line) => /^Max-Forwards: 69$/i.test(line)));
});

const WILD: readonly (readonly [string, (text: string) => string])[] = [
  ["ends its lines with LF only", (text) => text.replaceAll("\r\n", "\n")],
  ["says no length", (text) => text.replace("Content-Length: 0\r\n", "")],
  ["says less than it is", (text) => `${text}REGISTER sip:smuggled SIP/2.0\r\nVia: SIP/2.0/UDP x\r\n\r\n`],
  ["says more than it is", (text) => text.replace("Content-Length: 0", "Content-Length: 99")],
  ["says two lengths", (text) => text.replace("Content-Length: 0", "l: 0\r\nContent-Length: 99")],
  ["folds its lines", (text) => text.replace("Via: SIP/2.0/UDP ", "Via: SIP/2.0/UDP\r\n ")],
];
for (const [what, change] of WILD) {
  test(`a phone that ${what} does not disturb the stream to the master`, () => {
    const text = relayed(change(latin1(request())));
    assert.doesNotMatch(text, /smuggled/);
    const passed = readRequest(new TextEncoder().encode(text));
    assert.match(passed?.headers[1]?.value ?? "", /192\.0\.2\.9:5060/);
  });
}

test("a request that says no hops gets 70 of them, one with none left goes nowhere", () => {
  const without = latin1(request()).replace("Max-Forwards: 70\r\n", "");
  assert.match(relayed(without), /\r\nMax-Forwards: 70\r\n/i);
  const standby = new Node("standby", 'divert = "relay"');
  for (const hops of ["0", "00", "-1"]) {
    const handled = standby.handle(
      new TextEncoder().encode(latin1(request()).replace("Max-Forwards: 70", `Max-Forwards: ${hops}`)),
    );
    assert.ok(handled.kind === "answered", hops);
    assert.equal(read(handled.replies[0]?.bytes).status, 483);
  }
});

test("what is longer than the stream to the master takes is refused, and ends no connection", () => {
  const standby = new Node("standby", 'divert = "relay"');
  const asked = standby.ask({ more: [`Subject: ${"x".repeat(1700)}`] });
  assert.equal(asked.status, 513);
  const bytes = new TextEncoder().encode(latin1(request()).replace("REGISTER", "\u0001REGISTER"));
  const odd = standby.handle(bytes);
  assert.equal(odd.kind, "answered", "no stream takes a method of that kind");
});

test("a repeat is the same request to the master, another phone's is not", () => {
  const standby = new Node("standby", 'divert = "relay"');
  const branchOf = (branch: string, from = PHONE): string => {
    const handled = standby.server.handle(request({ branch }), from, "udp", 1000);
    assert.ok(handled.kind === "relayed");
    return handled.branch;
  };
  assert.equal(branchOf("z9hG4bKa"), branchOf("z9hG4bKa"));
  assert.notEqual(branchOf("z9hG4bKa"), branchOf("z9hG4bKb"));
  assert.notEqual(branchOf("z9hG4bKa"), branchOf("z9hG4bKa", { ...PHONE, port: 5099 }));
});

test("every phone of a user is handed back, but for those that have spoken here themselves", () => {
  const master = new Node("master");
  const desk = "<sip:6000@192.0.2.20:5060>";
  const mobile = "<sip:6000@192.0.2.21:5060>";
  const spoken = "<sip:6000@192.0.2.22:5060;transport=tcp>";
  assert.equal(master.prove({ contacts: [spoken], expires: 60 }, "6000", "secret").status, 200);
  for (const contact of [desk, mobile, "<sip:6000@192.0.2.22:4000;transport=tcp>"])
    assert.equal(master.handBack("6000", contact, contact).status, 200);
  assert.deepEqual(master.bound("6000"), [spoken, desk, mobile]);
});
