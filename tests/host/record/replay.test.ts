// What a replay finds: an output that is another, a module that decides otherwise, a trap, and calls of every kind.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { Agent } from "../../../host/core/agent.ts";
import { load } from "../../../host/core/load.ts";
import { NoRecording } from "../../../host/record/reader.ts";
import { checksum, checksumText } from "../../../host/record/recorder.ts";
import { module, OPTIMAL, phoneConfig, world } from "../../sim/fixture.ts";
import { trappingAt } from "../../tools/trapping.ts";
import { forged, recorded, replayed, Tape } from "./recording.ts";

const RUN = { untilMs: 130_000, params: OPTIMAL, scenario: ["100 primary silent"] } as const;
const WHOLE = recorded(RUN).bytes;
const LINES = new TextDecoder().decode(WHOLE).split("\n").slice(0, -1);

test("checksums are those of zlib", () => {
  assert.equal(checksumText(checksum("123456789", 0)), "cbf43926");
  assert.deepEqual(forged(LINES), WHOLE);
});

/** One byte of the last word of a line made another one. */
function changed(line: string): string {
  const at = line.search(/\w\W*$/);
  return `${line.slice(0, at)}${line[at] === "7" ? "8" : "7"}${line.slice(at + 1)}`;
}

test("every output that is another one is found, with what was recorded and what came", () => {
  const outputs = LINES.flatMap((line, index) => (/^\w+ \d+ < (?!event|stopped)/.test(line) ? [index] : []));
  assert.ok(outputs.length > 20, `${outputs.length} outputs`);
  for (const index of outputs) {
    const line = changed(LINES[index] as string);
    const { difference } = replayed(forged(LINES.with(index, line)));
    const written = line.replace(/^\w+ \d+ /, "");
    const really = (LINES[index] as string).replace(/^\w+ \d+ /, "");
    assert.equal(difference?.line, index + 1);
    assert.equal(difference.recorded, written);
    assert.equal(difference.now, really);
  }
});

test("every number of an event counts, its name does not", () => {
  const index = LINES.findIndex((line) => line.endsWith(" serverDown"));
  const words = (LINES[index] as string).split(" ");
  for (let at = 4; at < 14; at++) {
    const line = words.with(at, `${Number(words[at]) + 1}`).join(" ");
    assert.equal(replayed(forged(LINES.with(index, line))).difference?.line, index + 1, line);
  }
  const named = words.with(14, "renamed").join(" ");
  assert.equal(replayed(forged(LINES.with(index, named))).difference, undefined);
});

test("an input that is left out makes a difference, and one that is added", () => {
  const answer = LINES.findIndex((line) => / > receive /.test(line));
  const { difference } = replayed(forged(LINES.toSpliced(answer, 1)));
  assert.equal(difference?.line, answer + 1);
  const again = LINES.toSpliced(answer, 0, LINES[answer] as string);
  // While an event waits to be read the module takes nothing: E_STATE.
  assert.match(replayed(forged(again)).difference?.now ?? "", /^< (result|send)/);
});

test("a result that is recorded and does not come is a difference", () => {
  const start = LINES.findIndex((line) => line.endsWith(" > start"));
  const lines = LINES.toSpliced(start + 1, 0, "00000000 0 < result -5");
  const { difference } = replayed(forged(lines));
  assert.deepEqual([difference?.recorded, difference?.now], ["< result -5", "< result 0"]);
});

test("a call that this program does not know is refused in words", () => {
  for (const call of ["> teleport 1", "> setParam 1", "> receive 0 5 \\q", "> setServer 0 5060 x"]) {
    const lines = LINES.toSpliced(12, 0, `00000000 0 ${call}`);
    assert.throws(() => replayed(forged(lines)), NoRecording, call);
  }
});

const SHIPPED = new Uint8Array(readFileSync("build/standfast.wasm"));
const trapping = (name: string): Uint8Array => trappingAt(SHIPPED, name);

for (const name of ["command", "poll", "start"]) {
  test(`a trap in ${name} stands in the recording, and a replay traps there too`, () => {
    const config = phoneConfig();
    const tape = new Tape(config);
    const bad = trapping(name);
    const agent = new Agent(load(bad, tape.recorder.wrap), () => {});
    const places = config.servers.map(() => ({ address: "192.0.2.1", local: "192.0.2.9:5060" }));
    agent.configure(config, places, { seed: new Uint8Array(32), instance: "0a0b0c0d", userAgent: "x" });
    agent.start(5);
    agent.feed({ kind: "command", command: "refresh" }, 10);
    const text = new TextDecoder().decode(tape.bytes);
    assert.match(text, /< trap unreachable\n$/);
    const { difference, events } = replayed(tape.bytes, bad);
    assert.equal(difference, undefined);
    assert.deepEqual(events.at(-1)?.type, "fault");
    const healthy = replayed(tape.bytes);
    assert.match(healthy.difference?.now ?? "", /^< (result|send|sleep)/);
    assert.equal(healthy.difference?.recorded, "< trap unreachable");
  });
}

