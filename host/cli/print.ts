// Where words go: results to stdout, everything about the run to stderr.
import pc from "picocolors";

/** Colours of stdout; picocolors honours NO_COLOR and FORCE_COLOR. */
export const colours = pc.createColors(
  pc.isColorSupported && (process.stdout.isTTY || "FORCE_COLOR" in process.env),
);

/** True where stdout is a terminal that can be redrawn. */
export function isTerminal(): boolean {
  return process.stdout.isTTY === true && process.env.TERM !== "dumb";
}

/** Columns of the terminal; undefined where there is none, so that nothing wraps. */
export function screenWidth(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns : undefined;
}

export function print(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** A remark about the run: never on stdout, which belongs to results. */
export function remark(...lines: readonly string[]): void {
  remarks(lines);
}

/** Remarks as many as there may be: a file has a mistake in each of its lines, and a call takes fewer arguments. */
export function remarks(lines: readonly string[]): void {
  if (lines.length > 0) process.stderr.write(lines.map((line) => `standfast: ${line}\n`).join(""));
}
