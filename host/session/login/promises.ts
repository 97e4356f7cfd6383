// What settings promise: how soon a lost main server is noticed, how soon service is on the standby one, how soon it is
// back. And which settings are refused because they could not keep the two limits.
//
// Every figure is a worst case, counted from the table of states and not measured. Below: settings.ts.

import {
  inMs,
  RETURN_LIMIT_MS,
  SERVICE_LIMIT_MS,
  SETTINGS,
  type SettingName,
  type Settings,
} from "./settings.ts";

/** Worst cases, ms. Each holds from the moment on at which all that it names is true. */
export interface Promises {
  /** The server has stopped answering: the session counts as lost. */
  readonly noticedMs: number;
  /** The main server has stopped answering and the standby one serves: logged in there. */
  readonly serviceMs: number;
  /** Neither server served, and one begins to: logged in there. */
  readonly offeredMs: number;
  /** The main server serves again: logged in there, for a return that follows no failed one. */
  readonly returnMs: number;
  /** The same after as many failed returns as it takes to reach the longest check interval. */
  readonly returnAfterFailuresMs: number;
}

export function promisesOf(settings: Settings): Promises {
  const {
    httpTimeout,
    echoInterval,
    echoMisses,
    endTimeout,
    retryInterval,
    checkInterval,
    checkIntervalMax,
  } = inMs(settings);
  // The server dies as it has answered an echo; each later echo begins an interval after the last, and the final one has to
  // run out as well.
  const noticedMs = echoMisses * echoInterval + httpTimeout;
  return {
    noticedMs,
    serviceMs: noticedMs + endTimeout + 2 * httpTimeout, // main is asked first, then standby
    offeredMs: retryInterval + 3 * httpTimeout, // the attempt that fails just now, then main, then standby
    returnMs: backMs(checkInterval),
    returnAfterFailuresMs: backMs(checkIntervalMax),
  };

  // Main and standby are asked in vain and with success, the last probe takes its time, the session is ended, main opened.
  function backMs(intervalMs: number): number {
    return 2 * httpTimeout + settings.probesInRow * intervalMs + httpTimeout + endTimeout + httpTimeout;
  }
}

/** Why settings are refused. */
export interface Refusal {
  /** The setting to change. */
  readonly name: SettingName;
  readonly message: string;
  readonly allowed?: string;
  readonly remedy: string;
}

/** Everything that is wrong with settings; empty: they keep the limits. */
export function refusalsOf(settings: Settings): readonly Refusal[] {
  const outside = SETTINGS.flatMap(({ name, unit, min, max }): Refusal[] => {
    const value = settings[name];
    if (Number.isInteger(value) && value >= min && value <= max) return [];
    const allowed = `${min}..${max}${unit === "" ? "" : ` ${unit}`}`;
    return [{ name, message: `${name} = ${value}`, allowed, remedy: "choose a whole number in that range" }];
  });
  return outside.length > 0 ? outside : [...crossed(settings), ...missed(settings)];
}

/** A call has to be over before the next of its kind begins. */
function crossed(settings: Settings): readonly Refusal[] {
  const times = inMs(settings);
  const pairs: readonly (readonly [shorter: SettingName, longer: SettingName])[] = [
    ["httpTimeout", "echoInterval"],
    ["httpTimeout", "checkInterval"],
    ["httpTimeout", "pollTimeout"],
    ["checkInterval", "checkIntervalMax"],
  ];
  return pairs
    .filter(([shorter, longer]) => times[shorter] > times[longer])
    .map(([shorter, longer]) => ({
      name: shorter,
      message: `${shorter} (${times[shorter]} ms) is longer than ${longer} (${times[longer]} ms)`,
      remedy: `make ${shorter} shorter or ${longer} longer`,
    }));
}

function missed(settings: Settings): readonly Refusal[] {
  const { serviceMs, returnMs } = promisesOf(settings);
  const late: Refusal[] = [];
  if (serviceMs > SERVICE_LIMIT_MS) {
    late.push({
      name: "echoInterval",
      message: `service on the standby server would take up to ${serviceMs} ms`,
      allowed: `up to ${SERVICE_LIMIT_MS} ms`,
      remedy: "lower echoInterval, echoMisses or httpTimeout",
    });
  }
  if (returnMs > RETURN_LIMIT_MS) {
    late.push({
      name: "checkInterval",
      message: `the return to the main server would take up to ${returnMs} ms`,
      allowed: `up to ${RETURN_LIMIT_MS} ms`,
      remedy: "lower checkInterval, probesInRow or httpTimeout",
    });
  }
  return late;
}
