// A master of Kamailio is killed and comes back, beside a standby of Kamailio that is steered without a restart. All that
// is asserted stands in the location tables of the two, and that nobody is taken over before the delay of 5 s is over.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HERE } from "../../real/ground.ts";
import { type Params, Phone } from "../../real/phone.ts";
import { QUICK } from "../../real/quick.ts";
import { filesOf } from "../../real/stage.ts";
import { addresses, KamailioPair, passwordOf, STANDBY } from "./pair.ts";

const USERS = ["6000", "6001", "6002", "6003"];
const DELAY_MS = 5_000;
/** A heartbeat: whoever would go astray has gone by then. */
const STAYS_MS = 5_500;

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
    await pair.hold([...USERS, STANDBY], ["_ACTIVE_"]);

    const killedAt = Date.now();
    await pair.master.kill();
    const takenAt = await pair.hold(undefined, USERS);
    const firstAt = pair.firstAt(USERS[0] ?? "", "standby");
    assert.ok(firstAt - killedAt >= DELAY_MS, `bound ${firstAt - killedAt} ms after the kill`);

    await pair.master.start();
    const restartedAt = Date.now();
    const backAt = await pair.hold([...USERS, STANDBY], ["_ACTIVE_"]);
    await pair.stays([...USERS, STANDBY], ["_ACTIVE_"], STAYS_MS);
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
