// The check of a standby's start as the management layer sees it: /health, /ready, exit code, and who is answered.

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { freePorts } from "../host/ports.ts";
import { runProgram } from "../host/program.ts";
import { openManager } from "./manager.ts";
import { addObjects, type PairNode, TwoNodes } from "./two-nodes.ts";

const HERE = "127.0.0.1";
/** Nobody has it: RFC 5737. So the master is on another machine, and is not reached. */
const NOWHERE = "192.0.2.1";
const CHECK = ["[TServer]", "backup-init-check = true", "backup-init-check-timeout = 15"];
/** sysexits.h: EX_UNAVAILABLE. */
const UNAVAILABLE = 69;

/** A standby alone, with a set of an earlier life, whose master is on another machine that does not answer. */
async function alone(context: TestContext, lines: readonly string[], users: readonly string[] = ["10000"]) {
  const port = await freePorts(4);
  const nodes = await TwoNodes.prepare(context, {
    sites: { master: { address: NOWHERE }, standby: { address: HERE } },
    users: [],
    port,
    lines: {
      standby: lines.some((line) => line.startsWith("takeoverDelay"))
        ? lines
        : ["takeoverDelay = 600", ...lines],
    },
  });
  if (users.length > 0) await addObjects(nodes.standby.dataFolder, users);
  return { node: nodes.standby, port };
}

const page = async (node: PairNode, path: string): Promise<number> =>
  (await fetch(node.statusUrl.replace("/status", path))).status;

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, HERE, () => {
      socket.destroy();
      resolve(true);
    }).on("error", () => resolve(false));
  });

test("not checked: it listens at once and is ready", async (context) => {
  const { node, port } = await alone(context, []);
  await node.start();
  const status = await node.until(({ readiness }) => readiness.state === "OK");
  assert.deepEqual(status.readiness.parts, []);
  assert.deepEqual([await page(node, "/health"), await page(node, "/ready")], [200, 200]);
  assert.equal(await isOpen(port), true);
});

test("a foreign process on a port: unavailable, unanswered, not eligible; and late success recovers", async (context) => {
  const { node, port } = await alone(context, CHECK);
  const manager = await openManager(context);
  const foreign = createServer().listen(port, HERE);
  await once(foreign, "listening");
  context.after(() => foreign.close());
  // UDP is opened and closed once a second meanwhile, and nobody may answer in these windows.
  const phone = createSocket("udp4").on("error", () => {});
  let answers = 0;
  phone.on("message", () => {
    answers += 1;
  });
  const asking = setInterval(() => phone.send(REGISTER, port, HERE), 2);
  context.after(() => {
    clearInterval(asking);
    phone.close();
  });
  await node.start({ NOTIFY_SOCKET: manager.path });
  const { readiness } = await node.until((status) => status.readiness.state === "SERVICE_UNAVAILABLE");
  const why = `SIP port: ${HERE}:${port} over tcp cannot be opened: EADDRINUSE: another program holds it; end that one, or give this node another port`;
  assert.deepEqual([readiness.missing, readiness.eligible], [[why], false]);
  assert.deepEqual([await page(node, "/health"), await page(node, "/ready")], [503, 503]);
  assert.equal(await isOpen(port + 1), false, "it does not listen by the other ways either");
  await new Promise((resolve) => setTimeout(resolve, 3000));
  assert.equal(answers, 0, "a REGISTER in the window of the check stays unanswered");

  foreign.close();
  await node.until((status) => status.readiness.state === "OK");
  assert.deepEqual([await page(node, "/health"), await page(node, "/ready")], [200, 200]);
  while (answers === 0 || !(await isOpen(port))) await new Promise((resolve) => setTimeout(resolve, 50));
  node.signal("SIGTERM");
  assert.equal(await node.end(), 0);
  const recovered = node.events().filter((event) => event.type === "readiness" && event.recovered === true);
  assert.equal(recovered.length, 1, "late success is in the log");
  const heard = await manager.heardUntil("STOPPING=1");
  const ready = heard.map((words) => words.includes("READY=1"));
  assert.equal(ready.filter(Boolean).length, 1, "ready once");
  assert.ok(heard.findIndex((words) => words.includes(`SERVICE_UNAVAILABLE: ${why}`)) < ready.indexOf(true));
});

test("no set has ever come: told when the timeout is over, and by the exit code", async (context) => {
  const { node } = await alone(context, CHECK, []);
  const startedAt = performance.now();
  await node.start();
  assert.equal((await node.status()).readiness.state, "CHECKING");
  assert.deepEqual([await page(node, "/health"), await page(node, "/ready")], [200, 503]);
  const { readiness } = await node.until((status) => status.readiness.state !== "CHECKING");
  assert.ok(performance.now() - startedAt >= 15_000, "not before");
  assert.equal(readiness.state, "SERVICE_UNAVAILABLE");
  assert.match(readiness.missing.join(), /^replication: /);
  node.signal("SIGTERM");
  assert.equal(await node.end(), UNAVAILABLE);
});

test("a module whose bytes are damaged is told, and the node takes no phone from a master it cannot hear", async (context) => {
  const { node, port } = await alone(context, ["takeoverDelay = 5", ...CHECK]);
  const sound = readFileSync("build/standfast.mjs", "latin1");
  // The head of the module in base 64: its version is 2 now. WebAssembly Core, 5.5.16.
  const damaged = sound.replace("AGFzbQEAAAAB", "AGFzbQIAAAAB");
  assert.notEqual(damaged, sound);
  const script = `build/damaged-${process.pid}.mjs`;
  writeFileSync(script, damaged, "latin1");
  context.after(() => rmSync(script));
  await node.start({}, script);
  const { readiness } = await node.until((status) => status.readiness.state === "SERVICE_UNAVAILABLE");
  assert.equal(readiness.missing.length, 1);
  assert.match(readiness.missing.join(), /^core module: .*; install the program again$/);
  await new Promise((resolve) => setTimeout(resolve, 7000)); // longer than takeoverDelay
  assert.equal((await node.status()).role, "UNREGISTERED");
  assert.equal(await isOpen(port), false);
});

for (const seconds of [14, 3601]) {
  test(`a timeout of ${seconds} s is refused with its range`, async (context) => {
    const { node } = await alone(context, ["[TServer]", `backup-init-check-timeout = ${seconds}`]);
    const { code, stderr } = await runProgram(["pair", "run", node.configFile]);
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`backup-init-check-timeout = ${seconds}, allowed 15\\.\\.3600 s`));
  });
}

test("a change while it runs is told and has no effect until a restart", async (context) => {
  const { node } = await alone(context, []);
  await node.start();
  appendFileSync(node.configFile, `${CHECK.join("\n")}\n`);
  node.signal("SIGHUP");
  const told = () =>
    node
      .events()
      .filter(({ type, text }) => type === "remark" && String(text).includes("after restart only"));
  await node.until(() => told().length === 2);
  assert.equal((await node.status()).readiness.state, "OK");
  node.signal("SIGTERM");
  assert.equal(await node.end(), 0);
  await node.start();
  await node.until(({ readiness }) => readiness.parts.length === 6);
});

const REGISTER = [
  "REGISTER sip:pbx.example SIP/2.0",
  "Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKwindow;rport",
  "From: <sip:10000@pbx.example>;tag=1",
  "To: <sip:10000@pbx.example>",
  "Call-ID: window",
  "CSeq: 1 REGISTER",
  "Contact: <sip:10000@127.0.0.1>",
  "Max-Forwards: 70",
  "Content-Length: 0",
  "\r\n",
].join("\r\n");
