// A bad network that is no fault of a server: packets are lost, answers are late, a connection breaks once.
// The line is served all the while. Below: town.ts, real/. Above: weather.test.ts.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { FROZEN, thereAndBack } from "../real/outage.ts";
import { bindingsLeft, boot, farewell, heartbeatAnswered } from "../real/quick.ts";
import type { Row } from "../real/row.ts";
import { SLACK_MS } from "../real/stage.ts";
import { RESET_ONCE } from "./faults.ts";
import { PRIMARY, type Town } from "./town.ts";

const LOOK_EVERY_MS = 500;
const LOSS_MS = 25_000;

/** Three packets of ten each way, always the same three, so that no run is luckier than another. */
const LOSS = ["daddr", "saddr"].map((side) => `ip ${side} ${PRIMARY} numgen inc mod 10 { 1, 4, 8 } drop`);

/** Time for four sendings, and three misses that are forgiven. */
export const LOSSY_PARAMS = { registerTimeout: 4_000, optionsTimeout: 4_000, maxDetectFailCount: 3 };

/** At each look one of the two holds a binding, and after it the line is where it belongs. */
export async function lossy(town: Town): Promise<Row> {
  const { primary, backup, plan } = town;
  const promise = await town.promises();
  await boot(town);
  await heartbeatAnswered(town);
  await town.router.strike(...LOSS);
  let moved = 0;
  for (const until = Date.now() + LOSS_MS; Date.now() < until; await sleep(LOOK_EVERY_MS)) {
    const [here, there] = [await primary.table(), await backup.table()];
    // It may have moved back between the two looks.
    const isBound = here.length + there.length > 0 || (await primary.table()).length > 0;
    assert.ok(isBound, "no server had a binding");
    moved += there.length;
  }
  await town.router.heal();
  const healedAt = Date.now();
  const backAt = await town.emptyAt(backup, promise.returnMs + SLACK_MS);
  await town.boundAt(primary, SLACK_MS);
  await farewell(town);
  return {
    run: plan.name,
    fault: "three packets of ten lost, each way",
    backMs: backAt - healedAt,
    backPromiseMs: promise.returnMs,
    left: { primary: 1, backup: 0 },
    found: moved === 0 ? "nobody moved" : "moved, and never without a binding",
  };
}

/** The next thing said on the connection is a heartbeat, at most this late. */
const HEARTBEAT_MS = 5_000;
const SPACING_MS = 1_000;

const PUBLIC = "@198.51.100.1:";

/** The line registers over another connection, and nobody moves. */
export async function resetOnce(town: Town): Promise<Row> {
  const { primary, backup, plan } = town;
  await boot(town);
  const before = await primary.table();
  const struckAt = Date.now();
  await town.router.strike(RESET_ONCE);
  const promisedMs = HEARTBEAT_MS + SPACING_MS;
  const isOther = (contact: string) => before.every((binding) => binding.contact !== contact);
  const backAt = await town.tableShows(
    primary,
    (table) =>
      table.length === 1 && table.every(({ contact }) => isOther(contact) && contact.includes(PUBLIC)),
    promisedMs + SLACK_MS,
    "one contact, public and of another connection",
  );
  const tookMs = backAt - struckAt;
  assert.deepEqual(await backup.table(), [], "nobody had a reason to move");
  const left = await bindingsLeft(town);
  await farewell(town);
  const fault = "connection reset once";
  return { run: plan.name, fault, backMs: tookMs, backPromiseMs: promisedMs, left, found: "nobody moved" };
}

const DELAY_MS = 200;

/** A frozen primary behind a slow way: three round trips more to be back. RTT in host/lint. */
export async function slow(town: Town): Promise<Row> {
  await town.router.slowDown(PRIMARY, town.primary.endpoint.port, DELAY_MS);
  const row = await thereAndBack(town, { ...FROZEN, rttMs: 2 * DELAY_MS });
  return { ...row, fault: `${row.fault}, ${DELAY_MS} ms each way` };
}
