// The timelines of an application session, to the millisecond: the acceptance list of a queue manager that follows the
// switch-over between two PBXs. Times are literals from the rules of table.ts and the defaults of settings.ts. Returns: their file.

import assert from "node:assert/strict";
import { test } from "node:test";
import { STANDBY_IS_DOWN } from "../../../../host/session/login/events.ts";
import { lostMain, started, World } from "./world.ts";

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
