// A core that traps: the phone tells it once, closes, and the program ends with 70.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import binaryen from "binaryen";
import { conduct } from "../../host/cli/conduct.ts";
import { Phone, type PhoneEvent } from "../../host/index.ts";
import { openPair } from "./pair.ts";

/** The shipped module, but for one export that traps. */
function trapping(name: string): Uint8Array {
  const module = binaryen.readBinary(new Uint8Array(readFileSync("build/standfast.wasm")));
  const inner = binaryen.getExportInfo(module.getExport(name)).value;
  const { params, results } = binaryen.getFunctionInfo(module.getFunction(inner));
  module.removeFunction(inner);
  module.addFunction(inner, params, results, [], module.unreachable());
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

test("a trap is told as fault, the sockets are closed and nothing is fed any more", async (t) => {
  const pair = await openPair(t);
  const phone = new Phone(pair.config(), { module: trapping("command") });
  t.after(() => phone.close());
  const events: PhoneEvent[] = [];
  phone.on("event", (event) => events.push(event));
  await phone.start();
  assert.equal(await phone.whenInService(5000), true);
  const { localPort } = phone;
  const closed = new Promise((resolve) => phone.once("stopped", () => resolve(true)));
  phone.refresh();
  assert.equal(await closed, true);
  assert.equal(events.at(-1)?.type, "fault");
  assert.match(events.at(-1)?.text ?? "", /unreachable/);
  phone.refresh();
  assert.equal(events.filter(({ type }) => type === "fault").length, 1);
  const next = new Phone(pair.config("randomPort=off", `localPort=${localPort}`));
  t.after(() => next.close());
  await next.start(); // the port is free again
});

test("a run whose core traps ends with 70 and says whose error it is", async (t) => {
  const pair = await openPair(t);
  const phone = new Phone(pair.config(), { module: trapping("receive") });
  const quiet = { hello: () => {}, event: () => {}, routes: () => {}, notice: () => {}, end: () => {} };
  await assert.rejects(conduct(phone, quiet), (error: Error & { code: number }) => {
    assert.equal(error.code, 70);
    assert.match(error.message, /the core trapped, which is an error of ours/);
    return true;
  });
});
