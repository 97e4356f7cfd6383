// Instances that follow one another: after a crash from the last state, after a loss of power from nothing, and from
// the state of an earlier run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { E_LENGTH } from "../../../assembly/abi.ts";
import { Agent } from "../../../host/core/agent.ts";
import { load } from "../../../host/core/load.ts";
import { module, OPTIMAL, phoneConfig } from "../../sim/fixture.ts";
import { forged, recorded, replayed, Tape } from "./recording.ts";

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test("a crash is recorded with the state that the next instance goes on from, and replays the same", () => {
  const scenario = [
    "100 primary silent",
    "200 call begin",
    "300 host crash",
    "400 primary back",
    "500 call end",
  ];
  const { bytes, world } = recorded({ scenario, untilMs: 700_000, params: OPTIMAL });
  const { difference, ending, events } = replayed(bytes);
  assert.equal(difference, undefined);
  assert.deepEqual(ending, { kind: "whole" });
  // That the instance was lost is the host's word; the module did not trap.
  assert.deepEqual(
    events,
    world.events.filter(({ type }) => type !== "fault"),
  );
  const text = textOf(bytes);
  assert.equal(text.match(/ # boot\n/g)?.length, 2);
  assert.match(text, /\n\w+ \d+ # boot\n\w+ \d+ > memory \S/);
  assert.match(text, /\n\w+ 300000 > resume \S/);
  assert.equal(/secret-\d/.test(text), false);
});

test("a run that goes on in a copy of the instance replays the same", () => {
  const scenario = ["100 primary silent", "200 host copy", "400 primary back"];
  const { bytes, world } = recorded({ scenario, untilMs: 700_000, params: OPTIMAL });
  const { difference, events } = replayed(bytes);
  assert.equal(difference, undefined);
  assert.deepEqual(events, world.events);
  assert.equal(textOf(bytes).match(/ # boot\n/g)?.length, 2);
});

test("a loss of power is another instance without a state", () => {
  const { bytes, world } = recorded({ scenario: ["100 host reboot"], untilMs: 300_000, params: OPTIMAL });
  assert.equal(replayed(bytes).difference, undefined);
  assert.deepEqual(replayed(bytes).events, world.events);
  assert.equal(textOf(bytes).match(/ # boot\n/g)?.length, 2);
  assert.equal(textOf(bytes).includes("> memory"), false);
});

test("a run that begins from the state of an earlier one replays the same", () => {
  const config = phoneConfig({ params: OPTIMAL });
  const places = config.servers.map((_, rank) => ({ address: `192.0.2.${rank}`, local: "192.0.2.9:5060" }));
  const identity = { seed: new Uint8Array(32), instance: "0a0b0c0d", userAgent: "x" };
  const first = new Agent(load(module()), () => {});
  first.configure(config, places, identity);
  first.start(5000);
  const image = first.image;
  assert.ok(image);

  const tape = new Tape(config);
  const second = new Agent(load(module(), tape.recorder.wrap), () => {});
  second.configure(config, places, { ...identity, seed: new Uint8Array(32).fill(7) });
  second.resume(image, 90_000);
  second.feed({ kind: "tick" }, 92_000);
  tape.recorder.end();
  assert.match(textOf(tape.bytes), /> memory .*\n(.*> setText .*\n)+(.*\n)*.*> resume /);
  const { difference, outputs } = replayed(tape.bytes);
  assert.equal(difference, undefined);
  assert.ok(outputs > 2, `${outputs} outputs`);
});

test("the state of another build is no state of this one", () => {
  const { bytes } = recorded({ scenario: ["100 host crash"], untilMs: 110_000, params: OPTIMAL });
  const lines = textOf(bytes).split("\n").slice(0, -1);
  const at = lines.findIndex((line) => / > memory /.test(line));
  const { difference } = replayed(forged(lines.with(at, "00000000 100000 > memory too short")));
  assert.equal(difference?.now, `< result ${E_LENGTH}`);
});
