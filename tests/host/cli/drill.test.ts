// `standfast drill` against two embedded servers: they are never touched, and the phone has to move.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { IMPATIENT, openPair, type Pair } from "../pair.ts";
import { Program, tomlFor } from "../program.ts";

/** What is promised: 5 s to the first heartbeat, and 2 s for the REGISTER that it hurries. */
const PARAMS = ["registerRefreshInterval=10", ...IMPATIENT].flatMap((param) => ["--param", param]);

function start(t: TestContext, pair: Pair, args: readonly string[]): Program {
  const program = new Program(["drill", "--config", tomlFor(pair), ...PARAMS, ...args]);
  t.after(() => program.child.kill("SIGKILL"));
  return program;
}

/** Has the line find out at once, far from the last moment of the promise. */
async function hurry(program: Program): Promise<void> {
  await program.until(({ stdout }) => /is cut off/.test(stdout));
  program.type("refresh");
}

test("the backup takes over, the primary hears nothing meanwhile, and the line returns", async (t) => {
  const pair = await openPair(t);
  const program = start(t, pair, ["--for", "7", "--json"]);
  await hurry(program);
  const heard = pair.primary.packets;
  await program.until((it) => it.events.some(({ type }) => type === "moved"));
  assert.equal(pair.primary.packets, heard);
  assert.deepEqual(pair.boundAt("backup1"), ["6000"]);
  const { code, stderr } = await program.end();
  assert.equal(code, 0, stderr);
  const promises = program.events.filter(({ type }) => type === "promise");
  assert.deepEqual(
    promises.map(({ what, promisedMs, kept }) => `${what} ${promisedMs} ${kept}`),
    ["6000: in service without primary 7000 true", "6000: back on primary 5000 true"],
  );
  assert.deepEqual(pair.boundAt("primary"), []);
  assert.deepEqual(pair.boundAt("backup1"), []);
});

test("a backup that is not there is found out: exit code 4", async (t) => {
  const pair = await openPair(t);
  pair.backup1.hang();
  const program = start(t, pair, ["--for", "7"]);
  const { code, stdout } = await program.end();
  assert.equal(code, 4, stdout);
  assert.match(stdout, /in service without primary +7 s +never +MISSED/);
});

test("Ctrl-C lets the packets pass again, removes the bindings and ends with 0", async (t) => {
  const pair = await openPair(t);
  const program = start(t, pair, ["--for", "60"]);
  await program.until((it) => /cut off/.test(it.stdout));
  program.interrupt();
  const { code, stdout } = await program.end();
  assert.equal(code, 0);
  assert.match(stdout, /its packets pass again/);
  assert.deepEqual(pair.boundAt("primary"), []);
});

for (const [name, args, message] of [
  ["too short a time", ["--for", "3"], /--for 3: too short, service on a backup is promised within 7 s/],
  [
    "an unknown server",
    ["--for", "60", "--server", "mars"],
    /--server mars: the configuration has primary, backup1/,
  ],
] as const) {
  test(`${name} is refused with 2 before anything is sent`, async (t) => {
    const pair = await openPair(t);
    const { code, stderr } = await start(t, pair, args).end();
    assert.equal(code, 2);
    assert.match(stderr, message);
    assert.equal(pair.primary.packets, 0);
  });
}

test("a server that serves nobody may be cut off without anybody noticing", async (t) => {
  const pair = await openPair(t);
  const { code, stdout } = await start(t, pair, ["--server", "backup1", "--for", "7"]).end();
  assert.equal(code, 0, stdout);
  assert.match(stdout, /No line is served by backup1: nothing has to happen/);
  assert.equal(pair.backup1.packets, 0);
});

for (const [name, heartbeats] of [
  ["with heartbeats", "primaryDetectInterval=5"],
  ["without heartbeats", "primaryDetectInterval=0"],
] as const) {
  test(`a return that would take hours is ordered, ${name}`, async (t) => {
    const pair = await openPair(t);
    const params = ["--param", "preferPrimary=off", "--param", heartbeats];
    const program = start(t, pair, ["--for", "7.5", ...params]);
    await hurry(program);
    const { code, stdout } = await program.end();
    assert.equal(code, 0, stdout);
    assert.match(
      stdout,
      /A return is promised within 432\d\d(\.\d)? s \(12:00:\d\d\): it is ordered instead/,
    );
    assert.match(stdout, /6000 moved to primary/);
  });
}
