// `standfast run`: a process beside two embedded servers, driven as a user or a program drives it.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openPair, PASSWORD, type Pair } from "../pair.ts";
import { fileWith, Program, runProgram, tomlFor } from "../program.ts";

function start(t: TestContext, args: readonly string[]): Program {
  const program = new Program(["run", ...args]);
  t.after(() => program.child.kill("SIGKILL"));
  return program;
}

const types = (program: Program): unknown[] => program.events.map(({ type }) => type);

function served(t: TestContext, pair: Pair, ...args: string[]): Promise<Program> {
  const program = start(t, ["--config", tomlFor(pair), "--json", ...args]);
  return program.until((it) => types(it).includes("inService")).then(() => program);
}

test("with --json the first line is hello and the rest are events; Ctrl-C removes the bindings and ends with 0", async (t) => {
  const pair = await openPair(t);
  const program = await served(t, pair);
  assert.deepEqual(pair.boundAt("primary"), ["6000"]);
  const [hello] = program.events;
  assert.deepEqual(Object.keys(hello ?? {}), ["type", "schema", "version", "startedAt"]);
  assert.equal(hello?.schema, 1);
  assert.ok(Number.isFinite(Date.parse(String(hello?.startedAt))));
  program.interrupt();
  const { code, stderr } = await program.end();
  assert.equal(code, 0);
  assert.deepEqual(pair.boundAt("primary"), []);
  assert.match(stderr, /removing the bindings/);
  for (const event of program.events.slice(1)) {
    assert.ok(Number.isInteger(event.t) && typeof event.type === "string", JSON.stringify(event));
  }
});

test("a second Ctrl-C leaves at once with 130", async (t) => {
  const pair = await openPair(t);
  const program = await served(t, pair, "--param", "registerTimeout=32000");
  pair.primary.hang(); // the removal waits for an answer
  program.interrupt();
  await program.until((it) => /Ctrl-C again/.test(it.stderr));
  program.interrupt();
  assert.equal((await program.end(25_000)).code, 130); // before the register timeout
});

test("typed orders are obeyed, and a wrong one is answered", async (t) => {
  const pair = await openPair(t);
  const program = await served(t, pair);
  program.type("move backup1 6000");
  await program.until((it) => types(it).includes("moved"));
  assert.deepEqual(pair.boundAt("backup1"), ["6000"]);
  program.type("move mars");
  program.type("dance");
  await program.until((it) => /no order "dance"/.test(it.stderr));
  assert.match(program.stderr, /no server "mars"; there are primary, backup1/);
  program.type("stop");
  assert.equal((await program.end()).code, 0);
  assert.deepEqual(pair.boundAt("backup1"), []);
});

test("without a terminal and without --json it prints a sentence a line, and no colour", async (t) => {
  const pair = await openPair(t, ["6000", "6001"]);
  const program = start(t, ["--config", tomlFor(pair, ["6000", "6001"])]);
  await program.until((it) => /6001 in service on primary/.test(it.stdout));
  assert.match(program.stdout, /^standfast \d+\.\d+\.\d+, local port \d+; primary 127\.0\.0\.1 port \d+/);
  assert.match(program.stdout, /\n +\d+\.\d{3} {2}6000 in service on primary; refresh in 30 s\n/);
  assert.doesNotMatch(program.stdout, /\x1b/);
  program.interrupt();
  assert.equal((await program.end()).code, 0);
});

test("no file is needed: servers, user and a password file are enough", async (t) => {
  const pair = await openPair(t);
  const program = start(t, [
    ...["--primary", `127.0.0.1:${pair.primary.endpoint.port}`],
    ...["--backup", `127.0.0.1:${pair.backup1.endpoint.port}`],
    ...["--user", "6000", "--password-file", fileWith("secret", `${PASSWORD}\n`), "--domain", "test.invalid"],
    "--json",
  ]);
  await program.until((it) => types(it).includes("inService"));
  program.interrupt();
  assert.equal((await program.end()).code, 0);
  assert.doesNotMatch(program.stdout + program.stderr, new RegExp(PASSWORD));
});

test("never in service within --wait ends with 3 and says why", async (t) => {
  const pair = await openPair(t);
  pair.primary.die();
  pair.backup1.die();
  const { code, stderr } = await runProgram(["run", "--config", tomlFor(pair), "--wait", "2", "--json"]);
  assert.equal(code, 3);
  assert.match(stderr, /not in service within 2 s: 6000 \(the network says nobody is there\)/);
});

test("in service within --wait it goes on", async (t) => {
  const pair = await openPair(t);
  const program = await served(t, pair, "--wait", "4");
  await sleep(4500);
  assert.equal(program.child.exitCode, null);
  program.interrupt();
  assert.equal((await program.end()).code, 0);
});

test("a local port in use ends with 1 and the way out", async (t) => {
  const pair = await openPair(t);
  const other = createSocket("udp4");
  other.bind(0);
  await once(other, "listening");
  t.after(() => other.close());
  const { port } = other.address();
  const local = ["--param", "randomPort=off", "--param", `localPort=${port}`];
  const { code, stderr } = await runProgram(["run", "--config", tomlFor(pair), ...local]);
  assert.equal(code, 1);
  assert.match(
    stderr,
    new RegExp(`local port ${port}: in use by another program; end it or choose another port`),
  );
});

test("names without an address end with 1, each named", async () => {
  const secret = fileWith("secret", "x\n");
  const servers = ["--primary", "a.invalid", "--backup", "b.invalid"]; // RFC 6761 §6.4
  const { code, stderr } = await runProgram(["run", ...servers, "--user", "6000", "--password-file", secret]);
  assert.equal(code, 1);
  assert.match(stderr, /standfast: a\.invalid: no address found/);
  assert.match(stderr, /standfast: b\.invalid: no address found/);
});

test("a reader that goes away ends the run as Ctrl-C does", async (t) => {
  const pair = await openPair(t, ["6000", "6001"]);
  const program = start(t, ["--config", tomlFor(pair, ["6000", "6001"]), "--json"]);
  await program.until((it) => types(it).filter((type) => type === "inService").length === 2);
  program.child.stdout?.destroy();
  program.type("move backup1 6001"); // its events find nobody
  const { code } = await program.end();
  assert.equal(code, 0);
  assert.ok(!pair.boundAt("primary").includes("6000"), "the other line has left its server");
});

test("a primary that dies is left, and the events say why", async (t) => {
  const pair = await openPair(t);
  const program = await served(t, pair);
  pair.primary.die();
  await program.until((it) => types(it).includes("moved")); // its heartbeat meets ICMP
  const down = program.events.find(({ type }) => type === "serverDown");
  assert.deepEqual(down?.reason, { rule: "transport" });
  assert.deepEqual(pair.boundAt("backup1"), ["6000"]);
  program.interrupt();
  assert.equal((await program.end()).code, 0);
});
