// A phone of the tests: as many servers and lines as wanted, parameters by name, and the module itself.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { PhoneConfig, ServerConfig } from "../../host/config/model.ts";
import { serverName } from "../../host/config/model.ts";
import type { PhoneEvent } from "../../host/core/events.ts";
import { type CompiledModule, compile } from "../../host/core/load.ts";
import { defaultSettings, type Settings } from "../../host/params/table.ts";
import { parseScenario } from "../../host/sim/scenario.ts";
import { packetText } from "../../host/sim/trace.ts";
import { type Packet, World, type WorldOptions } from "../../host/sim/world.ts";

export interface Setting extends Partial<Settings> {
  readonly transport?: "UDP" | "TCP" | "TLS";
}

export interface PhoneOptions {
  readonly servers?: number;
  readonly lines?: number;
  readonly params?: Setting;
}

let compiled: CompiledModule | undefined;

/** The shipped module, compiled once. */
export function module(): CompiledModule {
  compiled ??= compile(readFileSync("build/standfast.wasm"));
  return compiled;
}

export function phoneConfig(options: PhoneOptions = {}): PhoneConfig {
  const { servers = 2, lines = 1, params = {} } = options;
  const { transport = "UDP", ...settings } = params;
  const ranks = [...Array(servers).keys()];
  return {
    // Keepalives only where a test is about them.
    settings: { ...defaultSettings(), natKeepalive: 0, ...settings },
    local: { random: false, port: 5060, min: 50_000, max: 60_000 },
    acceptList: [],
    outboundProxyInDialog: false,
    servers: ranks.map((rank) => ({
      name: serverName(rank),
      host: `pbx${rank + 1}.example`,
      port: 5060,
      // A configuration file offers udp only so far; the core knows the others.
      transport: transport.toLowerCase() as ServerConfig["transport"],
      domain: "sip.example",
    })),
    lines: [...Array(lines).keys()].map((index) => ({
      number: `${6000 + index}`,
      display: "",
      credentials: ranks.map((rank) => ({ account: `${6000 + index}`, password: `secret-${rank}` })),
    })),
  };
}

/** The optimal settings of the phone's manual: DESIGN.md, "Timelines". */
export const OPTIMAL: Setting = {
  registerRefreshInterval: 120,
  primaryDetectInterval: 90,
  maxDetectFailCount: 1,
  preferPrimary: true,
  registerTimeout: 2000,
  optionsTimeout: 2000,
  detectPhase: "fixed",
};

export interface RunOptions extends PhoneOptions, Omit<WorldOptions, "module" | "config" | "steps"> {
  /** Default: the shipped one. */
  readonly module?: CompiledModule;
  readonly scenario?: readonly string[];
}

/** A world with the scenario laid out, not yet run. */
export function world(options: RunOptions = {}): World {
  const { scenario = [], servers, lines, params, ...rest } = options;
  const phone = {
    ...(servers !== undefined && { servers }),
    ...(lines !== undefined && { lines }),
    params: { ...OPTIMAL, ...params },
  };
  return new World({
    module: module(),
    ...rest,
    config: phoneConfig(phone),
    steps: parseScenario(scenario.join("\n")),
  });
}

/** Whose reason is promised; that of the others follows from these. */
const REASONED: ReadonlySet<PhoneEvent["type"]> = new Set([
  "outOfService",
  "moved",
  "serverDown",
  "failbackDeferred",
  "rejected",
]);

/** Events of these types as `t type server line rule`, absent words left out. */
export function told(events: readonly PhoneEvent[], types: readonly PhoneEvent["type"][]): string[] {
  return events
    .filter((event) => types.includes(event.type))
    .map(({ t, type, line, server, reason }) =>
      [t, type, server, line, REASONED.has(type) ? reason?.rule : undefined]
        .filter((word) => word !== undefined)
        .join(" "),
    );
}

/** What the phone sent, as `at server text`; only what matches. */
export function sent(packets: readonly Packet[], match: RegExp = /./): string[] {
  return packets
    .filter((packet) => packet.from === "phone")
    .map(({ at, server, bytes }) => `${at} ${server} ${packetText(bytes)}`)
    .filter((line) => match.test(line));
}

/** Moments of what the phone sent that matches. */
export function sentAt(packets: readonly Packet[], match: RegExp): number[] {
  return sent(packets, match).map((line) => Number(line.split(" ", 1)[0]));
}

/** The decisions that timelines are about. */
export const DECISIONS: readonly PhoneEvent["type"][] = [
  "inService",
  "outOfService",
  "moved",
  "serverDown",
  "failbackDeferred",
  "warningOn",
  "warningOff",
  "standbyDown",
  "rejected",
];

/** The same decisions in any order within a moment. */
export function sameEvents(actual: readonly string[], expected: readonly string[]): void {
  assert.deepEqual([...actual].sort(byTime), [...expected].sort(byTime));
}

function byTime(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : a > b ? 1 : 0);
}
