// A registrar takes a binding away, as an administrator or a fault does: who watches the own registration (RFC 3680)
// registers again at once, who does not stays away until the refresh.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Kamailio } from "../../real/kamailio.ts";
import type { Datagram } from "../../real/pcap.ts";
import { bindingsLeft, boot, farewell, ONE_LINE, QUICK } from "../../real/quick.ts";
import { EARLY_MS, SLACK_MS } from "../../real/stage.ts";
import type { Bench } from "../bench.ts";
import type { Run } from "../run.ts";

const FAULT = "the binding removed at the primary";
/** `registerSpacing`: no REGISTER follows the one before sooner. */
const SPACING_MS = 1_000;

/** The next refresh is five minutes away. */
export const watched: Run = {
  plan: {
    name: "binding removed, watched",
    params: { ...QUICK, registerRefreshInterval: 600, registerSubscription: true },
    lines: ONE_LINE,
    primary: { withRegEvent: true },
  },
  play: async (bench) => {
    const { primary } = bench;
    await boot(bench);
    await notified(bench, 'event="created"');
    await sleep(SPACING_MS);
    const { removedAt, backAt } = await removed(bench);
    const toldAt = await notified(bench, 'event="unregistered"');
    const [register] = bench.requests(primary, "REGISTER", removedAt);
    const tookMs = (register?.atMs ?? 0) - toldAt;
    if (bench.capture !== undefined) assert.ok(tookMs >= 0 && tookMs < SLACK_MS, `${tookMs} ms from NOTIFY`);
    const left = await bindingsLeft(bench);
    assert.deepEqual(left, { primary: 1, backup: 0 });
    await farewell(bench);
    await bench.emptyAt(primary);
    return {
      run: bench.plan.name,
      fault: FAULT,
      backMs: backAt - removedAt,
      left,
      found: bench.seen(`REGISTER ${Math.ceil(tookMs)} ms after the NOTIFY; refresh in 300 s`),
    };
  },
};

/** Half of 12 s. */
const REFRESH_MS = 6_000;

export const unwatched: Run = {
  plan: {
    name: "binding removed, not watched",
    params: QUICK,
    lines: ONE_LINE,
    primary: { withRegEvent: true },
  },
  play: async (bench) => {
    const { primary } = bench;
    await boot(bench);
    await bench.capture?.settle();
    const grantedAt = bench.requests(primary, "REGISTER").at(-1)?.atMs;
    const { removedAt, backAt } = await removed(bench);
    await bench.capture?.settle();
    const [register] = bench.requests(primary, "REGISTER", removedAt);
    if (register && grantedAt) {
      const tookMs = register.atMs - grantedAt;
      assert.ok(tookMs >= REFRESH_MS - EARLY_MS, `registered again after ${tookMs} ms`);
    }
    assert.equal(bench.requests(primary, "SUBSCRIBE").length, 0);
    const left = await bindingsLeft(bench);
    assert.deepEqual(left, { primary: 1, backup: 0 });
    await farewell(bench);
    return {
      run: bench.plan.name,
      fault: FAULT,
      backMs: backAt - removedAt,
      backPromiseMs: REFRESH_MS,
      left,
      found: bench.seen("seen by the refresh"),
    };
  },
};

/** Takes the bindings away and waits until they are there again. */
async function removed(bench: Bench): Promise<{ removedAt: number; backAt: number }> {
  const primary = bench.primary as Kamailio;
  const stale = await primary.table();
  const removedAt = Date.now();
  for (const { user } of bench.plan.lines) await primary.forget(user);
  return { removedAt, backAt: await bench.boundAt(primary, SLACK_MS, stale) };
}

/** When the primary first said `what` to the phone; 0 without a capture. */
async function notified(bench: Bench, what: string): Promise<number> {
  const says = ({ payload }: Datagram) => /^NOTIFY sip:6001@/.test(`${payload}`) && payload.includes(what);
  const told = await bench.capture?.packets.until(says, SLACK_MS, `a NOTIFY with ${what}`);
  return told?.atMs ?? 0;
}
