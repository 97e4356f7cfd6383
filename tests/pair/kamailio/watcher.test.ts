// The program beside a Kamailio dies, or the Kamailio does, while the other goes on; and what it says of itself.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PATIENCE_MS } from "../../host/until.ts";
import { ask } from "./ask.ts";
import { addresses, KamailioPair, STANDBY } from "./pair.ts";

const DELAY_MS = 5_000;

async function open(context: TestContext): Promise<KamailioPair> {
  const plan = { users: ["6000"], divert: "redirect", leaseSeconds: 60 } as const;
  const pair = await KamailioPair.open(context, plan, addresses());
  await pair.hold([STANDBY], ["_ACTIVE_"]);
  return pair;
}

/** Asks until the standby answers a REGISTER with this status. */
async function untilAnswered(pair: KamailioPair, status: number): Promise<void> {
  const from = Date.now();
  for (let answered = 0; answered !== status; ) {
    assert.ok(Date.now() - from < PATIENCE_MS, `${answered} and never ${status}\n${pair.story()}`);
    answered = (await ask("REGISTER", pair.standby.endpoint)).status;
    if (answered !== status) await sleep(50);
  }
}

test("a watcher that is killed is a lost master to its Kamailio; one that starts again finds it as it is", async (context) => {
  const pair = await open(context);
  await pair.killWatcher();
  // What was said last still counts: it lasts for takeoverDelay, and was renewed each second.
  const overAt = await pair.standby.orderedUntil();
  assert.ok(overAt <= Date.now() + DELAY_MS, `ordered until ${overAt}`);
  const wasDiverted = (await ask("REGISTER", pair.standby.endpoint)).status === 302;
  assert.ok(wasDiverted || Date.now() > overAt, "served too early");
  await untilAnswered(pair, 401);
  assert.ok(Date.now() > overAt, "served too early");

  await pair.master.kill();
  pair.watch();
  const until = Date.now() + 2 * DELAY_MS;
  while (Date.now() < until || pair.told("role").at(-1)?.to !== "ACTIVE") {
    assert.equal((await ask("REGISTER", pair.standby.endpoint)).status, 401, "it had served before");
    assert.ok(Date.now() < until + PATIENCE_MS, pair.story());
    await sleep(100);
  }

  await pair.master.start();
  await untilAnswered(pair, 302);
  await pair.hold([STANDBY], ["_ACTIVE_"]);
  assert.equal(await pair.stopWatcher(), 0);
  assert.deepEqual(await pair.master.users(), [], "it took its registration away");
});

test("a Kamailio that was killed is told what it has to know after its start", async (context) => {
  const pair = await open(context);
  assert.equal((await pair.page("/ready")).code, 200);
  await pair.standby.kill();
  for (const from = Date.now(); (await pair.page("/ready")).code !== 503; await sleep(100)) {
    assert.ok(Date.now() - from < PATIENCE_MS, pair.story());
  }
  const { code, body } = await pair.page("/health");
  assert.equal(code, 503);
  assert.match(body, /registrar: Kamailio does not answer at http/);
  assert.equal(
    JSON.parse((await pair.page("/status")).body).role,
    "STANDBY",
    "the master is there all the same",
  );

  await pair.standby.start();
  await untilAnswered(pair, 302); // of itself it would ask to wait, and then serve
  for (const from = Date.now(); (await pair.page("/ready")).code !== 200; await sleep(100)) {
    assert.ok(Date.now() - from < PATIENCE_MS, pair.story());
  }
  assert.match((await pair.page("/metrics")).body, /role\{role="STANDBY",node="second"\} 1/);
});

test("a master that refuses the PBX password is named as that, and is no master to the standby", async (context) => {
  const plan = { users: ["6000"], divert: "redirect", leaseSeconds: 60, pbxPassword: "wrong" } as const;
  const pair = await KamailioPair.open(context, plan, addresses());
  await untilAnswered(pair, 401);
  const [change] = pair.told("role");
  assert.equal(change?.to, "ACTIVE");
  assert.match(
    change?.text ?? "",
    /for \d+(\.\d+)? s: the master does not accept the PBX password: make pbxPasswordFile/,
  );
  assert.deepEqual(await pair.master.users(), []);
  assert.doesNotMatch(pair.story(), /wrong/, "the password is never shown");
});
