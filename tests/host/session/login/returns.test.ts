// When an application session goes home, to the millisecond: probes, returns that fail or do not last, and their damping. Times
// are literals from the rules of table.ts and the defaults of settings.ts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { lostMain, started, World } from "./world.ts";

test("main returns: found serving twice, the standby session ended first, then main opened, and the warning goes", () => {
  const world = lostMain();
  world.at(100_000, () => world.servers.main.become("healthy"));
  world.run(200_000);
  // On standby since 36 020: probes at 51 020, 66 020, 81 020, 96 020 fail; 111 020 and 126 020 succeed.
  assert.deepEqual(world.states.slice(-3), ["126030 leaving", "126040 returning", "126050 main"]);
  assert.deepEqual(world.banners.slice(-1), ["126050 none"]);
  const crossed = world.wire.filter(({ at, what }) => at >= 126_000 && /end|open/.test(what));
  assert.deepEqual(
    crossed.map(({ at, server, what }) => `${at} ${server} ${what}`),
    ["126030 standby end 1", "126040 main open"],
  );
});

test("the worst case of the return: 40 s from a main server that serves to a session there", () => {
  // Main begins to serve just after its login of 4 000 has arrived in vain, and standby takes its time.
  const world = new World({ httpTimeout: 2000 });
  world.servers.main.become("silent");
  world.servers.standby.latencyMs = 1999;
  world.servers.standby.become("booting");
  started(world);
  // start 0; main unanswered 2000; standby says booting 3999; pause to 8999; main asked 8999, unanswered 10 999.
  world.at(9000, () => world.servers.standby.become("healthy"));
  world.at(9005, () => world.servers.main.become("healthy")); // the login of 8999 came at 9004
  world.at(9005, () => {
    world.servers.main.latencyMs = 1999;
  });
  world.run(80_000);
  // standby 10 999 + 1 999; probes at 27 998 and 42 998, answered 44 997; end 46 996; main 48 995: 39 990 of 40 000 ms.
  assert.deepEqual(world.states.slice(-4), [
    "12998 standby",
    "44997 leaving",
    "46996 returning",
    "48995 main",
  ]);
});

test("a main server that answers and does not serve is not back, however long", () => {
  for (const mode of ["booting", "standingBy", "noKey", "rejecting"] as const) {
    const world = lostMain();
    world.at(60_000, () => world.servers.main.become(mode));
    world.run(400_000);
    assert.equal(world.machine.state, "standby", mode);
    assert.deepEqual(
      world.sent("standby").filter((line) => line.includes("end")),
      [],
      mode,
    );
  }
});

test("one good probe is not enough: the count starts anew after a bad one", () => {
  const world = lostMain();
  world.at(60_000, () => world.servers.main.become("healthy")); // 66 020 succeeds
  world.at(70_000, () => world.servers.main.become("silent")); // 81 020 fails
  world.at(90_000, () => world.servers.main.become("healthy")); // 96 020, 111 020
  world.run(120_000);
  assert.deepEqual(world.states.slice(-3), ["111030 leaving", "111040 returning", "111050 main"]);
});

test("a return that fails: the warning never goes, standby is opened again, main is checked half as often", () => {
  const world = lostMain();
  world.at(60_000, () => world.servers.main.become("healthy")); // found at 66 030 and 81 030
  world.at(81_031, () => world.servers.main.become("silent")); // as the standby session is being ended
  world.at(90_000, () => world.servers.main.become("healthy"));
  world.run(200_000);
  assert.deepEqual(world.states.slice(6), [
    "81030 leaving",
    "81040 returning",
    "83040 standbyLogin",
    "83050 standby",
    "143060 leaving", // probes at 113 050 and 143 050: 30 s apart
    "143070 returning",
    "143080 main",
  ]);
  assert.deepEqual(world.banners.slice(2), ["83040 noPbx", "83050 standby", "143080 none"]);
});

