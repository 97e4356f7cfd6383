// The agent against a core that only writes down: what is set, what is fed, in which order things go out.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as abi from "../../../assembly/abi.ts";
import { Agent, type Output } from "../../../host/core/agent.ts";
import { Core } from "../../../host/core/core.ts";
import { CoreError } from "../../../host/core/results.ts";
import { CORE } from "../../../host/params/table.ts";
import { phoneConfig } from "../../sim/fixture.ts";
import { FakeCore } from "./fake.ts";

const IDENTITY = { seed: new Uint8Array(32).fill(65), instance: "0a0b0c0d", userAgent: "test" };
const PLACES = [
  { address: "192.0.2.1", local: "192.0.2.9:5060" },
  { address: "192.0.2.2", local: "192.0.2.9:5060" },
];

function bench(): { fake: FakeCore; agent: Agent; outputs: Output[] } {
  const fake = new FakeCore();
  const outputs: Output[] = [];
  const agent = new Agent(new Core(fake.exports), (output) => outputs.push(output));
  agent.configure(phoneConfig({ servers: 2, lines: 2 }), PLACES, IDENTITY);
  return { fake, agent, outputs };
}

test("puts a whole configuration into the core before it starts", () => {
  const { fake } = bench();
  const params = fake.calls.filter((call) => call.startsWith("setParam"));
  assert.equal(params.length, CORE.length);
  assert.ok(params.includes("setParam 0 1800"), "registerRefreshInterval");
  assert.ok(params.includes("setParam 15 1"), "a switch is 1 when on");
  const texts = fake.calls.filter((call) => call.startsWith("setText"));
  assert.ok(texts.includes(`setText ${abi.TEXT_HOST} 0 1 pbx2.example`));
  assert.ok(texts.includes(`setText ${abi.TEXT_ADDRESS} 0 1 192.0.2.2`));
  assert.ok(texts.includes(`setText ${abi.TEXT_LOCAL} 0 0 192.0.2.9:5060`));
  assert.ok(texts.includes(`setText ${abi.TEXT_USER} 1 0 6001`));
  assert.ok(texts.includes(`setText ${abi.TEXT_PASSWORD} 1 1 secret-1`));
  assert.ok(texts.includes(`setText ${abi.TEXT_INSTANCE} 0 0 0a0b0c0d`));
  assert.deepEqual(fake.calls.slice(0, 1), ["setSeed 32"]);
});

test("neither the seed nor a password stays in the input buffer, taken or refused", () => {
  const { fake, agent } = bench();
  const input = new Uint8Array(fake.exports.memory.buffer, fake.exports.buffer(), 2048);
  assert.ok(input.every((byte) => byte === 0));
  fake.results.set("setText", abi.E_STATE);
  agent.start(0);
  const held = { account: "a", password: "b" };
  const change = { kind: "credentials", line: "6000", server: "primary", held } as const;
  assert.throws(() => agent.feed(change, 1), /not now/);
  assert.ok(input.every((byte) => byte === 0));
});

test("carries out every output of an input, in order, until the core sleeps", () => {
  const { fake, agent, outputs } = bench();
  fake.script.push(
    { kind: "send", server: 1, text: "hello" },
    { kind: "event", fields: { type: abi.EV_IN_SERVICE, line: 1, server: 1, at: 50 } },
    { kind: "sleep", ms: 77 },
  );
  agent.start(50);
  assert.deepEqual(outputs, [
    { kind: "send", server: 1, bytes: new TextEncoder().encode("hello") },
    { kind: "event", event: { t: 0, type: "inService", line: "6001", server: "backup1" } },
    { kind: "sleep", forMs: 77 },
  ]);
});

test("an input from within a callback waits for the outputs of the current one", () => {
  const fake = new FakeCore();
  const order: string[] = [];
  const agent = new Agent(new Core(fake.exports), (output) => {
    order.push(output.kind);
    if (output.kind === "send") agent.feed({ kind: "failed", server: 0 }, 0);
  });
  agent.configure(phoneConfig(), PLACES, IDENTITY);
  fake.script.push({ kind: "send", server: 0, text: "x" }, { kind: "sleep", ms: 5 });
  agent.start(0);
  assert.deepEqual(order, ["send", "sleep", "sleep"]);
  assert.deepEqual(fake.calls.slice(-2), ["start 0", "failed 0 0"]);
});

