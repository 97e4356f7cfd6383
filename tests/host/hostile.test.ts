// What anybody on the network may send: noise, pieces, giants, replays, guesses. Each is refused with a
// counted reason, the line stays in service, nothing moves and nothing is sent in answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as abi from "../../assembly/abi.ts";
import { refusalName } from "../../host/core/results.ts";
import type { World } from "../../host/sim/world.ts";
import { type RunOptions, sent, world } from "../sim/fixture.ts";

const ALL_REASONS = [...Array(abi.REFUSED_COUNT).keys()];

/** How often each reason was counted, those at 0 left out. */
function refusals(world: World): Record<string, number> {
  const counts = ALL_REASONS.map(
    (reason) => [refusalName(reason), world.agent.core.refused(reason)] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

function refusedInAll(world: World): number {
  return ALL_REASONS.reduce((sum, reason) => sum + world.agent.core.refused(reason), 0);
}

/** A phone in service at 10 s, with everything the servers ever said to it. */
function target(options: RunOptions = {}): { world: World; answers: Uint8Array[] } {
  const answers: Uint8Array[] = [];
  const served = world({
    ...options,
    watch: {
      packet: ({ from, bytes }) => {
        if (from === "server") answers.push(bytes);
      },
    },
  }).runTo(10_000);
  assert.equal(served.agent.lines()[0]?.state, "served");
  return { world: served, answers };
}

/** Nothing was decided and nothing was sent but what a quiet phone sends. */
function undisturbed(world: World, untilMs = 100_000): void {
  world.runTo(untilMs);
  const told = world.events.filter(
    ({ t, type }) => t >= 10_000 && type !== "packetRefused" && type !== "bound",
  );
  assert.deepEqual(told, []);
  assert.deepEqual(sent(world.packets.filter(({ at }) => at >= 10_000)), [
    "60000 primary REGISTER 6000 cseq=3 expires=120 auth",
    "90000 primary OPTIONS 6000 cseq=1",
  ]);
  assert.equal(world.agent.lines()[0]?.server, "primary");
  assert.equal(world.agent.lines()[0]?.state, "served");
}

/** A repeatable stream of numbers below `limit`: xorshift32. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** Until the binding lapses, ms: an accepted answer to a refresh of 120 s makes it longer. */
function leaseMs(world: World): number {
  return world.agent.lines()[0]?.leaseMs ?? 0;
}

function edit(bytes: Uint8Array | undefined, pattern: RegExp, by: string): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  assert.match(text, pattern);
  return new TextEncoder().encode(text.replace(pattern, by));
}

/** The message with one of its header lines twice, the second one elsewhere. */
function doubled(sample: Uint8Array, draw: (limit: number) => number): Uint8Array {
  const [start = "", ...lines] = new TextDecoder().decode(sample).split("\r\n");
  const headers = lines.indexOf("");
  lines.splice(draw(headers + 1), 0, lines[draw(headers)] ?? "");
  return new TextEncoder().encode([start, ...lines].join("\r\n"));
}

const SOURCES = ["primary", "backup1", "foreign", "listed"] as const;

test("a hundred thousand datagrams of noise, pieces and bent answers are each refused or handed back", () => {
  const { world, answers } = target();
  const draw = numbers(20_260_721);
  const makers: ((sample: Uint8Array) => Uint8Array)[] = [
    () => Uint8Array.from({ length: 1 + draw(600) }, () => draw(256)),
    () => Uint8Array.from({ length: 1 + draw(200) }, () => 32 + draw(95)),
    (sample) => sample.slice(0, 1 + draw(sample.length - 1)),
    (sample) => sample.map((byte) => (draw(40) === 0 ? draw(256) : byte)),
    (sample) => sample.map((byte, at) => (at === sample.length >> 1 ? byte ^ (1 << draw(8)) : byte)),
    (sample) => Uint8Array.from([...sample.slice(draw(sample.length)), ...sample]),
    (sample) => doubled(sample, draw),
  ];
  const count = 100_000;
  for (let index = 0; index < count; index++) {
    const make = makers[index % makers.length];
    const sample = answers[draw(answers.length)];
    if (make === undefined || sample === undefined) assert.fail();
    world.inject(make(sample), SOURCES[draw(SOURCES.length)] ?? "foreign", index % 40_000);
  }
  undisturbed(world);
  assert.equal(refusedInAll(world) + world.handedBack.length, count);
  assert.ok(refusedInAll(world) > 50_000, JSON.stringify(refusals(world)));
});

test("an answer cut at every byte is refused, also while its request waits for it", () => {
  const { world, answers } = target({ scenario: ["20 primary latency 1000"] });
  world.runTo(60_000);
  const expected = answers.at(-1) ?? new Uint8Array();
  for (let length = 1; length < expected.length; length++) world.inject(expected.slice(0, length), "primary");
  world.runTo(60_900);
  assert.equal(refusedInAll(world) + world.handedBack.length, expected.length - 1);
  assert.ok(leaseMs(world) <= 60_000, "no piece of the answer binds");
  world.runTo(61_000);
  assert.equal(leaseMs(world), 119_000, "the whole answer does");
});

test("a giant is refused and counted, whatever it begins with", () => {
  const { world, answers } = target();
  for (const size of [2049, 4096, 65_507]) {
    const giant = new Uint8Array(size).fill(32);
    giant.set(answers[1] ?? []);
    world.inject(giant, "primary");
  }
  undisturbed(world);
  assert.equal(refusedInAll(world), 3);
});

test("everything a server ever said, said again, is late", () => {
  const { world, answers } = target();
  assert.equal(answers.length, 2, "401 and 200");
  for (const source of SOURCES) for (const bytes of answers) world.inject(bytes, source);
  undisturbed(world);
  assert.deepEqual(refusals(world), { late: 8 });
});

test("an answer to the request under way with one wrong mark is refused, the right one is taken", () => {
  const rows: [RegExp, string, string][] = [
    [/branch=z9hG4bK[0-9a-f]{4}/, "branch=z9hG4bK0000", "unknownAnswer"],
    [/branch=z9hG4bK[0-9a-f]+/, "branch=z9hG4bK", "unknownAnswer"],
    [/branch=z9hG4bK/, "branch=", "unknownAnswer"],
    [/Call-ID: ..../, "Call-ID: 0000", "unknownAnswer"],
    [/(From: .*tag=)..../, "$10000", "mismatch"],
    [/CSeq: 3 /, "CSeq: 4 ", "mismatch"],
    [/CSeq: 3 /, "CSeq: 2 ", "mismatch"],
    [/CSeq: 3 REGISTER/, "CSeq: 3 OPTIONS", "mismatch"],
    [/(Via: .*)\r\n/, "$1\r\n$1\r\n", "mismatch"],
  ];
  for (const [pattern, by, reason] of rows) {
    const { world, answers } = target({ scenario: ["20 primary latency 1000"] });
    world.runTo(60_000);
    world.inject(edit(answers.at(-1), pattern, by), "primary", 100);
    world.runTo(60_900);
    assert.deepEqual(refusals(world), { [reason]: 1 }, `${pattern}`);
    assert.ok(leaseMs(world) <= 60_000, `${pattern}`);
    world.runTo(61_000);
    assert.equal(leaseMs(world), 119_000, `${pattern}`);
  }
});

test("the right answer from another address is refused when only servers may speak, once and for all", () => {
  const params = { acceptOnlyFromServer: true };
  const { world, answers } = target({ params, scenario: ["20 primary latency 1000"] });
  world.runTo(60_000);
  for (let index = 0; index < 50; index++) world.inject(answers.at(-1) ?? new Uint8Array(), "foreign", index);
  world.runTo(60_900);
  assert.deepEqual(refusals(world), { foreign: 50 });
  assert.ok(leaseMs(world) <= 60_000);
  world.runTo(100_000);
  assert.equal(world.agent.lines()[0]?.server, "primary");
});

test("forged rejections, redirects and busy answers that fit nothing move nobody", () => {
  const { world, answers } = target();
  const bound = answers[1];
  let count = 0;
  for (const status of [301, 302, 401, 403, 404, 408, 423, 500, 503, 600]) {
    for (const branch of ["z9hG4bK0123456789abcdef", "z9hG4bKx", "1"]) {
      const guess = edit(
        edit(bound, /^SIP\/2\.0 200/, `SIP/2.0 ${status}`),
        /branch=[^;\r]+/,
        `branch=${branch}`,
      );
      world.inject(guess, "primary");
      count++;
    }
  }
  undisturbed(world);
  assert.equal(refusedInAll(world), count);
});

test("refusals are counted each and told at most every ten seconds", () => {
  const { world, answers } = target();
  for (let index = 0; index < 600; index++)
    world.inject(answers[0] ?? new Uint8Array(), "primary", index * 100);
  world.runTo(80_000);
  const told = world.events.filter(({ type }) => type === "packetRefused");
  assert.equal(world.agent.core.refused(abi.R_LATE), 600);
  // A datagram that comes with the end of the ten seconds is taken before it: the next one is told.
  assert.deepEqual(
    told.map(({ t, reason }) => ({ t, ...reason })),
    [
      [10_000, 1],
      [20_100, 102],
      [30_200, 203],
      [40_300, 304],
      [50_400, 405],
      [60_500, 506],
    ].map(([t, count]) => ({ t, rule: "transport", refusal: "late", count })),
  );
});
