// Messages, moves and wrong passwords in an hour: what the linter says is never exceeded, and how near trouble comes.
//
// A quiet hour is exact. The worst one is a sum of what cannot all happen in one hour, so it is not reached:
// build/bounds.md has the ratio.

import assert from "node:assert/strict";
import { test } from "node:test";
import { wrongPer600s } from "../../host/lint/ban.ts";
import { lineCoolMoves, movesPerHour } from "../../host/lint/flapping.ts";
import { perHourQuiet, perHourWorst } from "../../host/lint/traffic.ts";
import { packetText } from "../../host/sim/trace.ts";
import type { World } from "../../host/sim/world.ts";
import { OPTIMAL } from "../sim/fixture.ts";
import { flap } from "./flap.ts";
import { HOUR_MS, mostWithin, movesOf, requestsOf, TROUBLE_MS, TROUBLES } from "./hours.ts";
import { play } from "./probe.ts";
import { report } from "./report.ts";
import { drawSetup, RTT_MS, SETUPS, type Setup, settingsOf } from "./setups.ts";

const rows = report("hours");

const QUIET: readonly Setup[] = [
  ...SETUPS,
  { name: "backups watched", params: { ...OPTIMAL, backupDetectInterval: 60 }, servers: 3 },
  { name: "full registration", params: { ...OPTIMAL, fullRegistration: true } },
  ...[101, 102, 103, 104, 105, 106].map(drawSetup),
];

/** Those whose nonce had become too old: with fullRegistration each REGISTER is asked for one. */
function challenges({ packets }: World): number[] {
  return packets
    .filter(({ from, bytes }) => from === "server" && /^401/.test(packetText(bytes)))
    .map(({ at }) => at);
}

test("a quiet hour has as many requests as promised, to within one of each kind", () => {
  for (const setup of QUIET) {
    const settings = settingsOf(setup);
    const { servers = 2, grants } = setup;
    if (grants !== undefined) continue; // hours in which servers grant what is asked
    const lines = (setup.servers ?? 2) > 2 ? 3 : 1;
    const promised = perHourQuiet(settings, servers, lines);
    const world = play(setup, 1, [], lines).runTo(2 * HOUR_MS);
    const inHour = (moments: readonly number[]): number => moments.filter((at) => at > HOUR_MS).length;
    const again = settings.fullRegistration ? 0 : inHour(challenges(world));
    const seen = (inHour(requestsOf(world)) - again) / lines;
    const told = `${setup.name}, ${lines} lines: ${promised} promised, ${seen} seen`;
    assert.ok(Math.abs(seen - promised) <= 1 + servers / lines, told);
  }
});

const WORST: readonly Setup[] = [
  { name: "optimal settings", params: OPTIMAL },
  { name: "defaults of the phone", params: {} },
  {
    name: "no heartbeats, refresh 20",
    params: { ...OPTIMAL, primaryDetectInterval: 0, registerRefreshInterval: 20 },
  },
  { name: "sipOptions 3", params: { ...OPTIMAL, sipOptions: true, sipOptionsInterval: 3 } },
  { name: "heartbeats 10, three servers", params: { ...OPTIMAL, primaryDetectInterval: 10 }, servers: 3 },
  { name: "retry after 3 s", params: { ...OPTIMAL, primaryDetectInterval: 20, detectRetryInterval: 3 } },
  { name: "retryBase 1", params: { ...OPTIMAL, retryBase: 1, retryMax: 1 } },
];

const SEEDS = [1, 2];

for (const setup of WORST) {
  test(`${setup.name}: no trouble makes more requests in an hour than the worst`, () => {
    const { servers = 2 } = setup;
    const promised = perHourWorst(settingsOf(setup), servers);
    const seen = Object.entries(TROUBLES).flatMap(([name, trouble]) =>
      (name === "as chance wills" ? SEEDS : [1]).map((seed) => {
        const world = play(setup, seed, trouble(setup, seed)).runTo(TROUBLE_MS);
        return { count: mostWithin(requestsOf(world), HOUR_MS), name: `${name}, seed ${seed}` };
      }),
    );
    const worst = seen.reduce((a, b) => (b.count > a.count ? b : a));
    const where = `${worst.name}: ${Math.round((100 * worst.count) / promised)} %`;
    rows.push({
      promise: "perHourWorst",
      setup: setup.name,
      promised: `${promised}`,
      seen: `${worst.count}`,
      where,
    });
    assert.ok(worst.count <= promised, `${promised} promised, ${worst.count} seen: ${worst.name}`);
    assert.ok(worst.count > perHourQuiet(settingsOf(setup), servers), "trouble is worse than quiet");
  });
}