test("counts time from the start across the wrap of the core's clock, and never back", () => {
  const { fake, agent, outputs } = bench();
  const event = (at: number) => ({ kind: "event", fields: { type: abi.EV_SERVER_UP, at } }) as const;
  agent.start(2 ** 32 - 1000);
  fake.script.push(event(2 ** 32 - 400));
  agent.feed({ kind: "tick" }, 2 ** 32 - 400);
  fake.script.push(event(500));
  agent.feed({ kind: "tick" }, 2 ** 32 + 500);
  fake.script.push(event(500));
  agent.feed({ kind: "tick" }, 2 ** 32 + 200);
  const times = outputs.flatMap((output) => (output.kind === "event" ? [output.event.t] : []));
  assert.deepEqual(times, [600, 1500, 1500]);
  assert.deepEqual(fake.calls.slice(-3), ["wake 4294966896", "wake 500", "wake 500"]);
});

test("a long life is counted beyond 2^32 ms", () => {
  const { fake, agent, outputs } = bench();
  agent.start(0);
  for (let day = 1; day <= 120; day++) agent.feed({ kind: "tick" }, day * 86_400_000);
  fake.script.push({
    kind: "event",
    fields: {
      type: abi.EV_SERVER_HOLDING,
      server: 0,
      at: (120 * 86_400_000) % 2 ** 32,
      next: abi.NEXT_RETURN,
      nextMs: 43_200_000,
    },
  });
  agent.feed({ kind: "tick" }, 120 * 86_400_000);
  const last = outputs.findLast((output) => output.kind === "event");
  assert.deepEqual(last?.event, {
    t: 10_368_000_000,
    type: "serverHolding",
    server: "primary",
    next: { what: "return", at: 10_411_200_000 },
  });
});

test("decisions are kept by line, newest first, sixteen of them, with their right time for ever", () => {
  const { fake, agent } = bench();
  agent.start(0);
  fake.script.push({ kind: "event", fields: { type: abi.EV_IN_SERVICE, line: 0, server: 0, at: 0 } });
  agent.feed({ kind: "tick" }, 0);
  for (let day = 1; day <= 60; day++) agent.feed({ kind: "tick" }, day * 86_400_000);
  assert.deepEqual(
    agent.decisions("6000").map(({ t }) => t),
    [0],
    "two months ago",
  );
  for (let count = 0; count < 20; count++) {
    const at = (60 * 86_400_000 + count) % 2 ** 32;
    fake.script.push({ kind: "event", fields: { type: abi.EV_BOUND, line: 0, at } });
    agent.feed({ kind: "tick" }, 60 * 86_400_000 + count);
  }
  const times = agent.decisions("6000").map(({ t }) => t);
  assert.deepEqual([times.length, times[0], times.at(-1)], [16, 5_184_000_019, 5_184_000_004]);
  assert.deepEqual(agent.decisions("6001"), []);
  assert.throws(() => agent.decisions("7"), /there are 6000, 6001/);
});

test("commands name lines and servers; a name that is none is refused with those there are", () => {
  const { fake, agent } = bench();
  agent.start(0);
  agent.feed({ kind: "command", command: "moveTo", line: "6001", server: "backup1" }, 1);
  agent.feed({ kind: "command", command: "refresh" }, 2);
  assert.deepEqual(fake.calls.slice(-2), [
    `command ${abi.CMD_MOVE_TO} 1 1 1`,
    `command ${abi.CMD_REFRESH} 65535 0 2`,
  ]);
  assert.throws(
    () => agent.feed({ kind: "command", command: "refresh", line: "7" }, 3),
    /there are 6000, 6001/,
  );
  assert.throws(
    () => agent.feed({ kind: "command", command: "moveTo", server: "backup9" }, 3),
    /no server "backup9"; there are primary, backup1/,
  );
});

