// Runs behind a NAT over UDP: what it forgets, how soon, and how often it changes its mind. The word of
// the server's table, of the router's own mappings and of the capture; never the phone's.
// RFC 3581 §4, RFC 4787 §4, DESIGN.md D15. Below: town.ts. Above: nat.test.ts.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { boot, farewell, ONE_LINE, QUICK } from "../real/quick.ts";
import type { SipPacket } from "../real/sip.ts";
import { EARLY_MS, SLACK_MS } from "../real/stage.ts";
import { PRIMARY, type Town, type TownPlan } from "./town.ts";

export type NatRun = { readonly plan: TownPlan; readonly play: (town: Town) => Promise<void> };

/** Of QUICK: half of 12 s. Only answers to REGISTERs are read for our address. */
const REFRESH_MS = 6_000;
/** From start to start of two attempts: `registerSpacing`. */
const SPACING_MS = 1_000;
/** The refresh shows the new address, a REGISTER one spacing later tells it. */
const REBOUND_MS = REFRESH_MS + SPACING_MS;

const SETTLE_SECONDS = 2;

function plan(name: string, params: TownPlan["params"] = {}): TownPlan {
  return {
    name,
    params: { ...QUICK, natSettle: SETTLE_SECONDS, answerOptions: true, ...params },
    lines: ONE_LINE,
  };
}

/** The contact in the table is where the router lets the server in, and a request to it comes in. */
async function isReached(town: Town): Promise<void> {
  await town.contactsAre(town.primary, [await town.publicAddress()], REBOUND_MS + SLACK_MS);
  await town.isReached();
}

/** Registers, waits until the first lesson is settled, and strikes. @returns how long it took to be back */
async function struck(town: Town, strike: () => Promise<void>): Promise<number> {
  await boot(town);
  await isReached(town);
  await sleep(1_000 * SETTLE_SECONDS);
  const [before] = await town.primary.table();
  const struckAt = Date.now();
  await strike();
  await town.isLost(before);
  const backAt = await town.tableShows(
    town.primary,
    (table) => table.length === 1 && table[0]?.contact !== before?.contact,
    REBOUND_MS + SLACK_MS,
    "the new contact alone",
  );
  await isReached(town);
  await town.capture.settle();
  assert.equal(contactsOf(registersSince(town, struckAt)).length, 2, "old and new, and no third");
  assert.equal(town.requests(town.backup, "REGISTER").length, 0, "nobody had a reason to move");
  await farewell(town);
  assert.deepEqual(await town.primary.table(), []);
  return backAt - struckAt;
}

/** The mapping is dropped: the next packet comes from another port. */
export const forgotten: NatRun = {
  plan: plan("forgotten mapping"),
  play: async (town) => {
    await struck(town, () => town.router.forget(PRIMARY));
  },
};

/** Its provider gives the router another address. */
export const renumbered: NatRun = {
  plan: plan("renumbered router"),
  play: async (town) => {
    await struck(town, () => town.router.renumber("primary", "198.51.100.77/24"));
  },
};

/** Shorter than any timer of the phone but its keepalive. */
const NAT_SECONDS = 13;
const QUIET = { primaryDetectInterval: 0, registerRefreshInterval: 600 };
const QUIET_MS = 1_000 * (NAT_SECONDS + 4);

export const unkept: NatRun = {
  plan: plan("no keepalive", { ...QUIET, natKeepalive: 0 }),
  play: async (town) => {
    await town.router.forgetAfter(NAT_SECONDS);
    await boot(town);
    await isReached(town);
    await sleep(QUIET_MS);
    const [binding] = await town.primary.table();
    await town.isLost(binding);
    await farewell(town);
  },
};

/** CRLFCRLF, RFC 5626 §3.5.1. */
const KEEPALIVE = "\r\n\r\n";
const KEEPALIVE_SECONDS = 10;

function keepalivesSince(town: Town, sinceMs: number): number[] {
  return town.capture.packets.items
    .filter(
      ({ atMs, to, payload }) => atMs >= sinceMs && to.address === PRIMARY && `${payload}` === KEEPALIVE,
    )
    .map(({ atMs }) => atMs);
}

