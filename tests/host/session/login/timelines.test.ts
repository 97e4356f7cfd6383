// The timelines of an application session, to the millisecond: the acceptance list of a queue manager that follows the
// switch-over between two PBXs. Times are literals from the rules of table.ts and the defaults of settings.ts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { STANDBY_IS_DOWN } from "../../../../host/session/login/events.ts";
import { World } from "./world.ts";

/** A world that has started; every answer takes 10 ms. */
function started(world = new World()): World {
  world.feed({ kind: "start" });
  return world;
}

/** Logged in at main since 10 ms, echoes at 10 010, 20 010 and so on; main falls silent as it has answered the first. */
function lostMain(): World {
  const world = started();
  world.at(10_020, () => world.servers.main.become("silent"));
  return world;
}

test("one server alone: it may be dead for ten minutes, and nothing goes to a second one", () => {
  const world = started(new World({}, false));
  world.at(30_000, () => world.servers.main.become("silent"));
  world.at(630_000, () => world.servers.main.become("healthy"));
  world.run(700_000);
  assert.equal(world.machine.state, "main");
  assert.deepEqual(world.sent("standby"), []);
  assert.ok(world.banners.some((line) => line.endsWith("noPbx")));
  assert.ok(!world.banners.some((line) => line.endsWith("standby")));
});

test("a start with a dead standby server: one line on the display, one in the error log, the login not delayed", () => {
  const world = new World();
  world.servers.standby.become("silent");
  started(world).run(60_000);
  assert.deepEqual(world.states, ["0 starting", "10 main"]);
  const told = world.events.filter(({ kind }) => kind === "display" || kind === "errorLog");
  assert.deepEqual(told, [
    { at: 2000, kind: "display", text: STANDBY_IS_DOWN },
    { at: 2000, kind: "errorLog", text: STANDBY_IS_DOWN },
  ]);
  assert.equal(STANDBY_IS_DOWN, "Warning: standby PBX is down!");
  assert.deepEqual(world.sent("standby"), ["0 probe"]);
  assert.deepEqual(world.banners, []);
});

test("a standby server that answers at the start is up, though it does not serve yet", () => {
  for (const mode of ["standingBy", "booting", "noKey"] as const) {
    const world = new World();
    world.servers.standby.become(mode);
    started(world).run(5000);
    assert.deepEqual(world.states, ["0 starting", "10 main"], mode);
    assert.ok(!world.events.some(({ kind }) => kind === "display" || kind === "errorLog"), mode);
  }
});

test("a start with main down: on standby after one time-out, with the warning", () => {
  const world = new World();
  world.servers.main.become("silent");
  started(world).run(10_000);
  assert.deepEqual(world.states, ["0 starting", "2000 standbyLogin", "2010 standby"]);
  assert.deepEqual(world.banners, ["2000 noPbx", "2010 standby"]);
});

test("main falls silent: two echoes missed, the session ended as far as that goes, main asked, then standby", () => {
  const world = lostMain();
  world.run(40_000);
  assert.deepEqual(world.states.slice(2), [
    "32010 closing", // echoes of 20 010 and 30 010, and 2 s for the second
    "34010 mainLogin", // nobody has answered the end
    "36010 standbyLogin",
    "36020 standby", // 26 s after the silence; promised within 28 s
  ]);
  assert.deepEqual(world.banners, ["32010 noPbx", "36020 standby"]);
  assert.deepEqual(world.sent("main", 20_000).slice(0, 4), [
    "20010 echo 1",
    "30010 echo 1",
    "32010 end 1",
    "34010 open",
  ]);
});

test("main refuses connections: its poll breaks at once, and the echo is brought forward", () => {
  const world = started();
  world.at(15_000, () => world.servers.main.become("refused"));
  world.run(40_000);
  // The poll breaks at 15 005; an echo follows, the next one 10 s later; each answer takes 10 ms.
  assert.deepEqual(world.states.slice(2), [
    "25015 closing",
    "25025 mainLogin",
    "25035 standbyLogin",
    "25045 standby",
  ]);
});

test("the worst case of the promise: 28 s from a silence to service, and not a millisecond more", () => {
  const world = new World();
  world.servers.main.latencyMs = 0;
  world.servers.standby.latencyMs = 1999;
  started(world);
  world.at(10_001, () => world.servers.main.become("silent")); // it has just answered an echo
  world.run(60_000);
  assert.deepEqual(world.states.slice(-2), ["36000 standbyLogin", "37999 standby"]); // 27 998 ms later
});

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

test("an answer of a session that is over changes nothing, though the next one has the same name", () => {
  const world = lostMain();
  world.servers.main.users.set("100", "ghost");
  // The poll of main's session 1, open since 10 ms, is answered when main serves again: on standby, whose session is 1 too.
  world.at(45_000, () => world.servers.main.become("healthy"));
  world.run(46_000);
  assert.deepEqual(world.machine.session?.ticket.id, "1");
  assert.equal(world.machine.session?.server, "standby");
  assert.ok(world.events.some(({ kind, at }) => kind === "stale" && at > 45_000));
  assert.ok(!world.events.some((event) => event.kind === "news" && event.at > 40_000));
});

