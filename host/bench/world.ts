// How fast virtual time goes: `node host/tools/run.mjs host/bench/world.ts [CPU SECONDS]`, 5 by default for each.
//
// One line at two healthy servers over UDP, quiet, with a watcher that counts packets; the phone's own defaults,
// and the optimal settings of its manual. Time is what this process took of a processor, not what passed: the
// machine may have other work. docs/bench.md has the last figures. Below: sim/world.ts.

import { readFileSync } from "node:fs";
import { compile } from "../core/load.ts";
import { defaultSettings, type Settings } from "../params/table.ts";
import { World } from "../sim/world.ts";
import { phoneOf } from "../soak/phone.ts";

/** DESIGN.md, "Timelines". */
const OPTIMAL: Partial<Settings> = {
  registerRefreshInterval: 120,
  primaryDetectInterval: 90,
  maxDetectFailCount: 1,
  preferPrimary: true,
  registerTimeout: 2000,
  optionsTimeout: 2000,
};

const HOUR_MS = 3_600_000;

const budgetMs = 1000 * Number(process.argv[2] ?? 5);
const module = compile(readFileSync("build/standfast.wasm"));

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function measure(name: string, settings: Partial<Settings>): string {
  let packets = 0;
  const watch = { packet: () => packets++ };
  const config = phoneOf({ servers: 2, lines: 1 }, { ...defaultSettings(), ...settings }, "udp");
  const world = new World({ module, config, isQuiet: true, watch });
  // Code is compiled well before the clock starts.
  world.runTo(100 * HOUR_MS);
  const [startedAt, hours, before] = [cpuMs(), world.now / HOUR_MS, packets];
  while (cpuMs() - startedAt < budgetMs) world.runTo(world.now + 10 * HOUR_MS);
  const spentMs = cpuMs() - startedAt;
  const perMinute = (60_000 * (world.now / HOUR_MS - hours)) / spentMs;
  const perSecond = (1000 * (packets - before)) / spentMs;
  return `${name}: ${Math.round(perSecond)} packets a second, ${Math.round(perMinute)} phone-hours a minute`;
}

console.log(measure("default settings", {}));
console.log(measure("optimal settings", OPTIMAL));