test("new credentials are set before the core is told", () => {
  const { fake, agent } = bench();
  agent.start(0);
  agent.feed(
    { kind: "credentials", line: "6000", server: "backup1", held: { account: "a", password: "b" } },
    1,
  );
  assert.deepEqual(fake.calls.slice(-3), [
    `setText ${abi.TEXT_ACCOUNT} 0 1 a`,
    `setText ${abi.TEXT_PASSWORD} 0 1 b`,
    `command ${abi.CMD_CREDENTIALS} 0 1 1`,
  ]);
});

test("sources keep their kind: a server, a listed address, any other", () => {
  const { fake, agent } = bench();
  agent.start(0);
  const bytes = new Uint8Array(5);
  for (const source of [1, "listed", "foreign"] as const) agent.feed({ kind: "datagram", source, bytes }, 1);
  assert.deepEqual(fake.calls.slice(-3), ["receive 1 5 1", "receive 254 5 1", "receive 255 5 1"]);
});

test("a datagram that is not ours is handed back, one longer than the buffer told at its length", () => {
  const { fake, agent, outputs } = bench();
  agent.start(0);
  fake.results.set("receive", abi.NOT_MINE);
  const bytes = new Uint8Array(3000);
  agent.feed({ kind: "datagram", source: 0, bytes }, 1);
  assert.equal(fake.calls.at(-1), "receive 0 3000 1");
  assert.deepEqual(outputs.at(-2), { kind: "handBack", source: 0, bytes });
});

test("without a spare the first trap is the end: it is told once and nothing is fed any more", () => {
  const { fake, agent, outputs } = bench();
  agent.start(0);
  fake.script.push({ kind: "trap" });
  agent.feed({ kind: "tick" }, 40);
  agent.feed({ kind: "tick" }, 50);
  assert.deepEqual(
    outputs.slice(-2).map((output) => (output.kind === "event" ? output.event : output.kind)),
    [{ t: 40, type: "fault", text: "unreachable" }, "fault"],
  );
  assert.equal(fake.calls.at(-1), "wake 40");
});

test("after stopped nothing is fed any more", () => {
  const { fake, agent, outputs } = bench();
  agent.start(0);
  fake.script.push({ kind: "stopped" });
  agent.feed({ kind: "command", command: "stop" }, 1);
  agent.feed({ kind: "tick" }, 2);
  assert.deepEqual(outputs.at(-1), { kind: "stopped" });
  assert.match(fake.calls.at(-1) ?? "", /^command/);
});

test("a refused setting says the call, the cause and the way out, and never the text", () => {
  const fake = new FakeCore();
  fake.results.set("setText", abi.E_TEXT);
  const agent = new Agent(new Core(fake.exports), () => {});
  assert.throws(
    () => agent.configure(phoneConfig(), PLACES, IDENTITY),
    (error: Error) => {
      assert.ok(error instanceof CoreError);
      assert.match(error.message, /setText 4: no such text, or a control character in it \(text, -6\); send/);
      return true;
    },
  );
});

interface Rescue {
  readonly fakes: readonly FakeCore[];
  readonly agent: Agent;
  readonly outputs: Output[];
}

/** An agent that starts at 0 in `fakes[0]`, and takes the others after its traps; their scripts are prepared. */
function rescued(count: number, prepare: (fakes: readonly FakeCore[]) => void = () => {}): Rescue {
  const fakes = [...Array(count).keys()].map(() => new FakeCore());
  const [first, ...others] = fakes;
  assert.ok(first);
  prepare(fakes);
  const outputs: Output[] = [];
  const spare = {
    load: () => {
      const next = others.shift();
      assert.ok(next, "one instance more than there should be");
      return new Core(next.exports);
    },
    seed: () => new Uint8Array(32).fill(66),
  };
  const agent = new Agent(new Core(first.exports), (output) => outputs.push(output), spare);
  agent.configure(phoneConfig({ servers: 2, lines: 2 }), PLACES, IDENTITY);
  agent.start(0);
  return { fakes, agent, outputs };
}

const faults = (outputs: readonly Output[]) =>
  outputs.flatMap((output) =>
    output.kind === "event" && output.event.type === "fault" ? [output.event] : [],
  );

