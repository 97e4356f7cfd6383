// What would happen: a configuration and a scenario in, the phone's decisions out, in virtual time.
//
// Below: world.ts, scenario.ts. Above: the command line, the playground, tests.

import type { PhoneConfig } from "../config/model.ts";
import type { PhoneEvent } from "../core/events.ts";
import type { CompiledModule, Wrap } from "../core/load.ts";
import type { Packet, Watch } from "./journal.ts";
import { parseScenario, type Step } from "./scenario.ts";
import type { LineSummary } from "./service.ts";
import { World } from "./world.ts";

export interface WhatifOptions {
  /** The bytes of the module, or the module compiled. */
  readonly module: Uint8Array | CompiledModule;
  readonly config: PhoneConfig;
  /** Scenario text; "" when nothing happens at all. */
  readonly scenario: string;
  /** End of the run, included, ms. Default: defaultUntilMs(). */
  readonly untilMs?: number;
  readonly seed?: number;
  readonly clockAtMs?: number;
  readonly wrap?: Wrap;
  readonly watch?: Watch;
}

export interface Whatif {
  readonly untilMs: number;
  readonly events: readonly PhoneEvent[];
  readonly trace: readonly string[];
  readonly packets: readonly Packet[];
  readonly summary: readonly LineSummary[];
}

/** Time left after the last step, so that what follows from it can be seen, ms. */
const AFTERMATH_MS = 600_000;

/** @throws ScenarioError with the line of the text and what is allowed there */
export function whatif(options: WhatifOptions): Whatif {
  const { scenario, untilMs: wanted, ...rest } = options;
  const servers = options.config.servers.map(({ name }) => name);
  const lines = options.config.lines.map(({ number }) => number);
  const steps = parseScenario(scenario, { servers, lines });
  const untilMs = wanted ?? defaultUntilMs(steps);
  const world = new World({ ...rest, steps }).runTo(untilMs);
  const { events, trace, packets, summary } = world;
  return { untilMs, events, trace, packets, summary };
}

/** 1000 s, or ten minutes after the last step when that is later. */
export function defaultUntilMs(steps: readonly Step[]): number {
  return Math.max(1_000_000, (steps.at(-1)?.atMs ?? 0) + AFTERMATH_MS);
}
