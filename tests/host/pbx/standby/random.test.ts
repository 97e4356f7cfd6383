// Drawn links: what the role does beside what the rule says, which here needs no states and no timers.
//
// A link is a list of stretches, down and up in turn. One that is down for takeoverDelay makes the standby serve from
// then on; one that is up for returnDelay makes it send clients away from then on; nothing else changes anything.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { conductFor } from "../../../../host/pbx/standby/conduct.ts";
import { type RoleEvent, type RoleInput, StandbyRole } from "../../../../host/pbx/standby/role.ts";

const CASES = 3_000;
/** `SEED` or `SEED:PATH` of a case to do again. */
const AGAIN = process.env.STANDFAST_STANDBY ?? "";

interface Link {
  readonly takeoverDelayMs: number;
  readonly returnDelayMs: number;
  /** ms: down, up, down, up .. from 0 on. */
  readonly stretches: readonly number[];
}

const delay = fc.integer({ min: 5_000, max: 20_000 });
const links: fc.Arbitrary<Link> = fc.tuple(delay, delay).chain(([takeoverDelayMs, returnDelayMs]) => {
  const edge = fc.constantFrom(takeoverDelayMs, returnDelayMs);
  const near = fc.tuple(edge, fc.integer({ min: -1, max: 1 })).map(([ms, more]) => ms + more);
  const stretches = fc.array(fc.oneof(near, fc.integer({ min: 1, max: 60_000 })), {
    minLength: 1,
    maxLength: 60,
  });
  return fc.record({
    takeoverDelayMs: fc.constant(takeoverDelayMs),
    returnDelayMs: fc.constant(returnDelayMs),
    stretches,
  });
});

/** Fails with the words that repeat it. */
function holds(property: fc.IProperty<[Link]>): void {
  const [seed, path] = AGAIN.split(":", 1).concat(AGAIN.split(":").slice(1).join(":"));
  const result = fc.check(property, {
    numRuns: CASES,
    ...(AGAIN && { seed: Number(seed), path: path ?? "" }),
  });
  if (!result.failed) return;
  const again = `${result.seed}:${result.counterexamplePath}`;
  assert.fail(
    `${fc.defaultReportMessage(result)}\nagain: STANDFAST_STANDBY=${again} npm test -- tests/host/pbx/standby/random`,
  );
}

/** A moment in the life of a link, and whether the link had been up or down since `since` then. */
interface Moment {
  readonly at: number;
  readonly isUp: boolean;
  readonly since: number;
  /** The rule's word, without damping. */
  readonly serves: boolean;
}

/** Each stretch: its first ms, both sides of each delay, its last ms. */
function moments({ takeoverDelayMs, returnDelayMs, stretches }: Link): readonly Moment[] {
  let [since, served] = [0, false];
  return stretches.flatMap((ms, index) => {
    const [isUp, from, before] = [index % 2 === 1, since, served];
    const delayMs = isUp ? returnDelayMs : takeoverDelayMs;
    since += ms;
    if (ms >= delayMs) served = !isUp;
    const inside = [0, delayMs - 1, delayMs, delayMs + 1, ms - 1].filter((one) => one < ms);
    return [...new Set(inside)]
      .sort((one, other) => one - other)
      .map((one) => ({ at: from + one, isUp, since: from, serves: one >= delayMs ? !isUp : before }));
  });
}

/** Lets the role live through the moments; `visit` sees it at each. */
function walk(
  link: Link,
  isDamped: boolean,
  visit: (role: StandbyRole, moment: Moment) => void,
): RoleEvent[] {
  const role = new StandbyRole({ ...link, damping: { flapDamping: isDamped } }, 0);
  const events: RoleEvent[] = [];
  for (const moment of moments(link)) {
    for (let next = dueAt(role); next <= moment.at; next = dueAt(role)) {
      events.push(...role.feed({ kind: "tick" }, next));
    }
    if (moment.at === moment.since) events.push(...role.feed(inputOf(moment), moment.at));
    visit(role, moment);
  }
  return events;
}

function inputOf({ isUp }: Moment): RoleInput {
  return isUp ? { kind: "registered" } : { kind: "lost", cause: "cut" };
}

function dueAt(role: StandbyRole): number {
  return role.wakeInMs(0) ?? Number.POSITIVE_INFINITY;
}

function word(role: StandbyRole, at: number): string {
  return conductFor(role, "REGISTER", "redirect", at).kind;
}

test("a client is served, sent to the master, or asked to wait: exactly as the rule says", () => {
  holds(
    fc.property(links, (link) => {
      walk(link, false, (role, { at, isUp, serves }) => {
        assert.equal(word(role, at), serves ? "serve" : isUp ? "redirect" : "wait", `at ${at}`);
      });
    }),
  );
});

test("damped: nobody is sent away but to a master that is there, and nobody waits longer than without", () => {
  holds(
    fc.property(links, (link) => {
      walk(link, true, (role, { at, isUp, serves, since }) => {
        const said = word(role, at);
        if (said === "redirect") assert.ok(isUp, `sent to a master that is gone, at ${at}`);
        if (serves) assert.equal(said, "serve", `at ${at}`);
        if (!isUp && at - since >= link.takeoverDelayMs) assert.equal(said, "serve", `at ${at}`);
        if (said === "wait") assert.ok(!isUp && at - since < link.takeoverDelayMs, `waits at ${at}`);
      });
    }),
  );
});

test("the alarm is on exactly while it serves, and each end of it hands the bindings back once", () => {
  holds(
    fc.property(links, (link) => {
      const events = walk(link, true, (role, { at }) => {
        assert.equal(role.explain(at).alarmedSince !== undefined, word(role, at) === "serve", `at ${at}`);
      });
      const alarms = events.flatMap((event) => (event.kind === "alarm" ? [event.on] : []));
      assert.deepEqual(
        alarms,
        alarms.map((_, index) => index % 2 === 0),
      );
      const handed = events.filter(({ kind }) => kind === "handBack").length;
      assert.equal(handed, alarms.filter((on) => !on).length);
    }),
  );
});

test("ticks that nobody asked for change nothing", () => {
  holds(
    fc.property(links, (link) => {
      const quiet = walk(link, true, () => {});
      const busy = walk(link, true, (role, { at }) => assert.deepEqual(role.feed({ kind: "tick" }, at), []));
      assert.deepEqual(busy, quiet);
    }),
  );
});
