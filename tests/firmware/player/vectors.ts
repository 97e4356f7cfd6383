// The script and what has to come out of it, as files for every target.
//
// Below: script.ts, play.ts. Above: the tests of each target.

import { readFileSync } from "node:fs";
import { fingerprint, unlessFresh } from "../../../host/tools/build/stamp.ts";
import { place } from "../../../host/tools/bundle.mjs";
import { run } from "../../../host/tools/child.ts";
import { module } from "../../sim/fixture.ts";
import { play } from "./play.ts";
import { script } from "./script.ts";

const FOLDER = "build/vectors";
/** What the player of a target reads. */
export const SCRIPT = `${FOLDER}/script`;
/** What the module in V8 makes of it. */
const EXPECTED = `${FOLDER}/expected`;
const MADE_FROM = ["build/standfast.wasm", "host", "tests/sim", "tests/firmware/player"];

/** The player without its main program: compiled with standfast.c for each target. */
export const PLAYER = ["player", "say"].map((name) => `tests/firmware/player/${name}.c`);
/** The main program where there is a standard input. */
export const POSIX = "tests/firmware/player/posix.c";

/** Writes SCRIPT, unless it is fresh. @returns what has to come out, line by line */
export async function expected(): Promise<readonly string[]> {
  await unlessFresh(`${FOLDER}/.stamp`, fingerprint(MADE_FROM), [SCRIPT, EXPECTED], async () => {
    const lines = script();
    await place(SCRIPT, `${lines.join("\n")}\n`);
    await place(EXPECTED, play(lines, module()).join("\n"));
    return [];
  });
  return readFileSync(EXPECTED, "latin1").split("\n");
}

/** Lines of the script for what takes minutes for all of it: an interpreter in an emulator, a second board. */
const PART_LINES = 5_000;

/** The first recordings, none of them half. @returns where they are, and what has to come out */
export async function beginning(): Promise<{ readonly script: string; readonly lines: readonly string[] }> {
  await expected();
  const all = readFileSync(SCRIPT, "latin1").trimEnd().split("\n");
  const end = all.findIndex((line, index) => index >= PART_LINES && line.startsWith("standfast "));
  if (end < 0) throw new Error(`${SCRIPT} has no recording behind line ${PART_LINES}`);
  const part = all.slice(0, end);
  const script = `${FOLDER}/beginning`;
  await place(script, `${part.join("\n")}\n`);
  return { script, lines: play(part, module()) };
}

/**
 * Plays a script on a player with a standard input.
 * @param command the program, or an emulator and the program
 */
export async function playOn(
  command: string,
  script = SCRIPT,
): Promise<{ readonly code: number; readonly lines: readonly string[] }> {
  const { code, output } = await run("sh", ["-c", `exec ${command} < ${script}`], { limitMs: 120_000 });
  return { code, lines: output.replace(/\n$/, "").split("\n") };
}

/** The first place where two outputs differ, for a message; undefined: nowhere. */
export function difference(now: readonly string[], before: readonly string[]): string | undefined {
  const line = Array.from({ length: Math.max(now.length, before.length) }).findIndex(
    (_, index) => now[index] !== before[index],
  );
  return line < 0 ? undefined : `line ${line + 1}\n  V8:   ${before[line]}\n  here: ${now[line]}`;
}
