// Ownership against a real etcd: the holder is stopped, cut off, told lies about the time of day; etcd is killed.
//
// The lease is 3 s, so a holder believes in it for 2 s. Acts of all processes carry the time of the machine's one
// monotonic clock.

import assert from "node:assert/strict";
import { after, before, describe, type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { EpochGate, Ownership } from "../../host/session.ts";
import { bundleOne } from "../../host/tools/bundle.mjs";
import { Running } from "../host/running.ts";
import { RealEtcd, Way } from "./lease/etcd.ts";

const WORKER = "build/tests/lease-worker.mjs";
/** A lease, a look of the other, and a slow machine. */
const TAKEOVER_MS = 15_000;

interface Act {
  readonly at: number;
  readonly epoch: number;
}

class Worker extends Running {
  constructor(context: TestContext, etcd: string, key: string, name: string, ...rest: string[]) {
    super(process.execPath, [WORKER, etcd, key, name, ...(rest.length > 0 ? rest : ["3"])]);
    context.after(() => this.child.kill("SIGKILL"));
  }

  get acts(): Act[] {
    return [...this.stdout.matchAll(/^([\d.]+) act (\d+)$/gm)].map(([, at, epoch]) => ({
      at: Number(at),
      epoch: Number(epoch),
    }));
  }

  /** Waits until it has acted since then. */
  async acting(sinceMs = 0): Promise<Act> {
    await this.until(({ acts }) => (acts.at(-1)?.at ?? -1) > sinceMs, TAKEOVER_MS);
    return this.acts.find(({ at }) => at > sinceMs) as Act;
  }
}

/** The first acts alone, then the second: never both, and the epoch rises. */
function assertHandedOver(first: Worker, second: Worker): void {
  const [last, next] = [first.acts.at(-1), second.acts[0]];
  assert.ok(last !== undefined && next !== undefined);
  assert.ok(last.at < next.at, `${last.at} < ${next.at}`);
  assert.ok(last.epoch < next.epoch, `${last.epoch} < ${next.epoch}`);
  const gate = new EpochGate();
  assert.deepEqual(
    [gate.accepts(last.epoch), gate.accepts(next.epoch), gate.accepts(last.epoch)],
    [true, true, false],
  );
}

describe("ownership by a lease in etcd", { concurrency: 6 }, () => {
  let etcd: RealEtcd;
  before(async () => {
    assert.ok(await bundleOne("tests/pair/lease/worker.ts", WORKER));
    etcd = await RealEtcd.open();
  });
  after(() => etcd.kill());

  /** Two nodes, of which the first owns; @param rest seconds of the lease, and whether the time of day jumps */
  async function two(
    context: TestContext,
    key: string,
    way = etcd.url,
    ...rest: string[]
  ): Promise<[Worker, Worker]> {
    const first = new Worker(context, way, key, "first", ...rest);
    await first.acting();
    return [first, new Worker(context, etcd.url, key, "second", ...rest)];
  }

  test("a holder that is stopped for longer than its lease does nothing more when it goes on", async (context) => {
    const [first, second] = await two(context, "/stopped");
    first.child.kill("SIGSTOP");
    const { at } = await second.acting();
    first.child.kill("SIGCONT");
    await first.until(({ stdout }) => /notOwner/.test(stdout), TAKEOVER_MS);
    await second.acting(at + 1000);
    assertHandedOver(first, second);
  });

  test("a holder that is cut off from etcd stops by its own clock before the other begins", async (context) => {
    const way = await Way.to(etcd.port);
    context.after(() => way.close());
    const [first, second] = await two(context, "/cut", way.url);
    const before = first.acts.at(-1)?.at ?? 0;
    way.cut();
    await second.acting();
    await first.until(({ stdout }) => /notOwner/.test(stdout), TAKEOVER_MS);
    const last = first.acts.at(-1)?.at ?? 0;
    assert.ok(last - before < 4000, `${last - before} ms after the cut`);
    assertHandedOver(first, second);
    way.heal();
    await sleep(1000);
    assertHandedOver(first, second);
  });

  test("the time of day may jump by hours: nobody takes notice", async (context) => {
    const [first, second] = await two(context, "/jump", etcd.url, "6", "jump");
    const { at = 0 } = first.acts[0] ?? {};
    await first.acting(at + 6000); // longer than it believes in a lease that is not renewed
    assert.deepEqual(second.acts, []);
    assert.doesNotMatch(first.stdout, /notOwner/);
    const times = first.acts.map((act) => act.at);
    assert.equal(new Set(first.acts.map(({ epoch }) => epoch)).size, 1);
    assert.ok(times.length > 100, `${times.length} acts`);
  });

  test("a holder that stops lets the other begin at its next look", async (context) => {
    const [first, second] = await two(context, "/stops");
    await second.until(({ stdout }) => /held/.test(stdout), TAKEOVER_MS);
    first.child.kill("SIGTERM");
    await second.acting();
    assertHandedOver(first, second);
  });

  test("etcd is killed: the holder stops; etcd comes back with its data: one owns, under a higher epoch", async (context) => {
    const own = await RealEtcd.open();
    context.after(() => own.kill());
    const first = new Worker(context, own.url, "/killed", "first");
    const { epoch } = await first.acting();
    await own.kill();
    await first.until(({ stdout }) => /notOwner/.test(stdout), TAKEOVER_MS);
    const last = first.acts.at(-1) as Act;
    await own.start();
    const again = await first.acting(last.at);
    assert.ok(again.epoch > epoch, `${again.epoch} > ${epoch}`);
    assert.ok(first.acts.every((act) => act.at <= last.at || act.epoch > epoch));
  });

  test("a member of etcd that is down is passed over", async (context) => {
    const first = new Worker(context, `http://127.0.0.1:1,${etcd.url}`, "/members", "first");
    const { at, epoch } = await first.acting();
    await first.acting(at + 3000);
    assert.match(first.stdout, /trouble/);
    assert.equal(first.acts.at(-1)?.epoch, epoch);
  });

  test("an etcd that nobody finds is told, and an address that is none is refused", async (context) => {
    const lonely = new Ownership({ etcd: ["http://127.0.0.1:1"], name: "lonely", leaseSeconds: 3 });
    context.after(() => lonely.stop());
    const trouble = new Promise<string>((resolve) =>
      lonely.on("event", (event) => event.type === "trouble" && resolve(event.why)),
    );
    lonely.start();
    assert.match(await trouble, /^etcd at http:\/\/127\.0\.0\.1:1: /);
    assert.equal(lonely.permit(), undefined);
    assert.throws(() => new Ownership({ etcd: ["etcd:2379"], name: "x" }), /no address such as http/);
  });
});