/** The same NAT, and a keepalive that is shorter: one in each interval, and none to the backup. */
export const kept: NatRun = {
  plan: plan("keepalive", { ...QUIET, natKeepalive: KEEPALIVE_SECONDS }),
  play: async (town) => {
    await town.router.forgetAfter(NAT_SECONDS);
    await boot(town);
    await isReached(town);
    const since = Date.now();
    await sleep(QUIET_MS);
    await town.isReached();
    await town.capture.settle();
    const keepalives = keepalivesSince(town, 0);
    const [keptAt = 0] = keepalives;
    const said = town.capture.packets.items.filter(({ atMs, to }) => atMs < keptAt && to.address === PRIMARY);
    const silentMs = keptAt - (said.at(-1)?.atMs ?? 0);
    const most = Math.ceil((Date.now() - since) / (1_000 * KEEPALIVE_SECONDS));
    assert.ok(keepalives.length >= 1 && keepalives.length <= most, `${keepalives.length} keepalives`);
    assert.ok(silentMs >= 1_000 * KEEPALIVE_SECONDS - EARLY_MS, `keepalive after ${silentMs} ms`);
    await farewell(town);
  },
};

/** A heartbeat every 5 s says enough. */
export const spoken: NatRun = {
  plan: plan("keepalive not needed", { ...QUIET, primaryDetectInterval: 5, natKeepalive: KEEPALIVE_SECONDS }),
  play: async (town) => {
    await boot(town);
    const since = Date.now();
    await sleep(QUIET_MS);
    await town.capture.settle();
    assert.ok(
      town.requests(town.primary, "OPTIONS", since).length >= 2,
      "no heartbeats: the run proved nothing",
    );
    assert.deepEqual(keepalivesSince(town, since), []);
    await farewell(town);
  },
};

/** The port that the server sees differs from packet to packet. */
const ALTERNATING_MS = 30_000;
const LONG_SETTLE_SECONDS = 10;

export const alternating: NatRun = {
  plan: plan("alternating ports", { natSettle: LONG_SETTLE_SECONDS, localPort: 5062, randomPort: false }),
  play: async (town) => {
    await town.router.alternate(5062);
    await boot(town);
    const since = Date.now();
    await sleep(ALTERNATING_MS);
    while (changesOf(registersSince(town, since)).length < 2) await sleep(100);
    await town.capture.settle();
    const registers = registersSince(town, since);
    const changes = changesOf(registers);
    const gaps = changes.slice(1).map((atMs, index) => atMs - (changes[index] ?? 0));
    assert.ok(
      gaps.every((gapMs) => gapMs >= 1_000 * LONG_SETTLE_SECONDS - SPACING_MS - EARLY_MS),
      `new contacts after ${gaps} ms`,
    );
    // A refresh every 6 s; for each new contact one REGISTER more, and one that removes the old.
    const most = Math.ceil((Date.now() - since) / REFRESH_MS) + 2 * changes.length;
    assert.ok(registers.length <= most, `${registers.length} REGISTER, ${most} at most`);
    await town.tableShows(town.primary, ({ length }) => length === 1, SLACK_MS, "no old contact");
    await farewell(town);
  },
};

function registersSince(town: Town, sinceMs: number): SipPacket[] {
  return town.requests(town.primary, "REGISTER", sinceMs);
}

/** The contacts that were registered or removed, in the order of their first time. */
function contactsOf(registers: readonly SipPacket[]): string[] {
  return [...new Set(registers.map(({ contacts }) => contacts[0]?.uri ?? ""))];
}

/** When a contact was registered that is another one than the last. */
function changesOf(registers: readonly SipPacket[]): number[] {
  const uri = (packet: SipPacket | undefined) => packet?.contacts[0]?.uri;
  return registers
    .filter(({ contacts }) => contacts[0]?.expiresSeconds !== 0)
    .filter((packet, index, all) => index > 0 && uri(packet) !== uri(all[index - 1]))
    .map(({ atMs }) => atMs);
}
