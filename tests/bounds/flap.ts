// A primary that fails as cleverly as it can: at once after each return while that is free of consequences, else
// when flapWindow is just over.
//
// Below: probe.ts. Above: hours.test.ts.

import type { World } from "../../host/sim/world.ts";
import { play } from "./probe.ts";
import { RTT_MS, type Setup, settingsOf } from "./setups.ts";

const STEP_MS = 500;

/** Plays it for a while. */
export function flap(setup: Setup, untilMs: number): World {
  const world = play(setup, 1, []);
  const primary = new Flapper(setup, world);
  for (let now = STEP_MS; now <= untilMs; now += STEP_MS) primary.go(now);
  return world;
}

class Flapper {
  readonly #setup: Setup;
  readonly #world: World;
  #heard = 0;
  #dieAt = 100_000;
  #returnedAt = Number.NEGATIVE_INFINITY;
  /** What it has been charged, and when that is halved next. */
  #charges = 0;
  #halvesAt = Number.POSITIVE_INFINITY;

  constructor(setup: Setup, world: World) {
    this.#setup = setup;
    this.#world = world;
  }

  go(now: number): void {
    this.#world.runTo(now);
    const { flapHalfLife } = settingsOf(this.#setup);
    for (; this.#halvesAt <= now; this.#halvesAt += 1000 * flapHalfLife) this.#charges >>= 1;
    for (const { type, server, t } of this.#world.events.slice(this.#heard)) {
      if (server !== "primary") continue;
      if (type === "serverDown") this.#recover(t);
      else if (type === "moved") this.#plan(t);
    }
    this.#heard = this.#world.events.length;
    if (now >= this.#dieAt) this.#die();
  }

  #die(): void {
    this.#dieAt = Number.POSITIVE_INFINITY;
    this.#world.servers.get("primary")?.apply({ kind: "refuses" });
  }

  #recover(now: number): void {
    const { flapHalfLife, flapPenalty, flapWindow } = settingsOf(this.#setup);
    const primary = this.#world.servers.get("primary");
    primary?.apply({ kind: "back" });
    primary?.apply({ kind: "latency", delayMs: RTT_MS });
    if (now - this.#returnedAt >= 1000 * flapWindow) return;
    if (this.#charges === 0) this.#halvesAt = now + 1000 * flapHalfLife;
    this.#charges += flapPenalty;
  }

  #plan(now: number): void {
    const { flapDamping, flapPenalty, flapSuppress, flapWindow } = settingsOf(this.#setup);
    this.#returnedAt = now;
    const isFree = !flapDamping || this.#charges + flapPenalty <= flapSuppress;
    this.#dieAt = isFree ? now : now + 1000 * flapWindow;
  }
}
