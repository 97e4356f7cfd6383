// A program of Node to which the time of day is told wrongly: a script that stands before it and takes the place of Date.
//
// Linux has no time of day for one process: a time namespace moves the monotonic clocks only, time_namespaces(7). Native
// code is told the right one, so a certificate is judged by that. Above: clock.test.ts, lease/rival.ts.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../host/folder.ts";

export type WrongClock =
  | "jumps" // hours on and hours back, further at each reading
  | "1970"; // a machine without a battery, which is told the time 10 s after the start

const SCRIPT = `
const Right = Date;
const kind = process.env.WRONG_CLOCK;
const startedAt = Right.now();
let readings = 0;
function wrong() {
  const now = Right.now();
  if (kind === "jumps") return now + (readings++ % 2 === 0 ? -1 : 1) * 3_600_000 * readings;
  return now - startedAt < 10_000 ? now - startedAt : now;
}
globalThis.Date = class Date extends Right {
  constructor(...given) {
    super(...(given.length === 0 ? [wrong()] : given));
  }
  static now() {
    return wrong();
  }
};
`;

const path = join(temporaryFolder(), "wrong-clock.mjs");
writeFileSync(path, SCRIPT);

/** For the environment of the program. */
export function wrongClock(kind: WrongClock): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${path}`, WRONG_CLOCK: kind };
}