test("a module that decides otherwise differs at the first thing it does otherwise", () => {
  const { difference } = replayed(WHOLE, trapping("failed"));
  assert.equal(difference, undefined, "this run never calls it");
  const { difference: other, events } = replayed(WHOLE, trapping("receive"));
  assert.equal(other?.now, "< trap unreachable");
  assert.deepEqual(events, []);
});

test("texts, targets, flows, frames and failures are recorded and replayed", () => {
  const config = phoneConfig({ params: { transport: "TCP" } });
  const tape = new Tape(config);
  const opened: number[] = [];
  const agent = new Agent(load(module(), tape.recorder.wrap), (output) => {
    if (output.kind === "flow") opened.push(output.flow);
  });
  const places = config.servers.map(() => ({ address: "192.0.2.1", local: "192.0.2.9:5060" }));
  agent.configure(config, places, { seed: new Uint8Array(32), instance: "0a0b0c0d", userAgent: "x" });
  agent.start(0);
  agent.targets(0, 3, 1);
  agent.place(1, { address: "2001:db8::1", local: "[2001:db8::9]:5060" });
  agent.feed({ kind: "flow", server: 0, flow: opened[0] ?? 0, state: abi.FLOW_UP }, 20);
  const broken = new TextEncoder().encode("no SIP at all\r\n\r\n");
  assert.ok(agent.core.frame(broken) < 0);
  agent.core.frame(new TextEncoder().encode("\r\n\r\n")); // a keepalive: no trace of it
  agent.feed({ kind: "failed", server: 1 }, 30);
  agent.feed({ kind: "datagram", source: "foreign", bytes: new TextEncoder().encode("x") }, 40);
  agent.feed({ kind: "datagram", source: 0, bytes: new Uint8Array(3000).fill(0x41) }, 50);
  agent.feed({ kind: "command", command: "stop" }, 60);
  tape.recorder.end();
  const text = new TextDecoder().decode(tape.bytes);
  for (const record of [
    "> setTargets 0 3 1",
    "> setText 7 0 1 [2001:db8::9]:5060",
    `> flow 0 ${opened[0]} ${abi.FLOW_UP}`,
    `> frame ${broken.length} no SIP at all\\r\\n\\r\\n\n`,
    "> failed 1",
    "> receive 255 1 x",
    `> receive 0 3000 ${"A".repeat(2048)}\n`,
    "< flow 0 0 ",
  ]) {
    assert.ok(text.includes(record), record);
  }
  assert.equal(text.match(/> frame/g)?.length, 1);
  const { difference, ending, inputs } = replayed(tape.bytes);
  assert.equal(difference, undefined);
  assert.deepEqual(ending, { kind: "whole" });
  assert.equal(inputs, text.match(/ > /g)?.length);
});

test("a refused password leaves no trace, a refused text does", () => {
  const tape = new Tape(phoneConfig());
  const core = load(module(), tape.recorder.wrap);
  core.setSeed(new Uint8Array(32));
  assert.throws(() => core.setText(abi.TEXT_PASSWORD, 0, 0, "p".repeat(50)));
  assert.throws(() => core.setText(abi.TEXT_ACCOUNT, 0, 0, "a".repeat(50)));
  core.setServer(0, 5060, 0);
  const text = new TextDecoder().decode(tape.bytes);
  assert.equal(text.includes("setText 3"), false);
  assert.match(text, /> setText 2 0 0 a{50}\n\w+ 0 < result -\d+\n/);
  assert.equal(replayed(tape.bytes).difference, undefined);
});

test("the instance that was wrapped last is recorded, and the one before no longer", () => {
  const tape = new Tape(phoneConfig({ lines: 1 }));
  const old = world({ wrap: tape.recorder.wrap }).runTo(1000);
  const young = world({ wrap: tape.recorder.wrap, seed: 2 }).runTo(2000);
  old.runTo(400_000);
  young.runTo(100_000);
  tape.recorder.end();
  const text = new TextDecoder().decode(tape.bytes);
  assert.equal(text.match(/ # boot\n/g)?.length, 2);
  const { difference, events } = replayed(tape.bytes);
  assert.equal(difference, undefined);
  assert.equal(events.filter(({ type }) => type === "inService").length, 2);
});
