// `standfast demo`: it takes under half a minute, tells the whole story and keeps its promises.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Program } from "../program.ts";

test("the demonstration proves a kill, a hang and two returns, and ends with 0", async (t) => {
  const startedAt = performance.now();
  const program = new Program(["demo", "--json"]);
  t.after(() => program.child.kill("SIGKILL"));
  const { code, stderr } = await program.end(60_000);
  const tookMs = performance.now() - startedAt;
  const promises = program.events.filter(({ type }) => type === "promise");
  assert.equal(code, 0, JSON.stringify(promises) + stderr);
  assert.ok(tookMs < 30_000, `it took ${tookMs} ms`);
  assert.equal(program.events[0]?.type, "hello");
  const acts = program.events
    .filter(({ type }) => type === "act")
    .map(({ server, what }) => `${server} ${what}`);
  assert.deepEqual(acts, [
    "primary is killed: its port is closed",
    "primary has started again, without memory",
    "primary hangs: it hears and says nothing",
    "primary answers again",
    "phone is stopped",
  ]);
  assert.equal(promises.length, 9);
  for (const { what, promisedMs, measuredMs, kept } of promises) {
    assert.equal(kept, true, String(what));
    assert.ok(Number(promisedMs) > 0 && Number(measuredMs) >= 0);
  }
  const bindings = (server: string): unknown[] =>
    program.events
      .filter((event) => event.type === "binding" && event.server === server && event.what !== "renewed")
      .map(({ what }) => what);
  assert.deepEqual(bindings("backup1"), ["bound", "unbound", "bound", "unbound"]);
  assert.deepEqual(bindings("primary").slice(0, 2), ["bound", "bound"]); // it had forgotten the first one
  assert.equal(bindings("primary").at(-1), "unbound");
});

test("Ctrl-C ends the demonstration with 0 and without a verdict", async (t) => {
  const program = new Program(["demo"]);
  t.after(() => program.child.kill("SIGKILL"));
  await program.until((it) => /in service on primary/.test(it.stdout), 10_000);
  program.interrupt();
  const { code, stdout } = await program.end();
  assert.equal(code, 0);
  assert.match(stdout, /is gone from its location table/);
  assert.doesNotMatch(stdout, /promise/);
});
