// A case of the session world out of a seed: settings, and what happens to the two servers.

import type { ServerName } from "../../../../host/session/login/driver.ts";
import { promisesOf, refusalsOf } from "../../../../host/session/login/promises.ts";
import { type Settings, settingsWith } from "../../../../host/session/login/settings.ts";
import { Random } from "../../../../host/sim/random.ts";
import { MODES, type Mode } from "./server.ts";

export type Fault =
  | {
      readonly at: number;
      readonly kind: "mode";
      readonly server: ServerName;
      readonly mode: Mode;
      readonly forMs: number;
    }
  | {
      readonly at: number;
      readonly kind: "latency";
      readonly server: ServerName;
      readonly ms: number;
      readonly forMs: number;
    }
  | { readonly at: number; readonly kind: "restart"; readonly server: ServerName }
  | { readonly at: number; readonly kind: "clearStandby" };

export interface Case {
  readonly seed: number;
  readonly settings: Settings;
  readonly hasStandby: boolean;
  /** Servers that are not well from the start on stand here with `at` 0. */
  readonly faults: readonly Fault[];
  /** From here on nothing more happens. */
  readonly quietAt: number;
  readonly endAt: number;
}

const QUIET_MS = 400_000;

export function drawCase(seed: number): Case {
  const random = new Random(seed);
  const settings = random.chance(0.3) ? drawSettings(random) : settingsWith();
  const hasStandby = !random.chance(0.1);
  const quietAt = random.between(60_000, 900_000);
  const faults = Array.from({ length: random.between(1, 9) }, () => drawFault(random, settings, quietAt));
  const hours = promisesOf(settings).returnAfterFailuresMs;
  return { seed, settings, hasStandby, faults, quietAt, endAt: quietAt + QUIET_MS + hours };
}

/** Settings that nobody refuses, with short and long times. */
function drawSettings(random: Random): Settings {
  for (;;) {
    const settings = settingsWith({
      httpTimeout: random.between(500, 5000),
      pollTimeout: random.between(30, 90),
      echoInterval: random.between(1, 30),
      echoMisses: random.between(1, 4),
      endTimeout: random.between(100, 5000),
      retryInterval: random.between(1, 30),
      rejectedRest: random.between(10, 120),
      checkInterval: random.between(1, 25),
      checkIntervalMax: random.between(15, 240),
      probesInRow: random.between(2, 4),
      settleTime: random.pick([0, 10, 30, 120]),
    });
    if (refusalsOf(settings).length === 0) return settings;
  }
}

/** Faults like to come at moments at which something is going on anyway: whole check and echo intervals. */
function drawFault(random: Random, settings: Settings, quietAt: number): Fault {
  const server: ServerName = random.chance(0.65) ? "main" : "standby";
  const at = random.chance(0.15) ? 0 : random.between(0, quietAt - 1);
  const forMs = Math.min(drawSpan(random), quietAt - at);
  const what = random.next();
  if (what < 0.08) return { at, kind: "restart", server };
  if (what < 0.1) return { at, kind: "clearStandby" };
  if (what < 0.25) {
    const slow = settings.httpTimeout + random.between(1, 8000);
    const ms = random.chance(0.5) ? slow : random.between(0, Math.floor(settings.httpTimeout / 4));
    return { at, kind: "latency", server, ms, forMs };
  }
  return { at, kind: "mode", server, mode: random.pick(MODES.slice(1)), forMs };
}

function drawSpan(random: Random): number {
  return random.chance(0.4) ? random.between(1, 10_000) : random.between(10_000, 400_000);
}
