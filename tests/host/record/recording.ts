// A recording in virtual time, and what a replay makes of one.

import type { PhoneConfig } from "../../../host/config/model.ts";
import type { PhoneEvent } from "../../../host/core/events.ts";
import type { CompiledModule } from "../../../host/core/load.ts";
import { aboutPhone } from "../../../host/record/about.ts";
import { readHead } from "../../../host/record/head.ts";
import { type Ending, Reader } from "../../../host/record/reader.ts";
import { checksum, checksumText, Recorder } from "../../../host/record/recorder.ts";
import { type Outcome, replay } from "../../../host/record/replay.ts";
import { parseScenario } from "../../../host/sim/scenario.ts";
import { World } from "../../../host/sim/world.ts";
import { module, phoneConfig, type Setting } from "../../sim/fixture.ts";

const DATE = "2026-01-31T12:00:00.000Z";

/** A recorder that keeps its text. */
export class Tape {
  #text = "";
  readonly recorder: Recorder;

  constructor(config: PhoneConfig) {
    this.recorder = new Recorder({
      about: () => aboutPhone(config, module(), DATE),
      write: (text) => {
        this.#text += text;
      },
    });
  }

  get bytes(): Uint8Array {
    return new TextEncoder().encode(this.#text);
  }
}

export interface Run {
  readonly servers?: number;
  readonly lines?: number;
  readonly params?: Setting;
  readonly scenario?: readonly string[];
  readonly untilMs: number;
  readonly clockAtMs?: number;
}

/** Plays a scenario; the recording of it, and the world after it. */
export function recorded(run: Run): { readonly bytes: Uint8Array; readonly world: World } {
  const config = phoneConfig(run);
  const tape = new Tape(config);
  const world = new World({
    module: module(),
    config,
    steps: parseScenario((run.scenario ?? []).join("\n")),
    wrap: tape.recorder.wrap,
    ...(run.clockAtMs !== undefined && { clockAtMs: run.clockAtMs }),
  }).runTo(run.untilMs);
  tape.recorder.end();
  return { bytes: tape.bytes, world };
}

export interface Replayed extends Outcome {
  readonly ending: Ending | undefined;
  readonly events: readonly PhoneEvent[];
}

/** Replays bytes with the shipped module, or another. */
export function replayed(bytes: Uint8Array, with_: Uint8Array | CompiledModule = module()): Replayed {
  const reader = new Reader(bytes);
  const about = readHead(reader);
  if (about === undefined) return { inputs: 0, outputs: 0, t: 0, ending: reader.ending, events: [] };
  const events: PhoneEvent[] = [];
  const outcome = replay({ reader, about, module: with_, tell: (event) => events.push(event) });
  return { ...outcome, ending: reader.ending, events };
}

/** Lines with checksums that fit, as if they had been written so. */
export function forged(lines: readonly string[]): Uint8Array {
  const [first = "", ...rest] = lines;
  let sum = checksum(first, 0);
  const signed = rest.map((line) => {
    const body = line.slice(9);
    sum = checksum(body, sum);
    return `${checksumText(sum)} ${body}`;
  });
  return new TextEncoder().encode(`${[first, ...signed].join("\n")}\n`);
}
