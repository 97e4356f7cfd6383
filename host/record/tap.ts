// Writes down each call of one instance and all it hands out, in the words of docs/replay.md.
//
// It stands where the exports are called, below core.ts: what is recorded is what any host on any target has to
// do again. A call is written before it is made, so that one that traps stands in the recording too; its result
// only where it is not 0. Views change nothing and are left out. Below: output.ts, mask.ts. Above: recorder.ts.

import * as abi from "../../assembly/abi.ts";
import { INPUT_MAX } from "../core/core.ts";
import type { CoreExports } from "../core/load.ts";
import { CORE } from "../params/table.ts";
import { escapeBytes } from "./escape.ts";
import { masked } from "./mask.ts";
import { outputText, trapText } from "./output.ts";

/** Takes what is told of one instance. */
export interface Log {
  /** The core is given this time: u32, ms. */
  pass(now: number): void;
  /** One record, without time and checksum. */
  write(text: string): void;
}

/** What is written of what may be secret. */
export interface Hide {
  readonly message: (bytes: Uint8Array) => Uint8Array;
  readonly password: (bytes: Uint8Array) => string;
}

/** For every recording of a phone of somebody's. */
const HIDDEN: Hide = { message: masked, password: () => "*" };
/** For phones that were made up, whose recordings are compared byte for byte. */
export const NOTHING_HIDDEN: Hide = { message: (bytes) => bytes, password: escapeBytes };

/** The same exports, each call told. */
export function tap(exports: CoreExports, log: Log, hide: Hide = HIDDEN): CoreExports {
  const input = (length: number): Uint8Array =>
    new Uint8Array(exports.memory.buffer, exports.buffer() >>> 0, Math.min(length >>> 0, INPUT_MAX));
  const call = (text: string, make: () => number): number => {
    log.write(`> ${text}`);
    const result = trapTold(log, make);
    if (result !== 0) log.write(`< result ${result}`);
    return result;
  };
  const timed = (now: number, text: string, make: () => number): number => {
    log.pass(now >>> 0);
    return call(text, make);
  };
  return {
    ...exports,
    setSeed: () => call(`setSeed ${escapeBytes(input(32))}`, () => exports.setSeed()),
    setParam: (id, value) =>
      call(`setParam ${id} ${value} ${paramName(id)}`, () => exports.setParam(id, value)),
    setServer: (...args) => call(`setServer ${args.join(" ")}`, () => exports.setServer(...args)),
    setText: (what, line, server, length) => {
      const make = (): number => exports.setText(what, line, server, length);
      const words = `setText ${what} ${line} ${server}`;
      if (what === abi.TEXT_PASSWORD)
        return afterwards(log, make, (result) => result === 0, `${words} ${hide.password(input(length))}`);
      return call(`${words} ${escapeBytes(input(length))}`, make);
    },
    setTargets: (...args) => call(`setTargets ${args.join(" ")}`, () => exports.setTargets(...args)),
    start: (now) => timed(now, "start", () => exports.start(now)),
    resume: (now) => timed(now, `resume ${escapeBytes(input(32))}`, () => exports.resume(now)),
    restored: () => {
      const state = new Uint8Array(exports.memory.buffer, 0, exports.buffer() >>> 0);
      log.write(`> memory ${escapeBytes(state)}`);
      exports.restored?.();
    },
    receive: (server, length, now) =>
      timed(now, `receive ${server} ${length} ${escapeBytes(hide.message(input(length)))}`, () =>
        exports.receive(server, length, now),
      ),
    flow: (server, generation, state, now) =>
      timed(now, `flow ${server} ${generation} ${state}`, () => exports.flow(server, generation, state, now)),
    // Where a unit ends is asked for every piece of a stream; only what is refused is counted, and so remembered.
    frame: (length) => {
      const words = `frame ${length} ${escapeBytes(hide.message(input(length)))}`;
      return afterwards(
        log,
        () => exports.frame(length),
        (result) => result < 0,
        words,
      );
    },
    failed: (server, now) => timed(now, `failed ${server}`, () => exports.failed(server, now)),
    wake: (now) => timed(now, "wake", () => exports.wake(now)),
    command: (code, line, server, now) =>
      timed(now, `command ${code} ${line} ${server}`, () => exports.command(code, line, server, now)),
    poll: () => {
      const kind = trapTold(log, () => exports.poll());
      log.write(`< ${outputText(exports, kind, hide.message)}`);
      return kind;
    },
  };
}

/** Writes a call when it is done, and only if it mattered. */
function afterwards(
  log: Log,
  make: () => number,
  matters: (result: number) => boolean,
  words: string,
): number {
  const result = make();
  if (!matters(result)) return result;
  log.write(`> ${words}`);
  if (result !== 0) log.write(`< result ${result}`);
  return result;
}

function trapTold(log: Log, make: () => number): number {
  try {
    return make();
  } catch (error) {
    log.write(`< ${trapText(error)}`);
    throw error;
  }
}

function paramName(id: number): string {
  return CORE.find((row) => row.id === id)?.name ?? "";
}
