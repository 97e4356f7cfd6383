// A master of Kamailio is killed and comes back, beside a standby of Kamailio that is steered without a restart. All that
// is asserted stands in the location tables of the two; times are those of the rule: delays of 5 s, heartbeats of 5 s.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HERE } from "../../real/ground.ts";
import { type Params, Phone } from "../../real/phone.ts";
import { QUICK } from "../../real/quick.ts";
import { filesOf, SLACK_MS } from "../../real/stage.ts";
import { addresses, KamailioPair, passwordOf, STANDBY } from "./pair.ts";

const USERS = ["6000", "6001", "6002", "6003"];
const DELAY_MS = 5_000;
const HEARTBEAT_MS = 5_000;
/** From the start of programs to the first binding, on a busy machine. */
const BOOT_MS = 30_000;
/** A phone that was asked to wait asks again: the shortest lease is 10 s, its half 5 s, and a refused REGISTER rests 5 s. */
const ASKS_AGAIN_MS = 12_000;

for (const [name, params] of [
  ["phones that stay where they are served until they are sent", { preferPrimary: false }],
  ["phones that go back by themselves", { preferPrimary: true }],
] as const satisfies readonly (readonly [string, Params])[]) {
  test(`the master is killed and comes back, ${name}: all there, all back, none on both`, async (context) => {
    const at = addresses();
    const pair = await KamailioPair.open(context, { users: USERS, divert: "redirect", leaseSeconds: 60 }, at);
    const lines = USERS.map((user) => ({ user, password: passwordOf(user) }));
    const files = filesOf("pair", `kamailio ${name}`);
    const phone = new Phone({ params: { ...QUICK, ...params }, lines, servers: [at(0), at(1)] }, files, HERE);
    context.after(() => phone.kill());
    phone.start();
    await pair.hold([...USERS, STANDBY], ["_ACTIVE_"], BOOT_MS);

    const killedAt = Date.now();
    await pair.master.kill();
    const takenAt = await pair.hold(undefined, USERS, HEARTBEAT_MS + DELAY_MS + ASKS_AGAIN_MS);
    const firstAt = pair.firstAt(USERS[0] ?? "", "standby");
    assert.ok(firstAt - killedAt >= DELAY_MS, `bound ${firstAt - killedAt} ms after the kill`);

    await pair.master.start();
    const restartedAt = Date.now();
    const backAt = await pair.hold(
      [...USERS, STANDBY],
      ["_ACTIVE_"],
      3 * HEARTBEAT_MS + DELAY_MS + ASKS_AGAIN_MS,
    );
    await pair.stays([...USERS, STANDBY], ["_ACTIVE_"], HEARTBEAT_MS + SLACK_MS);
    if (!params.preferPrimary) {
      assert.deepEqual([...pair.handedBack].sort(), USERS, "they were sent, and did not go");
      assert.deepEqual(pair.onBoth(), []);
    }
    context.diagnostic(
      `at the standby after ${takenAt - killedAt} ms, back after ${backAt - restartedAt} ms`,
    );
    assert.equal(await phone.stop(), 0);
  });
}
