// Ownership against a real etcd: the holder is stopped, cut off, told lies about the time of day; etcd is killed.
//
// The lease is 3 s where it is to be lost, so a holder believes in it for 2 s; 12 s where it is to be kept, on a busy
// machine too. Three members of etcd as one cluster: lease-cluster.test.ts.

import assert from "node:assert/strict";
import { after, before, describe, type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Ownership } from "../../host/session.ts";
import { RealEtcd, Way } from "./lease/etcd.ts";
import { assertHandedOver, Rival, type RivalPlan, TAKEOVER_MS } from "./lease/rival.ts";
import { WrongClock } from "./wrong-clock.ts";

describe("ownership by a lease in etcd", { concurrency: 6 }, () => {
  let etcd: RealEtcd;
  before(async () => {
    etcd = await RealEtcd.open();
  });
  after(() => etcd.kill());

  /** Two nodes, of which the first owns. @param way of the first */
  async function two(
    context: TestContext,
    key: string,
    way = etcd.url,
    plan: Partial<RivalPlan> = {},
  ): Promise<[Rival, Rival]> {
    const first = new Rival(context, { etcd: [way], key, name: "first", ...plan });
    await first.acting();
    return [first, new Rival(context, { etcd: [etcd.url], key, name: "second", ...plan })];
  }

  test("a holder that is stopped for longer than its lease does nothing more when it goes on", async (context) => {
    const [first, second] = await two(context, "/stopped");
    first.child.kill("SIGSTOP");
    const { at } = await second.acting();
    first.child.kill("SIGCONT");
    await first.losing();
    await second.acting(at + 1000);
    assertHandedOver(first, second);
  });

  test("a holder that is cut off from etcd stops by its own clock before the other begins", async (context) => {
    const way = await Way.to(etcd.site.port);
    context.after(() => way.close());
    const [first, second] = await two(context, "/cut", way.url);
    way.cut();
    const cutAt = Number(process.hrtime.bigint()) / 1e6; // the clock of the acts
    await second.acting();
    await first.losing();
    const last = first.acts.at(-1)?.at ?? 0;
    assert.ok(last - cutAt <= 2000, `${last - cutAt} ms after the cut`);
    assertHandedOver(first, second);
    way.heal();
    await sleep(1000);
    assertHandedOver(first, second);
  });

  for (const kind of ["jumps", "1970"] as const)
    test(`the time of day: ${kind}, then right; nobody takes notice`, async (context) => {
      const clock = new WrongClock(kind);
      const [first, second] = await two(context, `/${kind}`, etcd.url, { seconds: 12, clock });
      await second.until(({ stdout }) => / held$/m.test(stdout), TAKEOVER_MS);
      clock.tell();
      const { at = 0 } = first.acts[0] ?? {};
      await first.acting(at + 8500); // longer than it believes in a lease that is not renewed
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
    const first = new Rival(context, { etcd: [own.url], key: "/killed", name: "first" });
    const { epoch } = await first.acting();
    await own.kill();
    const last = await first.losing();
    await own.start();
    const again = await first.acting(last.at);
    assert.ok(again.epoch > epoch, `${again.epoch} > ${epoch}`);
    assert.ok(first.acts.every((act) => act.at <= last.at || act.epoch > epoch));
  });

  test("a key that somebody removes by hand: its owner finds out at its next renewal, and one owns", async (context) => {
    const rivals = await two(context, "/removed");
    const { epoch } = await rivals[0].acting();
    await etcd.ask("/v3/kv/deleterange", { key: Buffer.from("/removed").toString("base64") });
    await rivals[0].losing();
    const isNext = ({ acts }: Rival): boolean => (acts.at(-1)?.epoch ?? 0) > epoch;
    await Promise.any(rivals.map((rival) => rival.until(isNext, TAKEOVER_MS)));
  });

  test("a member of etcd that is down is passed over", async (context) => {
    const members = ["http://127.0.0.1:1", etcd.url];
    const first = new Rival(context, { etcd: members, key: "/members", name: "first", seconds: 12 });
    const { at, epoch } = await first.acting();
    await first.acting(at + 8500);
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
