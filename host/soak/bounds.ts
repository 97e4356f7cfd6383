// How long things may take in a case, however its faults fall together: sums of the linter's times.
//
// promises() says what one outage costs; a case has many at once, so rounds, exclusions and rests add up here.
// DESIGN.md D26 derives each. Below: lint/. Above: invariants/, trial.ts.

import { delayMs, recoveryIntervalMs, refreshMs, timeoutMs, unansweredIntervalMs } from "../lint/clock.ts";
import type { Settings } from "../params/table.ts";
import type { Step } from "../sim/scenario.ts";
import { type Case, settingsOf } from "./case.ts";

export interface Bounds {
  /** One attempt at one server, redirects included. */
  readonly attemptMs: number;
  /** From a grant to the next refresh, whatever lifetime is asked. */
  readonly refreshMs: number;
  /** The longest lease. */
  readonly leaseMs: number;
  /** How long a line that was refused stays away from a server, against its will even in a round. */
  readonly restMs: number;
  /** The same, where the line would go of its own will. */
  readonly excludedMs: number;
  /** From the moment that one server is well until every line is in service. */
  readonly serviceMs: number;
  /** From the moment that a better server is well until a line in service is there. */
  readonly returnMs: number;
  /** From the end of all faults until every line is on its primary, and no binding is left elsewhere. */
  readonly healMs: number;
}

/** Longest rest or exclusion that a server may ask for. DESIGN.md D18. */
const LONGEST_REST_S = 86_400;

export function boundsOf(it: Case, steps: readonly Step[]): Bounds {
  const settings = settingsOf(it);
  const wishes = wishesOf(steps);
  const timeout = timeoutMs(settings, "registerTimeout");
  const attemptMs = settings.registerSpacing + 2 * it.targets * timeout;
  const asked = Math.max(settings.registerRefreshInterval, wishes.minExpires);
  const refresh = refreshMs({ ...settings, registerRefreshInterval: asked });
  const restMs = 1000 * restSeconds(settings, wishes);
  const excludedMs = Math.max(restMs, 1000 * settings.lineCool);
  const spreads = 1000 * (settings.failoverSpread + settings.startSpread);
  const round = it.servers * attemptMs;
  const leaseMs = 1000 * asked;
  const serviceMs =
    restMs + wishes.delayMs + refresh + attemptMs + spreads + round + 1000 * settings.retryMax + round;
  const returnMs =
    excludedMs + wishes.delayMs + returning(settings, it, { refresh, attemptMs }) + dampingMs(settings);
  return {
    attemptMs,
    refreshMs: refresh,
    leaseMs,
    restMs,
    excludedMs,
    serviceMs,
    returnMs,
    // A new public address is registered after natSettle at most; what was bound under the old one lapses.
    healMs: serviceMs + returnMs + leaseMs + attemptMs + 1000 * settings.natSettle,
  };
}

/** What servers and network may ask of the phone in a case. */
interface Wishes {
  readonly retryAfter: number;
  readonly rejects: boolean;
  readonly minExpires: number;
  /** The slowest answer. */
  readonly delayMs: number;
}

function wishesOf(steps: readonly Step[]): Wishes {
  const verbs = steps.flatMap(({ action }) => (action.kind === "server" ? [action.verb] : []));
  const answers = verbs.flatMap((verb) => (verb.kind === "answers" && verb.to === "REGISTER" ? [verb] : []));
  return {
    retryAfter: Math.max(0, ...answers.map(({ retryAfterSeconds }) => retryAfterSeconds ?? 0)),
    rejects: answers.some(({ status }) => (status >= 400 && status < 500) || status >= 600),
    minExpires: Math.max(
      0,
      ...verbs.map((verb) =>
        verb.kind === "minExpires" && verb.seconds <= LONGEST_REST_S ? verb.seconds : 0,
      ),
    ),
    delayMs: Math.max(0, ...steps.map(delayOf)),
  };
}

/** How much later than at once an answer may come, ms. */
function delayOf({ action }: Step): number {
  if (action.kind === "server" && action.verb.kind === "latency") return action.verb.delayMs;
  return action.kind === "network" && action.verb.kind === "delay" ? 2 * action.verb.mostMs : 0;
}

function restSeconds(settings: Settings, { retryAfter, rejects }: Wishes): number {
  const named = retryAfter === 0 ? 0 : Math.min(LONGEST_REST_S, Math.max(settings.retryAfterMin, retryAfter));
  return Math.max(named, rejects ? 1.1 * settings.rejectRetry : 0);
}

/** A heartbeat finds it, or the REGISTER beside a refresh does, one better server at a time. */
function returning(
  settings: Settings,
  it: Case,
  { refresh, attemptMs }: { readonly refresh: number; readonly attemptMs: number },
): number {
  const interval = recoveryIntervalMs(settings);
  const heartbeat = timeoutMs(settings, "optionsTimeout") * it.targets;
  const found =
    interval === 0
      ? (Math.max(1, Math.ceil(delayMs(settings) / refresh)) + it.servers) * (refresh + attemptMs)
      : (settings.recoverCount + 1) * unansweredIntervalMs(interval, heartbeat) + heartbeat;
  return found + delayMs(settings) + 2 * attemptMs;
}

function dampingMs(settings: Settings): number {
  return settings.flapDamping ? 1000 * settings.flapMaxSuppress : 0;
}
