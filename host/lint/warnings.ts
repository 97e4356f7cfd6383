// What is allowed and still unwise, told before a configuration is used.
//
// Each warning is one function, so that a reader finds its rule and its words in one place. Above: check.ts.

import { comparable, isAddress } from "../config/host.ts";
import type { PhoneConfig } from "../config/model.ts";
import type { CoreName, Settings } from "../params/table.ts";
import { BAN_AT, calmSpreadSeconds, WINDOW_S, wrongPer600s } from "./ban.ts";
import { delayMs, refreshMs, servingIntervalMs, timeoutMs } from "./clock.ts";
import { canSuppress, DAMPED_WINDOW_S, lineCoolMoves, movesPerHour } from "./flapping.ts";
import { promises } from "./promises.ts";

/** Stable names of the warnings, for programs. Appended, never renamed. */
export type WarningCode =
  | "slow-detection"
  | "timeout-zero"
  | "timeout-not-shorter"
  | "same-address"
  | "missing-credentials"
  | "undamped-return"
  | "never-suppresses"
  | "short-flap-window"
  | "short-line-cool"
  | "short-lease"
  | "no-effect"
  | "may-be-banned";

export interface Warning {
  readonly code: WarningCode;
  /** The parameter to look at. */
  readonly param: string;
  /** Phone number of the line it concerns; null: all of them. */
  readonly line: string | null;
  readonly text: string;
  /** Where the file sets the parameter; absent where it does not. */
  readonly where?: string;
}

/** A dead primary that stays unnoticed for longer than this is worth a word. */
const SLOW_MS = 300_000;
const LINE_COOL_S = 300;

/** @param addresses what the host of each server was resolved to, by rank; empty: not looked up */
export function warningsOf(config: PhoneConfig, addresses: readonly string[]): readonly Warning[] {
  const { settings, servers } = config;
  const hasBackup = servers.length > 1;
  return [
    ...(hasBackup ? slowDetection(settings, servers.length) : []),
    ...timeoutsOfZero(settings),
    ...heartbeatTimeout(settings),
    ...registerTimeout(settings),
    ...shortLease(settings),
    ...sameAddresses(config, addresses),
    ...missingCredentials(config),
    ...(hasBackup ? damping(settings, servers.length) : []),
    ...(hasBackup ? shortLineCool(settings) : []),
    ...withoutEffect(settings),
    ...portOfName(config),
    ...ban(settings, config.lines.length),
  ];
}

function slowDetection(settings: Settings, servers: number): readonly Warning[] {
  const { detectMs } = promises(settings, servers);
  if (detectMs <= SLOW_MS) return [];
  const way = "set primaryDetectInterval, or a shorter registerRefreshInterval";
  const text = `a dead primary is noticed after up to ${seconds(detectMs)}; ${way}`;
  return [about("slow-detection", "primaryDetectInterval", text)];
}

function timeoutsOfZero(settings: Settings): readonly Warning[] {
  return (["registerTimeout", "optionsTimeout"] as const)
    .filter((name) => settings[name] === 0)
    .map((name) => {
      const waits = seconds(timeoutMs(settings, name));
      return about("timeout-zero", name, `0 waits ${waits} for a silent server; 2000 ms is advised`);
    });
}

/** Points of the grid that pass while a heartbeat is pending are skipped, so detection takes longer. */
function heartbeatTimeout(settings: Settings): readonly Warning[] {
  const timeout = timeoutMs(settings, "optionsTimeout");
  const intervals = [
    ["primaryDetectInterval", settings.primaryDetectInterval],
    ["sipOptionsInterval", settings.sipOptions ? settings.sipOptionsInterval : 0],
    ["backupDetectInterval", settings.backupDetectInterval],
  ] as const;
  return intervals
    .filter(([, interval]) => interval > 0 && timeout >= 1000 * interval)
    .map(([name, interval]) => {
      const text = `a time-out of ${seconds(timeout)} is not shorter than ${name} of ${interval} s`;
      return about("timeout-not-shorter", "optionsTimeout", `${text}: heartbeats are skipped meanwhile`);
    });
}

/** A refresh that is sent in time and times out must be given up before the lease ends. */
function registerTimeout(settings: Settings): readonly Warning[] {
  const lease = 1000 * settings.registerRefreshInterval;
  const left = lease - refreshMs(settings);
  const timeout = timeoutMs(settings, "registerTimeout");
  if (timeout < left) return [];
  const text = `a time-out of ${seconds(timeout)} is not shorter than the ${seconds(left)} left of a lease`;
  return [about("timeout-not-shorter", "registerTimeout", `${text} of ${seconds(lease)} at its refresh`)];
}

