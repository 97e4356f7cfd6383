// The core as C does what the module does in V8: the same lines, the same bytes, with addresses checked.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as abi from "../../assembly/abi.ts";
import wasm from "../../build/standfast.wasm";
import { type CoreExports, instantiate } from "../../host/core/load.ts";
import type { Target } from "../../host/tools/build/targets.ts";
import { SANITIZED } from "../../host/tools/firmware/native.ts";
import { runSmoke } from "../../host/tools/firmware/smoke.ts";

const WASM = "build/standfast.wasm";
const UNTIL_MS = 60_000;
const STARTED_AT = 0xffff_ff00;

test("the translation starts, registers and fails over exactly like the module", async () => {
  const { code, lines } = await runSmoke(WASM);
  assert.equal(code, 0, lines.join("\n"));
  assert.deepEqual(lines, linesOfModule());
});

test("a minute without an answer asks both servers", async () => {
  const { lines } = await runSmoke(WASM);
  const asked = lines.flatMap((line) => /^\d+ send (\d) /.exec(line)?.[1] ?? []);
  assert.deepEqual(new Set(asked), new Set(["0", "1"]));
  const [, , , hex = ""] = lines[0]?.split(" ") ?? [];
  assert.match(Buffer.from(hex, "hex").toString("latin1"), /^REGISTER sip:example\.test SIP\/2\.0\r\n/);
});

test("the translation runs clean under the sanitizers of gcc", async () => {
  const { code, lines } = await runSmoke(WASM, SANITIZED);
  assert.equal(code, 0, lines.join("\n"));
  assert.deepEqual(lines, linesOfModule());
});

test("size.json has the size of the core as C, its memory included", () => {
  const { targets, memoryUsed } = JSON.parse(readFileSync("build/size.json", "utf8"));
  const [{ text, bss }] = Object.values<Target>(targets) as [Target];
  assert.ok(text > wasm.length / 2 && text < 8 * wasm.length, `${text} bytes of code`);
  assert.ok(bss >= memoryUsed && bss < memoryUsed + 512, `${bss} bytes for ${memoryUsed}`);
});

/** What smoke.c does, step by step, with the module itself. */
function linesOfModule(): string[] {
  const core = instantiate(wasm);
  const memory = Buffer.from(core.memory.buffer);
  configure(core, memory);
  let now = STARTED_AT;
  assert.equal(core.start(now | 0), abi.OK);
  const lines: string[] = [];
  let sleepMs = drain(core, memory, now, lines);
  memory.write("garbage", core.buffer(), "latin1");
  lines.push(`${now} refused ${core.receive(0, 7, now | 0)}`);
  const end = STARTED_AT + UNTIL_MS;
  for (let elapsed = STARTED_AT + sleepMs; elapsed < end; elapsed += sleepMs) {
    now = elapsed >>> 0;
    core.wake(now | 0);
    sleepMs = drain(core, memory, now, lines);
  }
  return lines;
}

function configure(core: CoreExports, memory: Buffer): void {
  for (let i = 0; i < 32; i++) memory[core.buffer() + i] = i;
  assert.equal(core.setSeed(), abi.OK);
  const text = (what: number, server: number, value: string) => {
    memory.write(value, core.buffer(), "latin1");
    assert.equal(core.setText(what, 0, server, value.length), abi.OK);
  };
  text(abi.TEXT_AGENT, 0, "smoke");
  text(abi.TEXT_INSTANCE, 0, "0badcafe");
  text(abi.TEXT_USER, 0, "6000");
  for (const [server, address] of ["192.0.2.1", "192.0.2.2"].entries()) {
    assert.equal(core.setServer(server, 5060, abi.TRANSPORT_UDP), abi.OK);
    text(abi.TEXT_HOST, server, address);
    text(abi.TEXT_ADDRESS, server, address);
    text(abi.TEXT_DOMAIN, server, "example.test");
    text(abi.TEXT_LOCAL, server, "192.0.2.9:5062");
    text(abi.TEXT_ACCOUNT, server, "6000");
    text(abi.TEXT_PASSWORD, server, "secret");
  }
}

function drain(core: CoreExports, memory: Buffer, now: number, lines: string[]): number {
  const output = core.output();
  for (;;) {
    const kind = core.poll();
    const at = memory.readUInt32LE(output + 4);
    const length = memory.readUInt32LE(output + 8);
    const sleepMs = memory.readUInt32LE(output + 12);
    if (kind === abi.OUT_SLEEP) {
      lines.push(`${now} sleep ${sleepMs}`);
      return sleepMs;
    }
    if (kind === abi.OUT_SEND)
      lines.push(`${now} send ${memory[output + 1]} ${memory.toString("hex", at, at + length)}`);
    else lines.push(`${now} event ${memory[output + 16]} ${memory[output + 18]}`);
  }
}
