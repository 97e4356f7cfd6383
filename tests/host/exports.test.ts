// The edge of the module under any caller: every export with any argument, in any order, at any time.
// Nothing traps, every code has a name, and every address lies in the memory.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as abi from "../../assembly/abi.ts";
import { Agent } from "../../host/core/agent.ts";
import { Core, INPUT_MAX } from "../../host/core/core.ts";
import { type CoreExports, instantiate } from "../../host/core/load.ts";
import { resultWords } from "../../host/core/results.ts";
import { buildServers } from "../../host/sim/servers.ts";
import { packetText } from "../../host/sim/trace.ts";
import { module, phoneConfig } from "../sim/fixture.ts";

/** Exports that answer with a result, and how many arguments each takes. */
const RESULTS = {
  setSeed: 0,
  setParam: 2,
  setServer: 3,
  setText: 4,
  start: 1,
  resume: 1,
  receive: 3,
  setTargets: 3,
  flow: 4,
  failed: 2,
  wake: 1,
  command: 4,
} as const;

/** Exports that answer with an address, 0 for none, or with a number. */
const READERS = {
  lineView: 1,
  serverView: 1,
  contact: 1,
  refused: 1,
  abiVersion: 0,
  buffer: 0,
  output: 0,
} as const;

type ExportName = keyof typeof RESULTS | keyof typeof READERS | "poll" | "frame";

const ARITY: Readonly<Record<ExportName, number>> = { ...RESULTS, ...READERS, poll: 0, frame: 1 };

/** Both sides of every limit there is. */
const EDGES = [
  0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 44, 45, 63, 64, 253, 254, 255, 256, 2047, 2048, 2049, 5060, 65_535,
  65_536, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff,
];

const PLACES = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"].map((address) => ({
  address,
  local: "192.0.2.100:5060",
}));

const IDENTITY = { seed: new Uint8Array(32).fill(7), instance: "0a0b0c0d", userAgent: "test" };

/** A module that is configured and has sent its first requests; `served`: they are answered as well. */
function running(served = false): { exports: CoreExports; sent: Uint8Array[] } {
  const exports = instantiate(module());
  const params = { startupCheck: true, natKeepalive: 15, outbound: true };
  const alike = phoneConfig({ servers: 4, lines: 8, params });
  const towards = (rank: number) => (rank % 2 === 0 ? "udp" : "tcp");
  const config = {
    ...alike,
    servers: alike.servers.map((server, rank) => ({ ...server, transport: towards(rank) }) as const),
  };
  const servers = [...buildServers(config).values()];
  const sent: Uint8Array[] = [];
  const agent: Agent = new Agent(new Core(exports), (output) => {
    if (output.kind !== "send") return;
    sent.push(output.bytes);
    const source = { address: "192.0.2.100", port: 5060 };
    const outcome = servers[output.server]?.handle(output.bytes, source, 1000);
    if (!served || outcome?.kind !== "answered") return;
    for (const { bytes } of outcome.replies)
      agent.feed({ kind: "datagram", source: output.server, bytes }, 1000);
  });
  agent.configure(config, PLACES, IDENTITY);
  agent.start(1000);
  const states = agent.lines().map(({ state }) => state);
  assert.deepEqual([...new Set(states)], [served ? "served" : "seeking"]);
  return { exports, sent };
}

function call(exports: CoreExports, name: ExportName, args: readonly number[]): void {
  const run = exports[name] as (...args: number[]) => number;
  const answer = run(...args.slice(0, ARITY[name]));
  const shown = `${name}(${args.slice(0, ARITY[name]).join(", ")}) = ${answer}`;
  if (name === "poll") {
    assert.ok(answer >= abi.OUT_SLEEP && answer <= abi.OUT_FIELD, shown);
  } else if (name === "frame") {
    assert.ok(answer <= INPUT_MAX + 65_535, shown); // headers in the buffer, and the longest body
    if (answer < 0) assert.doesNotMatch(resultWords(answer).name, /^(code|reason)/, shown);
  } else if (name in RESULTS) {
    assert.ok(answer <= abi.NOT_MINE, shown);
    assert.doesNotMatch(resultWords(answer).name, /^(code|reason)/, shown);
  } else if (name !== "refused") {
    const at = answer >>> 0;
    assert.ok(at <= exports.memory.buffer.byteLength - 40, shown);
  }
}

/** Asks until it sleeps or has stopped; a module that goes on for ever is as bad as a trap. */
function drain(exports: CoreExports): void {
  for (let turn = 0; turn < 10_000; turn++) {
    const kind = exports.poll();
    if (kind === abi.OUT_SLEEP || kind === abi.OUT_STOPPED) return;
  }
  assert.fail("poll() never sleeps");
}

const anyNumber = fc.oneof(
  fc.constantFrom(...EDGES),
  fc.integer({ min: 0, max: 20 }),
  fc.integer({ min: 0, max: 0xffff_ffff }),
);

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.constantFrom(...samples()),
  fc.string({ maxLength: 200, unit: "binary" }).map((text) => new TextEncoder().encode(text)),
);

const anyCall = fc.record({
  name: fc.constantFrom(...(Object.keys(ARITY) as ExportName[])),
  args: fc.tuple(anyNumber, anyNumber, anyNumber, anyNumber),
  bytes: anyBytes,
});

