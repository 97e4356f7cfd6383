// One outage of the primary in virtual time, and what was seen of it: in events, and in the tables of the servers.
//
// Below: the shipped module in host/sim. Above: search.ts.

import type { PhoneEvent } from "../../host/core/events.ts";
import { parseScenario } from "../../host/sim/scenario.ts";
import { type Packet, World } from "../../host/sim/world.ts";
import { module, phoneConfig } from "../sim/fixture.ts";
import { RTT_MS, type Setup } from "./setups.ts";

/** How a server is gone: it swallows what comes, or its host says that nobody listens. */
export type Way = "silent" | "refuses";

export interface Outage {
  /** When the primary dies, ms. */
  readonly diesAt: number;
  readonly way: Way;
  /** When it is well again; left out: never. */
  readonly backAt?: number;
  /** Backups that are silent all the time, such as `backup1`. */
  readonly dead?: readonly string[];
}

/** When what was promised came true, ms; Infinity: not in this run. */
export interface Seen {
  readonly downAt: number;
  readonly servedAt: number;
  readonly backAt: number;
}

/** The world of a setup, with what happens in it. */
export function play(setup: Setup, seed: number, scenario: readonly string[], lines = 1): World {
  const config = phoneConfig({ ...setup, lines });
  const calm = config.servers.flatMap(({ name }) => termsOf(setup, name, 0));
  return new World({
    module: module(),
    config,
    seed,
    steps: parseScenario([...calm, ...scenario].join("\n")),
  });
}

/** The outage as a scenario that `standfast whatif` reads. */
export function scenarioOf(setup: Setup, { diesAt, way, backAt, dead = [] }: Outage): string[] {
  const back =
    backAt === undefined ? [] : [`${backAt / 1000} primary back`, ...termsOf(setup, "primary", backAt)];
  return [...dead.map((name) => `0 ${name} silent`), `${diesAt / 1000} primary ${way}`, ...back];
}

/** `back` withdraws them too. */
function termsOf({ grants }: Setup, name: string, atMs: number): string[] {
  const at = atMs / 1000;
  return [
    `${at} ${name} latency ${RTT_MS}`,
    ...(grants === undefined ? [] : [`${at} ${name} grants ${grants}`]),
  ];
}

export function watch(setup: Setup, seed: number, outage: Outage, untilMs: number): Seen {
  const { diesAt, backAt = Infinity } = outage;
  const world = play(setup, seed, scenarioOf(setup, outage)).runTo(untilMs);
  const [line] = world.summary;
  const gap = line?.gaps.find(({ fromMs, toMs }) => fromMs >= diesAt && toMs !== undefined);
  const back = line?.backMs.find((at) => at >= backAt);
  return { downAt: downOf(world.events, diesAt), servedAt: gap?.toMs ?? Infinity, backAt: back ?? Infinity };
}

/** When the primary counted as down, from a moment on. */
export function downOf(events: readonly PhoneEvent[], fromMs: number): number {
  return (
    events.find((one) => one.type === "serverDown" && one.server === "primary" && one.t >= fromMs)?.t ??
    Infinity
  );
}

/** A request that the phone sent to the primary. */
export interface Asked {
  readonly at: number;
  readonly method: "REGISTER" | "OPTIONS";
  /** The same bytes as before. */
  readonly repeated: boolean;
}

/** All that was sent to the primary, in order. */
export function askedOf(packets: readonly Packet[]): Asked[] {
  const seen = new Set<string>();
  return packets.flatMap(({ at, from, server, bytes }) => {
    const [, method, branch] =
      /^(REGISTER|OPTIONS) [\s\S]*?branch=([^;\r]+)/.exec(new TextDecoder().decode(bytes)) ?? [];
    if (from !== "phone" || server !== "primary" || branch === undefined) return [];
    const repeated = seen.has(branch);
    seen.add(branch);
    return [{ at, method: method as Asked["method"], repeated }];
  });
}
