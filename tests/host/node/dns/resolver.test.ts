// Questions over real sockets: several name servers, silence, refusals, TCP, aliases, and guesses.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { resolverOf } from "../../../../host/node/dns/resolver.ts";
import { freePorts } from "../../ports.ts";
import { address, nameServerOn, rcode, TRUNCATED } from "./name-server.ts";

const NAME = "pbx.example.com";
const REFUSED = 5;

// The sockets are real and the time-outs are not: only what a test lets pass of them does.
beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

test("the first name server answers; port and id of each question are new ones", async (t) => {
  const server = await nameServerOn(t, ({ name }) => [address(name, "192.0.2.1")]);
  const ask = resolverOf(() => [server.endpoint]);
  for (let asked = 0; asked < 8; asked += 1) {
    assert.deepEqual(await ask(NAME, "A"), { kind: "found", records: ["192.0.2.1"], ttlSeconds: 300 });
  }
  // Eight draws out of 2^16 and out of some 28,000 ports: two that are equal may be, three are not.
  assert.ok(new Set(server.ids).size >= 6, String(server.ids));
  assert.ok(new Set(server.ports).size >= 6, String(server.ports));
});

test("one that is gone, one that refuses, one that answers: the last is asked first from then on", async (t) => {
  const gone = { address: "127.0.0.1", port: await freePorts() };
  const refusing = await nameServerOn(t, () => [rcode(REFUSED)]);
  const good = await nameServerOn(t, ({ name }) => [address(name, "192.0.2.1")]);
  const ask = resolverOf(() => [gone, refusing.endpoint, good.endpoint]);
  assert.equal((await ask(NAME, "A")).kind, "found");
  assert.equal((await ask(NAME, "A")).kind, "found");
  assert.deepEqual([refusing.asked.length, good.asked.length], [1, 2]);
});

test("when all refuse, each is asked twice and the reason is told", async (t) => {
  const refusing = await nameServerOn(t, () => [rcode(REFUSED)]);
  const answer = await resolverOf(() => [refusing.endpoint])(NAME, "A");
  assert.deepEqual(answer, { kind: "failed", why: "the name server says REFUSED" });
  assert.equal(refusing.asked.length, 2);
});

test("silence is given up after 1 s and 2 s", async (t) => {
  const silent = await nameServerOn(t, () => []);
  let isOver = false;
  const answer = resolverOf(() => [silent.endpoint])(NAME, "A").finally(() => {
    isOver = true;
  });
  const asked = async (times: number): Promise<void> => {
    while (silent.asked.length < times) await new Promise(setImmediate);
  };
  await asked(1);
  mock.timers.tick(999);
  assert.equal(silent.asked.length, 1);
  mock.timers.tick(1);
  await asked(2);
  mock.timers.tick(1999);
  await new Promise(setImmediate);
  assert.equal(isOver, false);
  mock.timers.tick(1);
  assert.deepEqual(await answer, { kind: "failed", why: "the name server 127.0.0.1 does not answer" });
  assert.equal(silent.asked.length, 2);
});

test("without a name server nothing is asked", async () => {
  assert.deepEqual(await resolverOf(() => [])(NAME, "A"), { kind: "failed", why: "there is no name server" });
});

test("an answer that does not fit is asked for over TCP, where it comes in pieces", async (t) => {
  const server = await nameServerOn(t, ({ name }, way) => [
    way === "udp" ? { flags: TRUNCATED } : address(name, "192.0.2.1"),
  ]);
  const answer = await resolverOf(() => [server.endpoint])(NAME, "A");
  assert.deepEqual(answer, { kind: "found", records: ["192.0.2.1"], ttlSeconds: 300 });
  assert.deepEqual(server.asked, [`udp A ${NAME}`, `tcp A ${NAME}`]);
  assert.notEqual(server.ids[0], server.ids[1]);
});

test("a TCP connection that is closed without an answer is a failure", async (t) => {
  const server = await nameServerOn(t, (_, way) => (way === "udp" ? [{ flags: TRUNCATED }] : []));
  const answer = await resolverOf(() => [server.endpoint])(NAME, "A");
  assert.match(answer.kind === "failed" ? answer.why : "", /closed the connection without an answer/);
});

test("answers with another id move nobody: the right one that comes after them counts", async (t) => {
  const server = await nameServerOn(t, ({ name }, _, id) => [
    ...Array.from({ length: 10 }, (_guess, at) => ({
      ...address(name, "192.0.2.66"),
      id: (id + 1 + at) & 0xffff,
    })),
    address(name, "192.0.2.1"),
  ]);
  const answer = await resolverOf(() => [server.endpoint])(NAME, "A");
  assert.deepEqual(answer.kind === "found" && answer.records, ["192.0.2.1"]);
});

test("a shower of guesses ends on TCP, where nobody can guess", async (t) => {
  const server = await nameServerOn(t, ({ name }, way, id) => {
    if (way === "tcp") return [address(name, "192.0.2.1")];
    return Array.from({ length: 50 }, (_guess, at) => ({
      ...address(name, "192.0.2.66"),
      id: (id + 1 + at) & 0xffff,
    }));
  });
  const answer = await resolverOf(() => [server.endpoint])(NAME, "A");
  assert.deepEqual(answer.kind === "found" && answer.records, ["192.0.2.1"]);
});

test("an alias that the message leaves open is asked on, with the shorter time", async (t) => {
  const server = await nameServerOn(t, ({ name }) =>
    name === NAME
      ? [{ answers: [{ type: "CNAME", class: "IN", name, ttl: 20, data: "real.test" }] }]
      : [address(name, "192.0.2.1")],
  );
  const answer = await resolverOf(() => [server.endpoint])(NAME, "A");
  assert.deepEqual(answer, { kind: "found", records: ["192.0.2.1"], ttlSeconds: 20 });
  assert.deepEqual(server.asked, [`udp A ${NAME}`, "udp A real.test"]);
});

test("aliases without an end are left after nine questions", async (t) => {
  const server = await nameServerOn(t, ({ name }) => [
    { answers: [{ type: "CNAME", class: "IN", name, ttl: 20, data: `x.${name}` }] },
  ]);
  const answer = await resolverOf(() => [server.endpoint])(NAME, "A");
  assert.deepEqual(answer, { kind: "failed", why: "its aliases go in a circle" });
  assert.equal(server.asked.length, 9);
});

test("what is no name is not asked for", async (t) => {
  const server = await nameServerOn(t, () => []);
  const answer = await resolverOf(() => [server.endpoint])("a..b", "A");
  assert.equal(answer.kind, "none");
  assert.deepEqual(server.asked, []);
});
