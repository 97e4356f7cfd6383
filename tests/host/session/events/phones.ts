// Phones in virtual time, as service events see them: real cores in worlds of their own, fed to one board.

import type { PhoneConfig } from "../../../../host/config/model.ts";
import type { PhoneEvent } from "../../../../host/core/events.ts";
import type { LineState } from "../../../../host/core/view.ts";
import { ServiceEvents, type WatchedPhone } from "../../../../host/node/session/service.ts";
import type { ServiceEvent } from "../../../../host/session/events/event.ts";
import { parseScenario } from "../../../../host/sim/scenario.ts";
import { World } from "../../../../host/sim/world.ts";
import { module, OPTIMAL, phoneConfig, type Setting } from "../../../sim/fixture.ts";

export interface VirtualOptions {
  readonly scenario?: readonly string[];
  readonly lines?: readonly string[];
  /** Hosts of primary and backup; default pbx1 and pbx2. */
  readonly hosts?: readonly string[];
  readonly params?: Setting;
  readonly seed?: number;
}

/** A phone of the simulation behind the interface of the library's. Its clock begins at 1970. */
export class VirtualPhone implements WatchedPhone {
  readonly config: PhoneConfig;
  readonly startedAt = new Date(0);
  readonly world: World;
  readonly #hearers = new Set<(event: PhoneEvent) => void>();
  readonly #enders = new Set<() => void>();

  constructor({
    scenario = [],
    lines = ["6000"],
    hosts = ["pbx1", "pbx2"],
    params,
    seed = 1,
  }: VirtualOptions = {}) {
    const config = phoneConfig({
      servers: hosts.length,
      lines: lines.length,
      params: { ...OPTIMAL, ...params },
    });
    this.config = {
      ...config,
      servers: config.servers.map((server, rank) => ({ ...server, host: `${hosts[rank]}.example` })),
      lines: config.lines.map((line, index) => ({ ...line, number: lines[index] ?? "" })),
    };
    this.world = new World({
      module: module(),
      config: this.config,
      steps: parseScenario(scenario.join("\n")),
      isQuiet: true,
      survivesTraps: true,
      seed,
      watch: { told: (event) => this.tell(event) },
    });
  }

  get elapsedMs(): number {
    return this.world.now;
  }

  lines(): readonly LineState[] {
    return this.world.agent.lines();
  }

  /** Says something in the name of the core. */
  tell(event: PhoneEvent): void {
    for (const hear of this.#hearers) hear(event);
  }

  end(): void {
    for (const end of this.#enders) end();
  }

  callBegin(line: string): void {
    this.world.command("callBegin", line);
  }

  callEnd(line: string): void {
    this.world.command("callEnd", line);
  }

  on(name: "event" | "stopped", listener: (event: PhoneEvent) => void): void {
    if (name === "event") this.#hearers.add(listener);
    else this.#enders.add(listener as () => void);
  }

  off(_name: "event" | "stopped", listener: (event: PhoneEvent) => void): void {
    this.#hearers.delete(listener);
    this.#enders.delete(listener as () => void);
  }
}

/** Service events of some virtual phones, T1, T2 .., and what was told. */
export function watching(...phones: VirtualPhone[]): { service: ServiceEvents; told: ServiceEvent[] } {
  const service = new ServiceEvents();
  const told: ServiceEvent[] = [];
  service.on("event", (event) => told.push(event));
  for (const [index, phone] of phones.entries()) service.watch(`T${index + 1}`, phone);
  return { service, told };
}

/** Runs all of them side by side up to then, a second at a time, so that what they tell is in order. */
export function runTo(untilMs: number, ...phones: VirtualPhone[]): void {
  const first = phones[0]?.world.now ?? 0;
  for (let now = first; now < untilMs; now = Math.min(now + 1000, untilMs))
    for (const { world } of phones) world.runTo(Math.min(now + 1000, untilMs));
}

/** As `at type what cause`, what is left out absent. */
export function lineOf({ at, type, terminal, address, server, call, state, cause }: ServiceEvent): string {
  return [at, type, call, state, terminal, address, server?.replace(".example:5060", ""), cause]
    .filter((word) => word !== undefined)
    .join(" ");
}