test("after each switch the view holds what the server says now, and nothing of the last one", () => {
  const world = lostMain();
  world.servers.main.users.set("only main", "busy");
  world.servers.standby.users.set("only standby", "busy");
  world.at(100_000, () => world.servers.main.become("healthy"));
  world.run(31_000);
  assert.deepEqual(ids(world), ["100", "only main"]);
  world.run(36_025);
  assert.deepEqual(ids(world), []);
  world.run(80_000);
  assert.deepEqual(ids(world), ["100", "only standby"]);
  world.run(160_000);
  assert.deepEqual(ids(world), ["100", "only main"]);
});

function ids(world: World): readonly string[] {
  return world.view.items.map(({ id }) => id);
}

test("the standby server is taken out while it serves: its session is ended at once, and main alone is asked", () => {
  const world = lostMain();
  world.at(50_000, () => world.feed({ kind: "clearStandby" }));
  world.at(80_000, () => world.servers.main.become("healthy"));
  world.run(100_000);
  assert.deepEqual(world.sent("standby", 50_000), ["50000 end 1"]);
  assert.equal(world.machine.state, "main");
});

test("both are dead; standby comes first, then main: it ends at main", () => {
  const world = lostMain();
  world.servers.standby.become("silent");
  world.at(200_000, () => world.servers.standby.become("healthy"));
  world.at(300_000, () => world.servers.main.become("healthy"));
  world.run(400_000);
  const banners = world.banners.map((line) => line.split(" ")[1]);
  assert.deepEqual(banners, ["noPbx", "standby", "none"]);
});

test("a login that is refused is no outage: it is called so, standby is not asked, main rests a minute", () => {
  const world = new World();
  world.servers.main.become("rejecting");
  started(world);
  world.at(50_000, () => world.servers.main.become("healthy"));
  world.run(70_000);
  assert.deepEqual(world.states, ["0 starting", "10 waiting", "60010 mainLogin", "60020 main"]);
  assert.deepEqual(world.sent("standby"), ["0 probe"]);
  const logged = world.events.flatMap((event) => (event.kind === "errorLog" ? [event.text] : []));
  assert.deepEqual(logged, ["login refused, and no outage: main: these credentials are not known"]);
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

test("standby refuses our credentials: it rests a minute, and main goes on being asked", () => {
  const world = new World();
  world.servers.main.become("silent");
  world.servers.standby.become("rejecting");
  started(world).run(59_000);
  assert.equal(world.sent("standby").filter((line) => line.endsWith("open")).length, 1);
  assert.equal(world.sent("main").filter((line) => line.endsWith("open")).length, 9); // 0, 7 010, then each 7 s
});

test("standby loses the session: main first, then standby", () => {
  const world = lostMain();
  world.at(60_000, () => world.servers.standby.restart());
  world.run(90_000);
  // Its poll breaks at 60 005, and the echo that is brought forward finds the session gone at 60 015.
  assert.deepEqual(world.states.slice(6), [
    "60015 closing",
    "60025 mainLogin",
    "62025 standbyLogin",
    "62035 standby",
  ]);
});

test("a login that is answered too late: what it opened is ended as soon as it is known", () => {
  const world = new World();
  world.servers.main.latencyMs = 5000;
  started(world).run(10_000);
  assert.deepEqual(world.states, ["0 starting", "2000 standbyLogin", "2010 standby"]);
  assert.deepEqual(
    world.sent("main").filter((line) => /open|end/.test(line)),
    ["0 open", "5000 end 1"],
  );
  assert.equal(world.servers.main.live, 0);
});

test("told to stop: the session is ended, and nothing is due any more", () => {
  for (const stopAt of [0, 5, 1000, 33_000, 35_000, 36_015, 50_000]) {
    const world = lostMain();
    world.at(stopAt, () => world.feed({ kind: "stop" }));
    world.run(100_000);
    assert.equal(world.machine.state, "over", `${stopAt}`);
    assert.equal(world.machine.wakeInMs(world.now), undefined, `${stopAt}`);
    assert.equal(world.servers.standby.live, 0, `${stopAt}`);
    if (stopAt < 10_000) assert.equal(world.servers.main.live, 0, `${stopAt}`);
  }
});

test("told to stop while what was opened too late is being ended: that has two seconds more, and no minute", () => {
  const world = new World();
  world.servers.main.latencyMs = 3000; // the first login is given up at 2000, and answered at 3000
  started(world).run(3000);
  world.servers.main.become("silent");
  assert.deepEqual(world.sent("main", 3000), ["3000 end 1"]);
  world.run(4000);
  world.feed({ kind: "stop" });
  world.run(4010);
  assert.equal(world.machine.state, "over");
  assert.equal(world.machine.wakeInMs(4010), 2000);
  world.run(100_000);
  assert.equal(world.machine.wakeInMs(world.now), undefined);
});

test("told to stop during a login that never comes: what it answers after the end is told to nobody", () => {
  const world = new World({}, false);
  world.servers.main.latencyMs = 5000;
  started(world).run(1000);
  world.feed({ kind: "stop" });
  world.run(20_000);
  assert.deepEqual(world.states, ["0 starting", "1000 ending", "2000 over"]);
  assert.ok(world.events.every(({ at }) => at <= 2000));
  assert.deepEqual(world.sent("main"), ["0 open"]);
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
