// A node and those who guess: passwords, numbers, accounts, and what honest phones notice of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Way } from "../../../../host/pbx/pair/server.ts";
import { PHONE, read, request, type Said } from "../phone.ts";
import { answerTo, Node, STANDBY } from "./node.ts";

const GUESSER = { address: "203.0.113.66", port: 6000 };

/** A node at which somebody has just tried ten passwords. */
function besieged(account = "6000", way: Way = "udp"): Node {
  const node = new Node("master");
  const ask = account === "_STANDBY_" ? STANDBY : { user: account };
  for (let at = 0; at < 10; at++)
    assert.equal(node.prove(ask, account, `guess ${at}`, way, GUESSER).status, 401);
  return node;
}

test("after ten wrong passwords the right one is of no use to the guesser, and counted", () => {
  const node = besieged();
  const said = node.prove({ user: "6000" }, "6000", "secret", "udp", GUESSER);
  assert.equal(said.status, 401);
  assert.doesNotMatch(said.text, /stale/, "as a wrong one is answered");
  assert.equal(node.server.refusals.guesses, 1);
  assert.deepEqual(node.guesses.trying(node.now), { account: "6000", network: GUESSER.address });
  node.now += 1000;
  assert.equal(node.prove({ user: "6000" }, "6000", "secret", "udp", GUESSER).status, 200);
});

test("the phone itself comes in from its own address, and its neighbours from that of the guesser", () => {
  const node = besieged();
  assert.equal(node.prove({ user: "6000" }, "6000", "secret").status, 200);
  assert.equal(node.prove({ user: "6001" }, "6001", "secret", "udp", GUESSER).status, 200);
});

test("the PBX password is guarded as every other", () => {
  const node = besieged("_STANDBY_", "tls");
  assert.equal(node.prove(STANDBY, "_STANDBY_", "shared", "tls", GUESSER).status, 401);
  assert.equal(node.prove(STANDBY, "_STANDBY_", "shared", "tls").status, 200, "the standby itself");
});

test("challenges that are not answered count for nothing", () => {
  const node = new Node("master");
  for (let at = 0; at < 1000; at++) assert.equal(node.ask({ user: "6000" }).status, 401);
  assert.equal(node.prove({ user: "6000" }, "6000", "secret").status, 200);
});

test("nobody is wrong in the name of another: a proof counts for whom its challenge was made", () => {
  const node = new Node("master");
  for (let at = 0; at < 20; at++) {
    const asked = node.ask({ user: "6000" }, "udp", GUESSER);
    const more = [answerTo(asked, "6000", "guess")];
    assert.equal(
      node.ask({ user: "6000", cseq: 2, more }, "udp", PHONE).status,
      401,
      "sent as if by the phone",
    );
  }
  assert.equal(node.prove({ user: "6000" }, "6000", "secret").status, 200);
});

test("a challenge of nobody's is answered with a new one, whatever the proof is worth", () => {
  const node = new Node("master");
  const other = new Node("master");
  for (const password of ["secret", "guess"]) {
    const line = answerTo(other.ask({ user: "6000" }), "6000", password).replace(/nonce="./, 'nonce="f');
    assert.match(node.ask({ user: "6000", cseq: 2, more: [line] }).text, /401[\s\S]*stale=true/);
  }
});

test("what a standby passes on is counted by the phone's own address", () => {
  const node = new Node("master");
  const link = { address: "192.0.2.3", port: 4000 };
  assert.equal(node.prove(STANDBY, "_STANDBY_", "shared", "tls", link).status, 200);
  const through = (received: string, password: string): number => {
    const pass = (cseq: number, more: readonly string[]): Said => {
      const phone = `Via: SIP/2.0/UDP 10.0.0.9;rport=5060;branch=z9hG4bK${cseq}${++sent};received=${received}`;
      const bytes = request({
        user: "6000",
        cseq,
        via: `Via: SIP/2.0/TLS 192.0.2.3;branch=z9hG4bKs${sent}`,
        more: [phone, ...more],
      });
      const handled = node.handle(bytes, "tls", link);
      assert.ok(handled.kind === "answered");
      return read(handled.replies[0]?.bytes);
    };
    return pass(2, [answerTo(pass(1, []), "6000", password)]).status;
  };
  let sent = 0;
  for (let at = 0; at < 10; at++) assert.equal(through("203.0.113.66", "guess"), 401);
  assert.equal(through("203.0.113.66", "secret"), 401);
  assert.equal(through("203.0.113.7", "secret"), 200);
  assert.deepEqual(node.guesses.trying(node.now)?.network, "203.0.113.66");
});

test("twenty numbers that are none are told to one address; then it is asked for a password as everyone", () => {
  const node = new Node("master");
  const status = (user: string, from = GUESSER): number => node.ask({ user }, "udp", from).status;
  for (let at = 0; at < 20; at++) assert.equal(status(`70${at}`), 404);
  assert.equal(status("7020"), 401);
  assert.equal(status("700"), 404, "what was told stays so: that phone asks every minute");
  assert.equal(status("7020", PHONE), 404, "elsewhere a phone hears its mistake");
  assert.equal(node.server.refusals.noObject, 23);
  node.now += 3_600_000;
  assert.equal(status("7020"), 404, "an hour later");
});

test("a number that is none, an account that is none and a wrong password cannot be told apart", () => {
  const node = besieged();
  for (let at = 0; at < 20; at++) node.ask({ user: `70${at}` }, "udp", GUESSER);
  const shape = ({ text }: Said): string => text.replace(/nonce="[^"]*"|branch=\S+|tag=\w+|sip:\d+@/g, "");
  const challenges = ["6001", "7777"].map((user) => shape(node.ask({ user }, "udp", GUESSER)));
  assert.equal(challenges[1], challenges[0]);
  const refusals = [
    node.prove({ user: "6001" }, "6001", "guess", "udp", GUESSER),
    node.prove({ user: "6000" }, "6000", "guess", "udp", GUESSER),
    node.prove({ user: "6001" }, "nobody", "guess", "udp", GUESSER),
    node.prove({ user: "7777" }, "7777", "guess", "udp", GUESSER),
  ].map(shape);
  assert.deepEqual(new Set(refusals).size, 1);
  assert.match(refusals[0] ?? "", /^SIP\/2\.0 401 /);
});

test("one who has proven an account is told of every number that is none", () => {
  const node = new Node("master");
  for (let at = 0; at < 20; at++) node.ask({ user: `70${at}` });
  assert.equal(node.handBack("7777", "<sip:7777@192.0.2.20>", "a").status, 404, "the standby too");
  const said = node.prove({ user: "7777" }, "6000", "secret");
  assert.equal(said.status, 404);
  assert.match(said.header("Warning")[0] ?? "", /No object 7777 at this PBX/);
});
