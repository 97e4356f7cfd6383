// Plays a script to the module in V8 and gives all that comes out: what every other target has to write too.
//
// As player.c does it, on the reader of calls and the writer of outputs that a replay has. Above: script.ts.

import * as abi from "../../../assembly/abi.ts";
import { type CompiledModule, type CoreExports, instantiate } from "../../../host/core/load.ts";
import { readCall } from "../../../host/record/calls.ts";
import { escapeBytes } from "../../../host/record/escape.ts";
import { outputText } from "../../../host/record/output.ts";
import { checksum } from "../../../host/record/recorder.ts";
import { NOTHING_HIDDEN } from "../../../host/record/tap.ts";

/** @param script lines of player.h; @returns lines */
export function play(script: readonly string[], module: CompiledModule): string[] {
  let core = instantiate(module);
  let clock = 0;
  const said: string[] = [];
  for (const line of script.filter((line) => !line.startsWith("standfast "))) {
    const [, time = "0", mark, text = ""] = /^\S+ (\d+) ([#<>]) (.*)$/.exec(line) ?? [];
    if (text === "boot") core = instantiate(module);
    else if (text.startsWith("clock ")) clock = Number(text.slice("clock ".length));
    else if (mark === ">") said.push(...resultOf(core, text, (clock + Number(time)) >>> 0));
    else if (mark === "<" && text === "state") said.push(...stateOf(core));
    else if (mark === "<" && !text.startsWith("result ")) said.push(polled(core));
  }
  return said;
}

function resultOf(core: CoreExports, text: string, now: number): string[] {
  const call = readCall(text);
  if (call === undefined) throw new Error(`no such call: ${text}`);
  const result = call(core, now | 0);
  return result === 0 ? [] : [`result ${result}`];
}

function polled(core: CoreExports): string {
  return outputText(core, core.poll(), NOTHING_HIDDEN.message).replace(/^(event(?: \d+)+) \w+$/, "$1");
}

/** All views and a checksum of the snapshot. */
function stateOf(core: CoreExports): string[] {
  return [...lines(core), ...servers(core), refusals(core), `memory ${snapshotSum(core)}`];
}

function* lines(core: CoreExports): Generator<string> {
  for (let line = 0; ; line++) {
    const at = core.lineView(line) >>> 0;
    if (at === 0) return;
    yield `line ${line} ${fields(core, at, 8, 3)}`;
  }
}

function* servers(core: CoreExports): Generator<string> {
  for (let server = 0; ; server++) {
    const at = core.serverView(server) >>> 0;
    if (at === 0) return;
    yield `server ${server} ${fields(core, at, 4, 4)}`;
    const contact = core.contact(server) >>> 0;
    if (contact === 0) continue;
    const [length = 0] = new Uint8Array(core.memory.buffer, contact, 1);
    yield `contact ${server} ${escapeBytes(new Uint8Array(core.memory.buffer, contact + 1, length))}`;
  }
}

/** So many bytes, then so many words of 32 bits. */
function fields(core: CoreExports, at: number, bytes: number, words: number): string {
  const view = new DataView(core.memory.buffer, at);
  const small = [...Array(bytes).keys()].map((offset) => view.getUint8(offset));
  const wide = [...Array(words).keys()].map((index) => view.getUint32(bytes + 4 * index, true));
  return [...small, ...wide].join(" ");
}

function refusals(core: CoreExports): string {
  const reasons = [...Array(abi.REFUSED_COUNT).keys()];
  return `refused ${reasons.map((reason) => core.refused(reason) >>> 0).join(" ")}`;
}

function snapshotSum(core: CoreExports): number {
  const bytes = new Uint8Array(core.memory.buffer, 0, core.buffer() >>> 0);
  return checksum(Buffer.from(bytes).toString("latin1"), 0) >>> 0;
}
