// The check of a start as it is carried out: rounds of questions in time that is handed in, real ports where they matter.

import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { test } from "node:test";
import type { Finding, Probe } from "../../../../host/node/pair/probes.ts";
import { StartCheck } from "../../../../host/node/pair/start-check.ts";
import { COMPONENTS, type ComponentName } from "../../../../host/pbx/readiness/components.ts";
import { DEFAULT_READINESS } from "../../../../host/pbx/readiness/options.ts";
import type { ReadinessEvent } from "../../../../host/pbx/readiness/readiness.ts";

const THERE: Finding = { kind: "initialised" };

/** A node whose components find what `found` says, and whose clock moves by hand. */
class Bench {
  nowMs = 0;
  /** By how much its timers come too early. */
  earlyMs = 0;
  readonly found = new Map<ComponentName, Finding>(COMPONENTS.map((name) => [name, THERE]));
  readonly asked: string[] = [];
  readonly events: ReadinessEvent[] = [];
  readyAt: number | undefined;
  readonly check: StartCheck;
  #jobs: { readonly at: number; readonly job: () => void }[] = [];

  constructor(port = 0, backupInitCheck = true) {
    const probe =
      (name: ComponentName): Probe =>
      () => {
        this.asked.push(name);
        return this.found.get(name) ?? THERE;
      };
    const probes = Object.fromEntries(COMPONENTS.map((name) => [name, probe(name)]));
    this.check = new StartCheck({
      options: { ...DEFAULT_READINESS, backupInitCheck, backupInitCheckTimeoutSeconds: 15 },
      place: { mode: "standby", isSameHost: false },
      ports: [{ address: "127.0.0.1", port, transport: "tcp" }],
      probes: probes as Readonly<Record<ComponentName, Probe>>,
      now: () => this.nowMs,
      after: (delayMs, job) => {
        const entry = { at: this.nowMs + Math.max(1, Math.trunc(delayMs)) - this.earlyMs, job };
        this.#jobs.push(entry);
        return () => {
          this.#jobs = this.#jobs.filter((one) => one !== entry);
        };
      },
      onEvent: (event) => this.events.push(event),
      onReady: () => {
        this.readyAt = this.nowMs;
      },
    });
  }

  get sleeps(): number {
    return this.#jobs.length;
  }

  async run(untilMs: number): Promise<void> {
    for (;;) {
      const next = this.#jobs.filter(({ at }) => at <= untilMs).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.nowMs = next.at;
      this.#jobs = this.#jobs.filter((one) => one !== next);
      next.job();
      await this.check.look();
    }
    this.nowMs = untilMs;
  }
}

test("all there: ready after the first round, nothing runs on, nothing is asked twice", async () => {
  const bench = new Bench();
  await bench.check.start();
  assert.equal(bench.readyAt, 0);
  assert.deepEqual(bench.asked, COMPONENTS);
  assert.equal(bench.sleeps, 0);
  assert.deepEqual(bench.check.report().missing, []);
});

test("not checked: ready at once, and nothing is asked", async () => {
  const bench = new Bench(0, false);
  await bench.check.start();
  assert.deepEqual([bench.readyAt, bench.asked], [0, []]);
});

test("a timer that comes half a millisecond early is set again: the timeout is told all the same", async () => {
  const bench = new Bench();
  bench.earlyMs = 0.5;
  bench.found.set("replication", { kind: "waits", why: "no set" });
  await bench.check.start();
  await bench.run(14_999.9);
  assert.equal(bench.check.report().state, "CHECKING");
  await bench.run(15_000);
  assert.equal(bench.check.report().state, "SERVICE_UNAVAILABLE");
});

test("what waits is asked each second until the timeout and after it, the others are not", async () => {
  const bench = new Bench();
  bench.found.set("replication", { kind: "waits", why: "no set has ever come" });
  await bench.check.start();
  await bench.run(14_999);
  assert.equal(bench.check.report().state, "CHECKING");
  await bench.run(15_000);
  assert.deepEqual(
    [bench.check.report().state, bench.check.report().missing],
    ["SERVICE_UNAVAILABLE", ["replication: no set has ever come"]],
  );
  assert.equal(bench.readyAt, undefined);
  bench.found.set("replication", THERE);
  await bench.run(17_000);
  assert.equal(bench.readyAt, 16_000, "late success counts");
  assert.equal(bench.asked.filter((name) => name === "event log").length, 1);
  assert.equal(bench.sleeps, 0);
  const last = bench.events.at(-1);
  assert.ok(last?.kind === "readiness" && last.isRecovered);
});

test("a probe that throws is a failure with its words, and the others are asked all the same", async () => {
  const bench = new Bench();
  bench.found.set("transport", { kind: "failed", why: "no key" });
  const { check } = bench;
  bench.found.get = () => {
    throw new Error("the probe broke");
  };
  await check.start();
  assert.deepEqual(
    check.report().missing,
    COMPONENTS.map((name) => `${name}: the probe broke`),
  );
  check.close();
  assert.equal(bench.sleeps, 0, "closed, nothing runs on");
});

test("a port that is taken is tried until it is free; a node that was promoted leaves its own port alone", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const bench = new Bench(port);
  await bench.check.start();
  const { state, missing } = bench.check.report();
  assert.equal(state, "SERVICE_UNAVAILABLE");
  assert.match(
    missing[0] ?? "",
    new RegExp(`^SIP port: 127\\.0\\.0\\.1:${port} over tcp cannot be opened: EADDRINUSE`),
  );
  await bench.check.promoted();
  assert.equal(bench.check.report().doubleFailure, true);
  const told = bench.events.length;
  await bench.run(5000);
  assert.equal(bench.events.length, told, "nothing is tried while it serves");
  bench.check.demoted();
  server.close();
  await once(server, "close");
  await bench.run(6000);
  assert.equal(bench.readyAt, 6000);
  assert.equal(bench.check.report().doubleFailure, false);
});
