// A program of Node to which the time of day is told wrongly: a script that stands before it and takes the place of Date.
//
// Linux has no time of day for one process: a time namespace moves the monotonic clocks only, time_namespaces(7). Native
// code is told the right one, so a certificate is judged by that. Above: clock.test.ts, lease/rival.ts.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../host/folder.ts";

export type WrongTime =
  | "jumps" // hours on and hours back, further at each reading
  | "1970"; // a machine without a battery, until it is told the time

const SCRIPT = `
import { existsSync } from "node:fs";
const Right = Date;
const { WRONG_CLOCK, RIGHT_FROM } = process.env;
const startedAt = Right.now();
let readings = 0;
function wrong() {
  const now = Right.now();
  if (existsSync(RIGHT_FROM)) return now;
  if (WRONG_CLOCK === "1970") return now - startedAt;
  return now + (readings++ % 2 === 0 ? -1 : 1) * 3_600_000 * readings;
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

export class WrongClock {
  /** For the programs that are to have it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #told: string;

  constructor(kind: WrongTime) {
    const folder = temporaryFolder();
    const script = join(folder, "wrong-clock.mjs");
    this.#told = join(folder, "told");
    writeFileSync(script, SCRIPT);
    this.environment = {
      NODE_OPTIONS: `--import=${script}`,
      WRONG_CLOCK: kind,
      RIGHT_FROM: this.#told,
    };
  }

  /** From now on it is right. */
  tell(): void {
    writeFileSync(this.#told, "");
  }
}
