// What a run meant for a line, in words for people.
//
//   line 6000: in service at 0.000 s, at the end on primary
//     without service: 22.000 s in all (22.000 s from 100.000 s)
//
// Below: service.ts. Above: the command line, the playground.

import type { LineSummary } from "./service.ts";

/** @param untilMs end of the run, for what lasted to it */
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