/** DESIGN.md D9, "Leases": such a grant would end before it may be renewed, and counts as none. */
function shortLease(settings: Settings): readonly Warning[] {
  const lease = 1000 * settings.registerRefreshInterval;
  if (lease > settings.registerSpacing) return [];
  const text = `a lease of ${seconds(lease)} is not longer than registerSpacing of ${seconds(settings.registerSpacing)}`;
  return [about("short-lease", "registerRefreshInterval", `${text}: the line is never in service`)];
}

function sameAddresses(config: PhoneConfig, addresses: readonly string[]): readonly Warning[] {
  return config.servers.flatMap((server, rank) => {
    const address = addresses[rank];
    if (address === undefined) return [];
    const first = addresses.findIndex((other) => comparable(other) === comparable(address));
    const twin = config.servers[first];
    if (first === rank || twin === undefined) return [];
    const text = `${twin.name} and ${server.name} resolve to one address, ${address}`;
    return [about("same-address", "host", `${text}: they fail together`)];
  });
}

function missingCredentials(config: PhoneConfig): readonly Warning[] {
  return config.lines.flatMap(({ number, credentials }) =>
    config.servers.flatMap(({ name }, rank) => {
      if (credentials[rank] !== null) return [];
      const text = `line ${number} has no password for ${name}: it cannot register there`;
      return [{ ...about("missing-credentials", "password", text), line: number }];
    }),
  );
}

function damping(settings: Settings, servers: number): readonly Warning[] {
  if (!settings.flapDamping) {
    if (delayMs(settings) > 0) return [];
    const text = "lines return at once and without damping: a primary that keeps failing takes them along";
    return [about("undamped-return", "flapDamping", text)];
  }
  const warnings: Warning[] = [];
  if (!canSuppress(settings)) {
    const text = `charges of ${settings.flapPenalty} never exceed flapSuppress of ${settings.flapSuppress}`;
    warnings.push(about("never-suppresses", "flapPenalty", `${text}: damping never acts`));
  }
  if (settings.flapWindow < DAMPED_WINDOW_S) {
    const text = `a window of ${settings.flapWindow} s charges only failures that follow a return as soon`;
    const most = `lines may move ${movesPerHour(settings, servers)} times an hour; ${DAMPED_WINDOW_S} s is advised`;
    warnings.push(about("short-flap-window", "flapWindow", `${text}; ${most}`));
  }
  return warnings;
}

function shortLineCool(settings: Settings): readonly Warning[] {
  if (settings.lineCool >= LINE_COOL_S) return [];
  const text = `a server that refuses one line may move it about ${lineCoolMoves(settings)} times an hour`;
  return [about("short-line-cool", "lineCool", `${text}; ${LINE_COOL_S} s is advised`)];
}

function withoutEffect(settings: Settings): readonly Warning[] {
  const warnings: Warning[] = [];
  if (settings.backupDetectInterval > 0 && settings.primaryDetectInterval === 0) {
    const text = "backups are watched only while primaryDetectInterval is set";
    warnings.push(about("no-effect", "backupDetectInterval", text));
  }
  if (settings.detectRetryInterval > 0 && servingIntervalMs(settings) === 0) {
    const text = "there are no heartbeats to ask again after: primaryDetectInterval is 0";
    warnings.push(about("no-effect", "detectRetryInterval", text));
  }
  return warnings;
}

/** RFC 3263 §4.2: a port that was given leaves neither SRV nor NAPTR to be asked for. */
function portOfName({ servers, dns }: PhoneConfig): readonly Warning[] {
  const type = dns?.type ?? "a";
  const named = servers.find(({ host, isDefaultPort }) => isDefaultPort !== true && !isAddress(host));
  if (type === "a" || named === undefined) return [];
  const text = `${named.name} has a port, so its name is asked for addresses only and not for ${type.toUpperCase()}`;
  return [about("no-effect", "proxyDnsType", `${text}; leave the port out`)];
}

/** Quiet once the parameter that helps is set: a wrong password of each line is a lot to assume. */
function ban(settings: Settings, lines: number): readonly Warning[] {
  const wrong = wrongPer600s(settings, lines);
  const spread = calmSpreadSeconds(settings, lines);
  if (wrong < BAN_AT || settings.startSpread >= spread) return [];
  const text = `wrong passwords of ${lines === 1 ? "the line" : `all ${lines} lines`} are ${wrong} failures in ${WINDOW_S} s for a server, and fail2ban bans at ${BAN_AT}`;
  if (settings.rejectRetry < WINDOW_S) {
    return [about("may-be-banned", "rejectRetry", `${text}; a rest of ${WINDOW_S} s or more makes fewer`)];
  }
  return [about("may-be-banned", "startSpread", `${text}; ${spread} s keep the lines apart`)];
}

function about(
  code: WarningCode,
  param: CoreName | "host" | "password" | "proxyDnsType",
  text: string,
): Warning {
  return { code, param, line: null, text };
}

/** `902 s`, `88.5 s`. */
function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
