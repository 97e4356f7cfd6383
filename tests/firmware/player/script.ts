// The script that every target plays: the timelines and the outages below, recorded in virtual time, with nothing hidden.
//
// Below: host/record, host/sim, tests/sim. Above: the tests of each target. player.h says what stands in a script.

import { readFileSync } from "node:fs";
import type { PhoneConfig } from "../../../host/config/model.ts";
import { type CoreExports, instantiate, type Wrap } from "../../../host/core/load.ts";
import { aboutPhone } from "../../../host/record/about.ts";
import { Recorder } from "../../../host/record/recorder.ts";
import { NOTHING_HIDDEN } from "../../../host/record/tap.ts";
import { parseScenario } from "../../../host/sim/scenario.ts";
import { World } from "../../../host/sim/world.ts";
import { module, OPTIMAL, phoneConfig, type RunOptions } from "../../sim/fixture.ts";
import { TIMELINES } from "../../sim/timelines.ts";

interface Run extends RunOptions {
  readonly untilMs: number;
}

/** All that happens to a phone, in half an hour. */
const OUTAGES = [
  "100 primary silent",
  "150 network loss 20",
  "400 primary back",
  "500 network loss 0",
  "600 backup1 refuses",
  "620 primary restarts",
  "700 host copy",
  "720 primary answers 503 to=REGISTER retry-after=60",
  "800 primary back",
  "820 call begin",
  "840 primary silent",
  "850 backup1 back",
  "1000 host crash",
  "1100 primary back",
  "1150 call end",
  "1200 link down",
  "1230 link up",
  "1300 host reboot",
  "1400 primary challenges off",
  "1450 primary forges",
  "1500 host moveTo backup1",
  "1600 network rebind",
  "1700 host stop",
];

const TRANSPORTS = ["UDP", "TCP", "TLS"] as const;

/** Sleeps between two looks at the whole state. */
const LOOK_EVERY = 50;

/** Whole runs; some let the clock of the core wrap. */
function* runs(): Generator<Run> {
  for (const { options, untilMs, wraps } of TIMELINES)
    yield {
      ...options,
      params: { ...OPTIMAL, ...options.params },
      untilMs,
      clockAtMs: 2 ** 32 - (wraps[1] ?? 0),
    };
  for (const { until, ...run } of JSON.parse(readFileSync("tests/sim/timelines.json", "utf8")))
    yield { ...run, untilMs: until * 1000 };
  for (const transport of TRANSPORTS)
    yield { servers: 4, lines: 8, params: { ...OPTIMAL, transport }, scenario: OUTAGES, untilMs: 1_800_000 };
}

/** The lines of the script. */
export function script(): string[] {
  const played = [...runs()].map(({ servers, lines, params, scenario = [], ...options }) => {
    const config = phoneConfig({
      ...(servers !== undefined && { servers }),
      ...(lines !== undefined && { lines }),
      ...(params !== undefined && { params }),
    });
    const steps = parseScenario(scenario.join("\n"));
    return recorded(config, (wrap) => {
      new World({ module: module(), ...options, config, steps, wrap, isQuiet: true }).runTo(options.untilMs);
    });
  });
  const edges = recorded(phoneConfig(), (wrap) => callEverything(wrap(instantiate(module()))));
  return [...played, edges].flatMap(withLooks);
}

/** Every call that a run has no cause to make, with arguments on both sides of what is allowed. */
function callEverything(core: CoreExports): void {
  const give = (text: string) => Buffer.from(core.memory.buffer).write(text, core.buffer(), "latin1");
  core.setSeed();
  for (const value of [0, 1, 2 ** 31 - 1]) for (const id of [0, 1, 46, 47, 255]) core.setParam(id, value);
  for (const server of [0, 3, 4, 255])
    for (const port of [0, 1, 65_535, 65_536]) core.setServer(server, port, 3 & port);
  for (const count of [0, 1, 8, 9]) core.setTargets(0, count, 0);
  for (const length of [0, 47, 48, 2049])
    for (const what of [0, 1, 10, 11, 255]) core.setText(what, 0, 0, length);
  for (const text of ["garbage\r\n\r\n", "SIP/2.0 200 OK\r\nContent-Length: x\r\n\r\n"])
    core.frame(give(text));
  core.start(0);
  core.flow(0, 0, 9, 1);
  core.command(99, 0, 0, 2);
  core.poll();
}

function recorded(config: PhoneConfig, run: (wrap: Wrap) => void): string[] {
  const text: string[] = [];
  const recorder = new Recorder({
    about: () => aboutPhone(config, module(), "2026-01-31T12:00:00.000Z"),
    write: (line) => text.push(line.replace(/\n$/, "")),
    hide: NOTHING_HIDDEN,
  });
  run(recorder.wrap);
  recorder.end();
  return text;
}

/** Looks at the whole state after some sleeps and at the end: `< state`. */
function withLooks(recording: readonly string[]): string[] {
  let sleeps = 0;
  return recording.flatMap((line) => {
    const looks = /^\w+ \d+ (# end|< sleep)/.exec(line)?.[1];
    const isDue = looks === "# end" || (looks === "< sleep" && ++sleeps % LOOK_EVERY === 0);
    return isDue ? [line, `00000000 0 < state`] : [line];
  });
}
