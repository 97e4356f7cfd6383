// A core that traps: the phone tells it, goes on from the state before, and ends when that happens again and again.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { conduct } from "../../host/cli/conduct.ts";
import { Phone, type PhoneEvent } from "../../host/index.ts";
import { trappingAt, trappingAtWord } from "../tools/trapping.ts";
import { openPair } from "./pair.ts";
import { PATIENCE_MS, until } from "./until.ts";

const SHIPPED = new Uint8Array(readFileSync("build/standfast.wasm"));
const POISON = "trap me";
/** Nothing but what a test asks for. */
const QUIET = "primaryDetectInterval=0";

test("after a trap the phone goes on: one REGISTER verifies the binding, none removes it", async (t) => {
  const pair = await openPair(t);
  const phone = new Phone(pair.config(QUIET), { module: trappingAtWord(SHIPPED, POISON) });
  t.after(() => phone.close());
  await phone.start();
  assert.equal(await phone.whenInService(PATIENCE_MS), true);
  phone.callBegin("6000");
  await sleep(1000); // registerSpacing
  const events: PhoneEvent[] = [];
  phone.on("event", (event) => events.push(event));
  const [before, bound] = [pair.sights.primary.length, pair.primary.bindings()];
  const stranger = createSocket("udp4");
  stranger.send(POISON, phone.localPort, "127.0.0.1", () => stranger.close());
  await until(() => events.length > 0);
  assert.equal(await phone.whenInService(PATIENCE_MS), true);
  await sleep(100);
  const types = events.map(({ type }) => type);
  assert.deepEqual(types, ["fault", "outOfService", "warningOn", "inService", "warningOff", "bound"]);
  assert.deepEqual(events[0]?.next, { what: "restart", at: events[0]?.t });
  assert.deepEqual(events[1]?.reason, { rule: "start", resumed: 1 });
  assert.deepEqual(events[3]?.reason?.rule, "lease");
  const since = pair.sights.primary.slice(before).filter((sight) => sight.kind === "packet");
  assert.deepEqual(
    since.map(({ startLine }) => startLine.split(" ")[0]),
    ["REGISTER", "REGISTER"],
    "bare, and with credentials",
  );
  assert.deepEqual(
    pair.primary.bindings().map(({ contact }) => contact),
    bound.map(({ contact }) => contact),
  );
  assert.equal(phone.lines()[0]?.calls, 1);
});

test("a core that traps again and again is given up: the sockets are closed and the program ends with 70", async (t) => {
  const pair = await openPair(t);
  const phone = new Phone(pair.config(QUIET), { module: trappingAt(SHIPPED, "command") });
  t.after(() => phone.close());
  const events: PhoneEvent[] = [];
  phone.on("event", (event) => events.push(event));
  const quiet = { hello: () => {}, event: () => {}, routes: () => {}, notice: () => {}, end: () => {} };
  const run = conduct(phone, quiet);
  assert.equal(await phone.whenInService(PATIENCE_MS), true);
  const { localPort } = phone;
  for (let trap = 0; trap < 4; trap++) phone.refresh();
  await assert.rejects(run, (error: Error & { code: number }) => {
    assert.equal(error.code, 70);
    assert.match(error.message, /the core trapped, which is an error of ours/);
    return true;
  });
  const faults = events.filter(({ type }) => type === "fault");
  assert.deepEqual(
    faults.map(({ next }) => next?.what),
    ["restart", "restart", "restart", undefined],
  );
  assert.match(faults[3]?.text ?? "", /unreachable/);
  phone.refresh();
  assert.deepEqual(phone.lines(), []);
  const next = new Phone(pair.config("randomPort=off", `localPort=${localPort}`));
  t.after(() => next.close());
  await next.start(); // the port is free again
});
