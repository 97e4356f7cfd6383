// A phone that is killed goes on from its snapshot: the same Contact, one REGISTER, one binding, calls counted on.
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Phone, type PhoneEvent, type PhoneOptions } from "../../host/index.ts";
import { temporaryFolder } from "./folder.ts";
import { openPair, PASSWORD, type Pair } from "./pair.ts";
import { Program, tomlFor } from "./program.ts";
import { PATIENCE_MS, until } from "./until.ts";

/** Nothing but what a test asks for. */
const QUIET = "primaryDetectInterval=0";

function registers(pair: Pair): number {
  return pair.sights.primary.filter((it) => it.kind === "packet" && it.startLine.startsWith("REGISTER"))
    .length;
}

function contacts(pair: Pair): string[] {
  return pair.primary.bindings().map(({ contact }) => contact);
}

async function run(
  t: TestContext,
  pair: Pair,
  options: PhoneOptions,
): Promise<{ phone: Phone; events: PhoneEvent[]; notices: string[] }> {
  const phone = new Phone(pair.config(QUIET), options);
  const [events, notices] = [[] as PhoneEvent[], [] as string[]];
  phone.on("event", (event) => events.push(event));
  phone.on("notice", (text) => notices.push(text));
  t.after(() => phone.close());
  await phone.start();
  assert.equal(await phone.whenInService(PATIENCE_MS), true);
  return { phone, events, notices };
}

test("a phone goes on from the bytes that another one gave", async (t) => {
  const pair = await openPair(t, ["6000", "6001"]);
  const first = await run(t, pair, {});
  first.phone.moveTo("primary", "6001");
  first.phone.callBegin("6000");
  const snapshot = first.phone.snapshot();
  assert.ok(snapshot);
  assert.ok(!Buffer.from(snapshot).includes(PASSWORD));
  const { localPort } = first.phone;
  first.phone.close();
  const before = [registers(pair), contacts(pair)] as const;
  const { phone, events, notices } = await run(t, pair, { snapshot });
  await sleep(100);
  assert.equal(phone.localPort, localPort);
  assert.equal(registers(pair) - before[0], 4, "for each line bare, and with credentials");
  assert.deepEqual(contacts(pair), before[1]);
  assert.deepEqual(
    events.filter(({ line }) => line === "6000").map(({ type, reason }) => `${type} ${reason?.rule}`),
    ["outOfService start", "warningOn start", "inService lease", "warningOff lease", "bound lease"],
  );
  assert.deepEqual(
    phone.lines().map(({ calls, pinned }) => [calls, pinned]),
    [
      [1, undefined],
      [0, "primary"],
    ],
  );
  assert.deepEqual(notices, [
    "6000: the snapshot counts 1 calls; end those that are over, or the line does not go back",
  ]);
  await phone.stop();
  assert.deepEqual(contacts(pair), []);
});

test("with another port the old binding is removed once the new one is made", async (t) => {
  const pair = await openPair(t);
  const first = await run(t, pair, {});
  const snapshot = first.phone.snapshot();
  assert.ok(snapshot);
  const { phone } = await run(t, pair, { snapshot }); // the first one still has its port
  first.phone.close();
  await until(() => contacts(pair).length === 1);
  assert.notEqual(phone.localPort, first.phone.localPort);
  assert.match(contacts(pair).join(), new RegExp(`:${phone.localPort}\\b`));
});

test("what does not fit is told and not used, and the phone starts", async (t) => {
  const pair = await openPair(t);
  const { phone } = await run(t, pair, {});
  const snapshot = phone.snapshot();
  assert.ok(snapshot);
  await phone.stop();
  assert.equal(phone.snapshot(), undefined);
  const other = new Phone(pair.config(QUIET, "registerRefreshInterval=50"), { snapshot });
  t.after(() => other.close());
  const notices: string[] = [];
  other.on("notice", (text) => notices.push(text));
  await other.start();
  assert.equal(await other.whenInService(PATIENCE_MS), true);
  assert.deepEqual(notices, [
    "the snapshot: it belongs to another configuration or another machine; the phone starts without it",
  ]);
});

test("a file that is no snapshot is left as it is, a damaged one begun anew, and a stop leaves none", async (t) => {
  const pair = await openPair(t);
  const snapshotFile = join(temporaryFolder(), "phone.snapshot");
  writeFileSync(snapshotFile, "precious");
  const first = await run(t, pair, { snapshotFile });
  assert.match(first.notices.join(), /it is no snapshot of standfast; .* leaves it as it is$/);
  await first.phone.stop();
  assert.equal(readFileSync(snapshotFile, "utf8"), "precious");
  writeFileSync(snapshotFile, "sfsnap\r\n damaged");
  const second = await run(t, pair, { snapshotFile });
  assert.match(second.notices.join(), /it is cut off: 16 bytes; the phone starts without it$/);
  second.phone.close();
  assert.ok(statSync(snapshotFile).size > 10_000);
  assert.equal(statSync(snapshotFile).mode & 0o777, 0o600);
  const third = await run(t, pair, { snapshotFile });
  assert.deepEqual(third.notices, []);
  await third.phone.stop();
  assert.equal(existsSync(snapshotFile), false);
});

test("a program that is killed goes on: one binding all the time, and as many REGISTERs as a refresh takes", async (t) => {
  const pair = await openPair(t);
  const file = join(temporaryFolder(), "phone.snapshot");
  const args = ["run", "--config", tomlFor(pair), "--param", QUIET, "--json", "--snapshot", file];
  const served = (program: Program) => program.events.some(({ type }) => type === "inService");
  const first = new Program(args);
  await first.until(served);
  await until(() => existsSync(file));
  first.child.kill("SIGKILL");
  await first.end();
  const before = [registers(pair), contacts(pair)] as const;
  assert.equal(before[1].length, 1);
  const second = new Program(args);
  await second.until(served);
  assert.deepEqual(contacts(pair), before[1]);
  assert.equal(registers(pair) - before[0], 2, "bare, and with credentials");
  const types = second.events.map(({ type }) => type);
  assert.ok(types.indexOf("outOfService") < types.indexOf("inService"), types.join());
  second.interrupt();
  assert.equal((await second.end()).code, 0);
  assert.deepEqual(contacts(pair), []);
  assert.equal(existsSync(file), false);
});