test("after a trap another instance gets the state, the credentials of now and the places, and the input is not fed again", () => {
  const { fakes, agent, outputs } = rescued(2);
  const [first, second] = fakes;
  assert.ok(first && second);
  const held = { account: "new", password: "word" };
  agent.feed({ kind: "credentials", line: "6001", server: "backup1", held }, 10);
  agent.place(0, { address: "192.0.2.7", local: "192.0.2.9:5062" });
  new Uint8Array(first.exports.memory.buffer)[100] = 77;
  agent.feed({ kind: "tick" }, 20);
  new Uint8Array(first.exports.memory.buffer)[100] = 78; // half written
  first.script.push({ kind: "trap" });
  agent.feed({ kind: "datagram", source: 0, bytes: new Uint8Array(5) }, 30);
  assert.equal(new Uint8Array(second.exports.memory.buffer)[100], 77);
  assert.ok(second.calls.includes(`setText ${abi.TEXT_PASSWORD} 1 1 word`));
  assert.ok(second.calls.includes(`setText ${abi.TEXT_LOCAL} 0 0 192.0.2.9:5062`));
  assert.equal(second.calls.at(-1), "resume 30");
  assert.ok(!second.calls.some((call) => call.startsWith("setSeed") || call.startsWith("receive")));
  assert.deepEqual(faults(outputs), [
    { t: 30, type: "fault", text: "unreachable", next: { what: "restart", at: 30 } },
  ]);
  agent.feed({ kind: "tick" }, 40);
  assert.equal(second.calls.at(-1), "wake 40");
  assert.equal(first.calls.at(-1), "receive 0 5 30");
});

test("a state that traps as it goes on is given up for a start from the configuration", () => {
  const { fakes, agent, outputs } = rescued(4, ([, second]) => second?.script.push({ kind: "trap" }));
  const [first, , , fourth] = fakes; // the third shows which calls were up
  assert.ok(first && fourth);
  first.script.push({ kind: "trap" });
  agent.feed({ kind: "tick" }, 30);
  assert.equal(fourth.calls[0], "setSeed 32");
  assert.equal(fourth.calls.at(-1), "start 30");
  assert.equal(faults(outputs).length, 2);
  agent.feed({ kind: "tick" }, 40);
  assert.equal(fourth.calls.at(-1), "wake 40");
});

test("three traps in a minute are survived, the fourth is the end; a minute later they are forgotten", () => {
  const lives = (gapMs: number): number => {
    const { fakes, agent, outputs } = rescued(5);
    for (const [index, fake] of fakes.entries()) {
      fake.script.push({ kind: "trap" });
      agent.feed({ kind: "tick" }, gapMs * (index + 1));
      if (outputs.at(-1)?.kind === "fault") return index + 1;
      if (index === 3) return Number.POSITIVE_INFINITY;
    }
    return 0;
  };
  assert.equal(lives(19_999), 4);
  assert.equal(lives(20_001), Number.POSITIVE_INFINITY);
});

test("a phone that was told to stop is not revived", () => {
  const { fakes, agent, outputs } = rescued(1);
  agent.feed({ kind: "command", command: "stop" }, 10);
  assert.equal(agent.image, undefined);
  fakes[0]?.script.push({ kind: "trap" });
  agent.feed({ kind: "tick" }, 20);
  assert.equal(outputs.at(-1)?.kind, "fault");
});

test("an earlier run is gone on from on its own clock, and time since the start counts from 0", () => {
  const fake = new FakeCore();
  const outputs: Output[] = [];
  const agent = new Agent(new Core(fake.exports), (output) => outputs.push(output));
  agent.configure(phoneConfig(), PLACES, IDENTITY);
  agent.resume({ memory: new Uint8Array(1024).fill(5), clock: 2 ** 32 - 100 }, 7000);
  assert.equal(fake.calls.at(-1), "resume 4294967196");
  fake.script.push({ kind: "event", fields: { type: abi.EV_SERVER_UP, at: 50 } });
  agent.feed({ kind: "tick" }, 7150);
  assert.equal(fake.calls.at(-1), "wake 50");
  assert.deepEqual(outputs.at(-2), { kind: "event", event: { t: 150, type: "serverUp" } });
  assert.deepEqual([agent.image?.clock, agent.image?.memory[9]], [50, 5]);
});
