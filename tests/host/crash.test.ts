// What a crash leaves at a registrar, and what the next run of the phone does about it.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Phone } from "../../host/index.ts";
import { temporaryFolder } from "./folder.ts";
import { openPair, PASSWORD, type Pair } from "./pair.ts";
import { PATIENCE_MS, until } from "./until.ts";

/** Runs a phone until it is in service; `close` leaves its bindings behind, as a crash does. */
async function run(t: TestContext, pair: Pair, stateFile?: string, ...params: string[]): Promise<Phone> {
  const config = pair.config(...params);
  const phone = new Phone(config, stateFile === undefined ? {} : { stateFile });
  t.after(() => phone.close());
  await phone.start();
  assert.equal(await phone.whenInService(PATIENCE_MS), true);
  return phone;
}

/** The ports under which the primary has us. */
function ports(pair: Pair): number[] {
  return pair.primary.bindings().map(({ contact }) => Number(/@[^:]+:(\d+)/.exec(contact)?.[1]));
}

/** How many REGISTERs the primary got while this went on. */
async function asked(pair: Pair, act: () => Promise<unknown>): Promise<number> {
  const count = () =>
    pair.sights.primary.filter((it) => it.kind === "packet" && it.startLine.startsWith("REGISTER")).length;
  const before = count();
  await act();
  await sleep(100);
  return count() - before;
}

function statePath(): string {
  return join(temporaryFolder(), "state.json");
}

test("without a state file a crash leaves a second binding", async (t) => {
  const pair = await openPair(t);
  (await run(t, pair)).close();
  const { localPort } = await run(t, pair);
  await sleep(100);
  assert.equal(ports(pair).length, 2);
  assert.ok(ports(pair).includes(localPort));
});

test("with one the binding of the crashed run is removed at once, for every line", async (t) => {
  const pair = await openPair(t, ["6000", "6001"]);
  const state = statePath();
  (await run(t, pair, state)).close();
  for (let crash = 0; crash < 2; crash++) {
    const phone = await run(t, pair, state);
    await until(() => ports(pair).length === 2);
    assert.deepEqual(ports(pair), [phone.localPort, phone.localPort]);
    phone.close();
  }
});

test("the same port again costs no removal", async (t) => {
  const pair = await openPair(t);
  const state = statePath();
  const first = await run(t, pair, state);
  first.close();
  const again = ["randomPort=off", `localPort=${first.localPort}`];
  assert.equal(await asked(pair, () => run(t, pair, state, ...again)), 2, "bare, and with credentials");
  assert.deepEqual(ports(pair), [first.localPort]);
});

test("a stop leaves nothing to be remembered, and no second run removes anything", async (t) => {
  const pair = await openPair(t);
  const state = statePath();
  await (await run(t, pair, state)).stop();
  assert.deepEqual(JSON.parse(readFileSync(state, "utf8")).contacts, {});
  assert.equal(await asked(pair, () => run(t, pair, state)), 2, "bare, and with credentials");
});

test("removeLastRegistration off leaves the old binding alone", async (t) => {
  const pair = await openPair(t);
  const state = statePath();
  (await run(t, pair, state, "removeLastRegistration=off")).close();
  await run(t, pair, state, "removeLastRegistration=off");
  await sleep(100);
  assert.equal(ports(pair).length, 2);
});

test("the file holds no password and no line", async (t) => {
  const pair = await openPair(t);
  const state = statePath();
  await run(t, pair, state);
  const text = readFileSync(state, "utf8");
  assert.doesNotMatch(text, new RegExp(`${PASSWORD}|6000`));
});

test("a file of somebody else is told and left as it is, and the phone starts", async (t) => {
  const pair = await openPair(t);
  const state = statePath();
  writeFileSync(state, "precious");
  const phone = new Phone(pair.config(), { stateFile: state });
  t.after(() => phone.close());
  const notices: string[] = [];
  phone.on("notice", (text) => notices.push(text));
  await phone.start();
  assert.equal(await phone.whenInService(PATIENCE_MS), true);
  assert.deepEqual(notices, [
    `${state}: it is no state of standfast; the phone starts without it and leaves it as it is`,
  ]);
  assert.equal(readFileSync(state, "utf8"), "precious");
});

test("a file that cannot be written is told once, and the phone goes on", async (t) => {
  const pair = await openPair(t);
  const phone = new Phone(pair.config(), { stateFile: join(temporaryFolder(), "nowhere", "state.json") });
  t.after(() => phone.close());
  const notices: string[] = [];
  phone.on("notice", (text) => notices.push(text));
  await phone.start();
  assert.equal(await phone.whenInService(PATIENCE_MS), true);
  await until(() => notices.length > 0);
  await phone.stop(); // which is to be remembered too
  assert.equal(notices.length, 1);
  assert.match(notices[0] ?? "", /it cannot be written: ENOENT.*a refused password$/);
});
