// `standfast demo`: it tells the whole story and keeps its promises.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Program } from "../program.ts";

test("the demonstration proves a redirect, a takeover and a return, and ends with 0", async (t) => {
  const program = new Program(["demo", "--json"]);
  t.after(() => program.child.kill("SIGKILL"));
  const { code, stderr } = await program.end(180_000);
  const promises = program.events.filter(({ type }) => type === "promise");
  assert.equal(code, 0, JSON.stringify(promises) + stderr);
  const ofType = (wanted: string): readonly Record<string, unknown>[] =>
    program.events.filter(({ type }) => type === wanted);
  assert.equal(program.events[0]?.type, "hello");
  assert.deepEqual(
    ofType("act").map(({ server, what }) => `${server} ${what}`),
    [
      "master is killed",
      "master is started again",
      "master hangs: it hears and says nothing",
      "master is killed",
      "phone is stopped",
    ],
  );
  assert.deepEqual(
    ofType("role").map(({ role }) => role),
    ["STANDBY", "LOST", "ACTIVE", "RETURNING", "STANDBY", "LOST", "ACTIVE"],
  );
  assert.equal(promises.length, 12);
  for (const { what, promisedMs, measuredMs, kept } of promises) {
    assert.equal(kept, true, String(what));
    assert.ok(Number(promisedMs) > 0 && Number(measuredMs) >= 0);
  }
  const bindings = (server: string): unknown[] =>
    ofType("binding")
      .filter((event) => event.server === server)
      .map(({ what }) => what);
  assert.deepEqual(bindings("standby"), ["bound", "unbound", "bound", "unbound"]);
  assert.equal(bindings("master")[0], "bound");
  const told = ofType("node")
    .filter((event) => event.told === "answered")
    .map(({ text }) => text);
  assert.ok(told.includes("6000: 302") && told.includes("6000: 503"), told.join("; "));
});

test("Ctrl-C ends the demonstration with 0 and without a verdict", async (t) => {
  const program = new Program(["demo"]);
  t.after(() => program.child.kill("SIGKILL"));
  await program.until((it) => /in service on master/.test(it.stdout));
  program.interrupt();
  const { code, stdout } = await program.end();
  assert.equal(code, 0);
  assert.match(stdout, /is gone from its location table/);
  assert.doesNotMatch(stdout, /promise/);
});