/** What a module in this state would send and might be sent. */
function samples(): Uint8Array[] {
  const { sent } = running();
  const some = [...sent.slice(0, 3), ...sent.slice(-3)];
  const answers = some.map((bytes) => {
    const lines = new TextDecoder().decode(bytes).split("\r\n");
    const kept = lines.filter((line) => /^(Via|From|To|Call-ID|CSeq|Contact):/.test(line));
    const text = `SIP/2.0 200 OK\r\n${kept.join("\r\n")}\r\nContent-Length: 0\r\n\r\n`;
    return new TextEncoder().encode(text);
  });
  return [...some, ...answers];
}

type Call = typeof anyCall extends fc.Arbitrary<infer One> ? One : never;

function play(exports: CoreExports, calls: readonly Call[]): void {
  const input = new Uint8Array(exports.memory.buffer, exports.buffer() >>> 0, 2048);
  for (const { name, args, bytes } of calls) {
    input.set(bytes.subarray(0, 2048));
    // Half of the datagrams have the length that they say.
    const fitting = name === "receive" && args[2] % 2 === 0 ? [args[0] % 5, bytes.length, args[2], 0] : args;
    call(exports, name, fitting);
  }
  drain(exports);
}

test("the samples are requests of both kinds, and answers to them", () => {
  const kinds = samples().map((bytes) => packetText(bytes).replace(/ 600\d.*/, ""));
  assert.deepEqual([...new Set(kinds)].sort(), ["200 OPTIONS", "200 REGISTER", "OPTIONS", "REGISTER"]);
});

test("a module that was never configured takes any calls in any order", () => {
  fc.assert(
    fc.property(fc.array(anyCall, { minLength: 1, maxLength: 60 }), (calls) =>
      play(instantiate(module()), calls),
    ),
    { numRuns: 1500 },
  );
});

test("a running module takes any calls in any order, with a clock that jumps and goes back", () => {
  fc.assert(
    fc.property(fc.array(anyCall, { minLength: 1, maxLength: 120 }), (calls) =>
      play(running().exports, calls),
    ),
    { numRuns: 1500 },
  );
});

for (const [name, arity] of Object.entries(ARITY)) {
  test(`${name}: every combination of values beside a limit, before the start and after`, () => {
    for (const exports of [instantiate(module()), running().exports, running(true).exports]) {
      for (const args of combinations(arity)) call(exports, name as ExportName, args);
      drain(exports);
    }
  });
}

/** At most some 20 000 of them: the longer the list of arguments, the fewer values of each. */
function combinations(arity: number): number[][] {
  const step = arity < 3 ? 1 : arity === 3 ? 2 : 3;
  const values = EDGES.filter((_, index) => index % step === 0 || index > EDGES.length - 3);
  let all: number[][] = [[]];
  for (let place = 0; place < arity; place++) {
    all = all.flatMap((head) => values.map((value) => [...head, value]));
  }
  return all;
}

test("a caller that feeds and never asks loses nothing but its own time", () => {
  const inputs: readonly (readonly [name: ExportName, args: readonly number[]])[] = [
    ...[...Array(abi.CMD_COUNT).keys()].map((code) => ["command", [code, abi.LINE_ALL, 1, 2000]] as const),
    ...[0, 1, 2, 3].map((server) => ["failed", [server, 2000]] as const),
    ["wake", [2000]],
    ["wake", [90_000]],
    ["wake", [2_000_000_000]],
  ];
  const some = fc.array(fc.constantFrom(...inputs), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(some, (calls) => {
      const { exports } = running(true);
      for (const [name, args] of calls) call(exports, name, args);
      drain(exports);
    }),
    { numRuns: 500 },
  );
});

test("a second start is refused and does not move the clock", () => {
  const { exports } = running();
  drain(exports);
  const view = new DataView(exports.memory.buffer);
  const sleepMs = (): number => {
    assert.equal(exports.poll(), abi.OUT_SLEEP);
    return view.getUint32((exports.output() >>> 0) + 12, true);
  };
  const before = sleepMs();
  assert.equal(exports.start(1), abi.E_STATE);
  assert.equal(sleepMs(), before);
  assert.equal(exports.start(900_000), abi.E_STATE);
  assert.equal(sleepMs(), before);
});

test("time that goes back counts as none", () => {
  const { exports } = running();
  drain(exports);
  const view = new DataView(exports.memory.buffer);
  assert.equal(exports.wake(1100), abi.OK);
  drain(exports);
  const sleepMs = view.getUint32((exports.output() >>> 0) + 12, true);
  for (const now of [1099, 0, 0xffff_ffff, 1100]) {
    assert.equal(exports.wake(now), abi.OK);
    drain(exports);
    assert.equal(view.getUint32((exports.output() >>> 0) + 12, true), sleepMs, `${now}`);
  }
});

test("a start without what it needs says so, and a later one may succeed", () => {
  const exports = instantiate(module());
  assert.equal(exports.start(0), abi.E_INCOMPLETE);
  const agent = new Agent(new Core(exports), () => {});
  agent.configure(phoneConfig(), PLACES, IDENTITY);
  agent.start(0);
  assert.equal(agent.lines().length, 1);
});

test("an input that comes before the outputs of the last one were read is refused, and loses nothing", () => {
  const { exports } = running(false);
  const now = 1000 + 2000; // both requests of the first server are given up at once
  assert.equal(exports.wake(now), abi.OK);
  assert.equal(exports.poll(), abi.OUT_EVENT);
  assert.equal(exports.command(abi.CMD_REFRESH, abi.LINE_ALL, 0, now), abi.E_STATE);
  assert.equal(exports.failed(0, now), abi.E_STATE);
  assert.equal(exports.receive(0, 1, now), abi.E_STATE);
  drain(exports);
  assert.equal(exports.command(abi.CMD_REFRESH, abi.LINE_ALL, 0, now), abi.OK);
});
