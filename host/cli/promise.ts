// What was promised beside what was measured.
import { columns } from "./columns.ts";
import { colours, print, printJson } from "./print.ts";
import { span } from "./words.ts";

export interface Measured {
  /** What happened, as "primary killed: in service on backup1". */
  readonly what: string;
  readonly promisedMs: number;
  /** undefined: it never happened. */
  readonly measuredMs: number | undefined;
  /** Whose word the measured time is. */
  readonly witness: string;
}

/**
 * Added to every promise: the round trips it names and the timers of the machine, which fire late when it
 * is busy.
 */
export const ALLOWANCE_MS = 250;

export function isKept({ measuredMs, promisedMs }: Measured): boolean {
  return measuredMs !== undefined && measuredMs <= promisedMs + ALLOWANCE_MS;
}

/** Prints the comparison; returns whether every promise was kept. */
export function printPromises(measured: readonly Measured[], json: boolean): boolean {
  const kept = measured.every(isKept);
  if (json) for (const one of measured) printJson(asJson(one));
  else
    print(
      ...asText(measured),
      kept ? colours.green("every promise was kept") : colours.red("a promise was missed"),
    );
  return kept;
}

function asJson(one: Measured): object {
  const { what, promisedMs, measuredMs, witness } = one;
  return {
    type: "promise",
    what,
    promisedMs,
    ...(measuredMs !== undefined && { measuredMs: Math.round(measuredMs) }),
    allowanceMs: ALLOWANCE_MS,
    witness,
    kept: isKept(one),
  };
}

function asText(measured: readonly Measured[]): string[] {
  const rows = measured.map((one) => [
    one.what,
    span(one.promisedMs),
    one.measuredMs === undefined ? "never" : span(one.measuredMs),
    isKept(one) ? colours.green("kept") : colours.red("MISSED"),
    colours.dim(one.witness),
  ]);
  const head = ["", "promised", "measured", "", ""].map((word) => colours.dim(word));
  return [
    "",
    ...columns([head, ...rows]),
    colours.dim(`promised: at most, and ${ALLOWANCE_MS} ms for this machine`),
  ];
}