test("the check interval doubles up to its cap, and is the set one again after a return that lasts", () => {
  const world = new World({ checkIntervalMax: 60 });
  world.servers.main.become("silent");
  started(world);
  const intervals: number[] = [];
  world.watch.event = (event) => {
    if (event.kind !== "state") return;
    if (event.to === "leaving" && intervals.length < 4) world.servers.main.become("silent");
    if (event.to === "standby") {
      intervals.push(world.machine.checkIntervalMs);
      world.servers.main.become("healthy");
    }
  };
  world.run(600_000);
  assert.deepEqual(intervals, [15_000, 30_000, 60_000, 60_000]);
  assert.equal(world.machine.state, "main");
  assert.equal(world.machine.checkIntervalMs, 15_000);
});

test("a return whose session is lost within settleTime counts as failed", () => {
  const world = lostMain();
  world.at(60_000, () => world.servers.main.become("healthy"));
  world.at(82_000, () => world.servers.main.restart()); // main since 81 050; the echo of 91 050 tells
  world.run(92_000);
  assert.equal(world.machine.checkIntervalMs, 30_000);
});

test("a main server that comes and goes every 20 s for an hour costs a bounded number of sessions", () => {
  const world = started();
  for (let at = 60_000; at < 3_660_000; at += 40_000) {
    world.at(at, () => world.servers.main.become("refused"));
    world.at(at + 20_000, () => world.servers.main.become("healthy"));
  }
  world.run(3_900_000);
  assert.equal(world.machine.state, "main");
  const toMain = world.states.filter((line) => line.endsWith(" leaving")).length;
  assert.ok(toMain <= 14, `${toMain} returns`); // 15, 30, 60, 120 s, then two checks of 240 s for each
});

test("a return that is refused: back on standby, and main rests a minute before it is probed again", () => {
  const world = lostMain();
  world.at(60_000, () => world.servers.main.become("healthy"));
  world.watch.sent = (call) => {
    if (call.kind === "end" && call.session.server === "standby") world.servers.main.become("rejecting");
  };
  world.run(400_000);
  const isRefused = ({ kind, text = "" }: { kind: string; text?: string }) =>
    kind === "errorLog" && text.startsWith("login refused");
  const refusals = world.events.filter(isRefused).map(({ at }) => at);
  assert.ok(refusals.length >= 3, `${refusals}`);
  for (const at of refusals) {
    const [next = ""] = world.sent("main", at + 1);
    if (next !== "") assert.ok(Number.parseInt(next, 10) >= at + 60_000, `${at} ${next}`);
  }
});

test("a main server that lets us in and keeps no session: standby after the second one, and ever fewer returns", () => {
  const world = new World();
  world.servers.main.servesPolls = false;
  started(world).run(97_000);
  assert.deepEqual(world.states, [
    "0 starting",
    "10 main", // a poll fails at 20, the echo of 2010 is well, the poll after it fails too
    "2030 closing",
    "2040 mainLogin",
    "2050 main",
    "4070 closing",
    "4080 standbyLogin",
    "4090 standby",
    "34100 leaving", // two probes, 15 s apart
    "34110 returning",
    "34120 main",
    "36140 closing",
    "36150 standbyLogin",
    "36160 standby",
    "96170 leaving", // two probes, 30 s apart
    "96180 returning",
    "96190 main",
  ]);
});

test("a main server that keeps no session is all there is: it goes on being asked", () => {
  const world = new World({}, false);
  world.servers.main.servesPolls = false;
  started(world).run(10_000);
  assert.deepEqual(world.states.slice(-2), ["8160 mainLogin", "8170 main"]);
  assert.deepEqual(world.sent("standby"), []);
});

test("a main session that has lasted wipes the count: lost again and again it is main that is asked first", () => {
  const world = started();
  for (const at of [31_000, 62_000, 93_000]) world.at(at, () => world.servers.main.restart());
  world.run(120_000);
  assert.ok(!world.states.some((line) => line.endsWith("standbyLogin")), world.states.join(", "));
});
