// A phone that nobody here wrote, baresip of Debian, beside lines of ours: both ways lead to the pair, requests are passed
// on while the master lives, and each phone is where the location tables say.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PATIENCE_MS } from "../../host/until.ts";
import { HERE } from "../../real/ground.ts";
import { Phone } from "../../real/phone.ts";
import { QUICK } from "../../real/quick.ts";
import { filesOf } from "../../real/stage.ts";
import { Baresip } from "./baresip.ts";
import { REALM } from "./node.ts";
import { addresses, KamailioPair, passwordOf, STANDBY } from "./pair.ts";

const OURS = ["6000", "6001"];
const THEIRS = "6100";
const ALL = [...OURS, THEIRS];
/** It refreshes each flow 13.5 s after the last time: late enough for a takeover of 5 s after a kill. */
const LEASE_SECONDS = 15;

test("baresip and lines of ours over a killed master: all at the standby, then all back, none lost", async (context) => {
  const at = addresses();
  const plan = { users: ALL, divert: "relay", leaseSeconds: 60 } as const;
  const pair = await KamailioPair.open(context, plan, at);
  const files = filesOf("pair", "kamailio relay");
  const lines = OURS.map((user) => ({ user, password: passwordOf(user) }));
  const phone = new Phone({ params: QUICK, lines, servers: [at(0), at(1)] }, files, HERE);
  context.after(() => phone.kill());
  phone.start();
  await pair.hold([...OURS, STANDBY], ["_ACTIVE_"]);
  const baresip = new Baresip({
    user: THEIRS,
    password: passwordOf(THEIRS),
    realm: REALM,
    address: at(2).address,
    proxies: [at(0), at(1)],
    leaseSeconds: LEASE_SECONDS,
    log: `${files}.baresip`,
  });
  context.after(() => baresip.kill());
  await pair.hold([...ALL, STANDBY], ["_ACTIVE_"]);
  // One flow comes straight, one by the standby.
  const flows = async () => (await pair.master.table()).filter(({ aor }) => aor === THEIRS).length;
  for (const until = Date.now() + PATIENCE_MS; (await flows()) !== 2; await sleep(100)) {
    assert.ok(Date.now() < until, pair.story());
  }

  const killedAt = Date.now();
  await pair.master.kill();
  const takenAt = await pair.hold(undefined, ALL);

  await pair.master.start();
  const restartedAt = Date.now();
  const backAt = await pair.hold([...ALL, STANDBY], ["_ACTIVE_"]);
  context.diagnostic(`at the standby after ${takenAt - killedAt} ms, back after ${backAt - restartedAt} ms`);
  assert.equal(await phone.stop(), 0);
});
