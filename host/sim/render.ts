// A run for people: the timeline, one decision a line, and what it meant for each line.
//
//    120.000 s  6000   out of service                   primary   timeout, waitedMs 2000
//
// Below: whatif.ts. Above: the command line, the playground.

import type { EventType, PhoneEvent } from "../core/events.ts";
import type { LineSummary } from "./service.ts";
import type { Whatif } from "./whatif.ts";

const WORDS: Readonly<Record<EventType, string>> = {
  inService: "in service",
  outOfService: "out of service",
  moved: "moved",
  bound: "bound",
  unbound: "binding removed",
  rejected: "account rejected",
  serverUp: "server up",
  serverSuspect: "server suspect",
  serverDown: "server down",
  serverHolding: "server back, held",
  serverCooling: "server asks to wait",
  failbackScheduled: "return scheduled",
  failbackDeferred: "return deferred",
  returnFailed: "return failed",
  warningOn: "warning on",
  warningOff: "warning off",
  standbyDown: "standby server is down",
  contactMissing: "own binding missing in the answer",
  addressChanged: "public address changed",
  packetRefused: "datagram refused",
  resting: "resting",
  fault: "the core failed",
};

/** What happens all the time and decides nothing. */
const ROUTINE: ReadonlySet<EventType> = new Set(["bound", "unbound"]);

/** The whole report, lines without a newline. */
export function renderWhatif(run: Whatif): readonly string[] {
  const shown = run.events.filter((event) => !ROUTINE.has(event.type));
  return [...shown.map(renderEvent), "", ...run.summary.flatMap((line) => renderSummary(line, run.untilMs))];
}

/** One event as a line of fixed columns. */
export function renderEvent(event: PhoneEvent): string {
  const { rule, ...inputs } = event.reason ?? { rule: "" };
  const reason = [rule, ...Object.entries(inputs).map(([name, value]) => `${name} ${value}`)];
  const why = reason.filter((word) => word !== "").join(", ");
  const next = event.next === undefined ? "" : `; ${event.next.what} at ${seconds(event.next.at)}`;
  const columns = [
    `${seconds(event.t).padStart(12)}`,
    (event.line ?? "").padEnd(6),
    (event.text ?? WORDS[event.type]).padEnd(24),
    (event.server ?? "").padEnd(8),
    `${why}${next}`,
  ];
  return columns.join("  ").trimEnd();
}

/** What the run meant for one line. */
export function renderSummary(summary: LineSummary, untilMs: number): readonly string[] {
  const { line, firstServedMs, gaps, totalGapMs, backMs, server } = summary;
  if (firstServedMs === undefined) return [`line ${line}: never in service in ${seconds(untilMs)}`];
  const spans = gaps.map(({ fromMs, toMs }) =>
    toMs === undefined
      ? `from ${seconds(fromMs)} to the end`
      : `${seconds(toMs - fromMs)} from ${seconds(fromMs)}`,
  );
  return [
    `line ${line}: in service at ${seconds(firstServedMs)}, at the end ${server === undefined ? "out of service" : `on ${server}`}`,
    gaps.length === 0
      ? "  without service: never"
      : `  without service: ${seconds(totalGapMs)} in all (${spans.join("; ")})`,
    ...(backMs.length === 0 ? [] : [`  back on the primary at ${backMs.map(seconds).join(", ")}`]),
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}
