// What a run shows: a line when a suite starts, a line when it ends, the notes of what went wrong.

import picocolors from "picocolors";
import type { Result, Suite } from "./suite.ts";

const isTerminal = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
const paint = picocolors.createColors(isTerminal);

export function started(suite: Suite): void {
  console.log(paint.dim(`  ${suite.name.padEnd(NAME_WIDTH)} ${suite.proves}`));
}

export function ended(suite: Suite, result: Result, startedAt: number): void {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1).padStart(6);
  const mark = result.failed === 0 ? paint.green("✓") : paint.red("✗");
  const parts = [
    `${result.passed} passed`,
    ...(result.failed > 0 ? [paint.red(`${result.failed} failed`)] : []),
    ...(result.skipped > 0 ? [paint.yellow(`${result.skipped} skipped`)] : []),
  ];
  console.log(`${mark} ${suite.name.padEnd(NAME_WIDTH)} ${seconds} s  ${parts.join(", ")}`);
  for (const note of result.notes) console.log(note.replace(/^/gm, "    ").trimEnd());
}

const NAME_WIDTH = 9;