const QUICK = { ...OPTIMAL, primaryDetectInterval: 5, maxDetectFailCount: 0 };
for (const [name, params, least] of [
  // The refresh finds it dead between two heartbeats, so it is there and back with each.
  ["undamped", { ...OPTIMAL, flapDamping: false }, 80],
  // Damped, the formula takes one heartbeat for there and back, and the phone needs two.
  ["optimal settings", OPTIMAL, 24],
  ["heartbeats of 5 s, the first miss is enough", QUICK, 32],
  ["the same, a window of 60 s", { ...QUICK, flapWindow: 60 }, 126],
] as const) {
  test(`moves in an hour, ${name}: a primary that fails cleverly causes ${least} at least, and never more than promised`, () => {
    const setup: Setup = { name, params };
    const promised = movesPerHour(settingsOf(setup), 2);
    const seen = mostWithin(movesOf(flap(setup, 2.5 * HOUR_MS)), HOUR_MS);
    const where = "a primary that falls at once where that is free, and else behind flapWindow";
    rows.push({ promise: "movesPerHour", setup: name, promised: `${promised}`, seen: `${seen}`, where });
    assert.ok(seen <= promised && seen >= least, `${promised} promised, ${seen} seen`);
  });
}

test("a server that refuses one line moves it as often as lineCool says", () => {
  for (const lineCool of [60, 300]) {
    const setup: Setup = { name: `lineCool ${lineCool}`, params: { ...OPTIMAL, lineCool } };
    const promised = lineCoolMoves(settingsOf(setup));
    // It refuses a second after each return, and is well when the line may come back.
    const steps = Array.from({ length: Math.floor(4000 / (lineCool + 1)) }, (_, at) => {
      const turn = at * (lineCool + 1) + 100;
      return [
        ...[`${turn} primary answers 500 to=REGISTER`, `${turn} host refresh`],
        ...[`${turn + 1} primary back`, `${turn + 1} primary latency ${RTT_MS}`],
      ];
    }).flat();
    const seen = mostWithin(movesOf(play(setup, 1, steps).runTo(TROUBLE_MS)), HOUR_MS);
    const where = "the primary refuses a second after each return";
    rows.push({
      promise: "lineCoolMoves",
      setup: setup.name,
      promised: `${promised}`,
      seen: `${seen}`,
      where,
    });
    assert.ok(
      seen <= promised && seen >= Math.floor(7200 / (lineCool + 1)) - 1,
      `${promised} promised, ${seen} seen`,
    );
  }
});

for (const [rejectRetry, lines] of [
  [1200, 1],
  [1200, 3],
  [150, 1],
  [60, 2],
] as const) {
  test(`wrong passwords in 600 s with rejectRetry ${rejectRetry} and ${lines} lines: as many as promised`, () => {
    const setup: Setup = {
      name: `rejectRetry ${rejectRetry}, ${lines} lines`,
      params: { ...OPTIMAL, rejectRetry },
    };
    const promised = wrongPer600s(settingsOf(setup), lines);
    const counts = Array.from({ length: 10 }, (_, at) => {
      const world = play(setup, at + 1, ["1000 primary answers 401 to=REGISTER"], lines).runTo(3_000_000);
      const wrong = world.packets.filter(
        ({ at: moment, from, bytes }) =>
          moment >= 1_000_000 && from === "phone" && /^Authorization:/m.test(new TextDecoder().decode(bytes)),
      );
      return mostWithin(
        wrong.map(({ at: moment }) => moment),
        600_000,
      );
    });
    const seen = Math.max(...counts);
    const where = "the password is changed at the server";
    rows.push({
      promise: "wrongPer600s",
      setup: setup.name,
      promised: `${promised}`,
      seen: `${seen}`,
      where,
    });
    assert.ok(seen <= promised, `${promised} promised, ${seen} seen`);
    // A rest is up to a tenth longer than rejectRetry, so of many short ones one falls out.
    assert.ok(seen >= promised - (rejectRetry < 100 ? lines : 0), `${promised} promised, ${seen} seen`);
  });
}
