// Random outages of an application session, one case for each seed, with every invariant watching.
//
// Also bundled alone, with a fault planted in a source, by mutants.test.ts. Below: draw.ts, invariants.ts, world.ts.

import { type Case, drawCase, type Fault } from "./draw.ts";
import { type Breach, Watch } from "./invariants.ts";
import { World } from "./world.ts";

/** One case played through. @returns what was broken, the first breach of each rule; more would say the same again */
export function play(one: Case): readonly Breach[] {
  const world = new World(one.settings, one.hasStandby, false);
  const watch = new Watch(world, one);
  for (const fault of one.faults) arm(world, watch, fault);
  world.at(one.quietAt, () => calm(world, watch));
  world.at(0, () => world.feed({ kind: "start" }));
  world.run(one.endAt);
  watch.finish();
  const rules = new Set<string>();
  return watch.breaches.filter(({ rule }) => !rules.has(rule) && rules.add(rule));
}

/** The first case from `from` on, of at most `count`, that breaks something; undefined: none does. */
export function hunt(
  from: number,
  count: number,
): { readonly seed: number; readonly breaches: readonly Breach[] } | undefined {
  for (let seed = from; seed < from + count; seed++) {
    const breaches = play(drawCase(seed));
    if (breaches.length > 0) return { seed, breaches };
  }
  return undefined;
}

function arm(world: World, watch: Watch, fault: Fault): void {
  world.at(fault.at, () => {
    if (fault.kind === "clearStandby") {
      watch.cleared();
      return world.feed({ kind: "clearStandby" });
    }
    const server = world.servers[fault.server];
    if (fault.kind === "restart") server.restart();
    else if (fault.kind === "mode") server.become(fault.mode);
    else server.latencyMs = fault.ms;
    watch.changed(fault.server);
  });
  if (fault.kind !== "mode" && fault.kind !== "latency") return;
  world.at(fault.at + fault.forMs, () => {
    const server = world.servers[fault.server];
    if (fault.kind === "mode") server.become("healthy");
    else server.latencyMs = 10;
    watch.changed(fault.server);
  });
}

function calm(world: World, watch: Watch): void {
  for (const name of ["main", "standby"] as const) {
    world.servers[name].become("healthy");
    world.servers[name].latencyMs = 10;
    watch.changed(name);
  }
}
