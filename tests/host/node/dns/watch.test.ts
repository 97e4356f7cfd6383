// One name over time, in virtual time: when it is asked for again, and what a new answer changes.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Located, Target } from "../../../../host/node/dns/locate.ts";
import { Watch } from "../../../../host/node/dns/watch.ts";
import { settled, VirtualTime } from "./virtual-time.ts";

/** Addresses 192.0.2.N as what was found. */
function found(ttlSeconds: number, ...hosts: readonly number[]): Located {
  return { kind: "found", targets: hosts.map((host) => target(host, ttlSeconds)), ttlSeconds, missed: [] };
}

function inPart(...hosts: readonly number[]): Located {
  return {
    kind: "found",
    targets: hosts.map((host) => target(host, 300)),
    ttlSeconds: 300,
    missed: ["b A: SERVFAIL"],
  };
}

function target(host: number, ttlSeconds: number): Target {
  return { address: `192.0.2.${host}`, port: 5060, name: "pbx.test", ttlSeconds };
}

const NONE: Located = { kind: "none", why: "no such name", ttlSeconds: 60 };
const FAILED: Located = { kind: "failed", why: "silence" };

interface Scene {
  readonly watch: Watch;
  readonly time: VirtualTime;
  /** When the name was asked for, s. */
  readonly askedAt: number[];
  readonly notices: string[];
  /** After each change: the last numbers of the addresses, the one in use in brackets. */
  readonly changes: string[];
  shown(): string;
}

/** A watch whose answers are these, one after the other; the last one goes on for ever. */
function scene(...answers: readonly Located[]): Scene {
  const time = new VirtualTime();
  const askedAt: number[] = [];
  const notices: string[] = [];
  const changes: string[] = [];
  const locate = async (): Promise<Located> => {
    askedAt.push(time.now() / 1000);
    return answers[Math.min(askedAt.length, answers.length) - 1] ?? FAILED;
  };
  const shown = (): string =>
    watch.targets
      .map(({ address }, at) => (at === watch.current ? `[${address.slice(8)}]` : address.slice(8)))
      .join(" ");
  const watch = new Watch({
    locate,
    timing: time,
    onChange: () => changes.push(shown()),
    onNotice: (text) => notices.push(text),
  });
  return { watch, time, askedAt, notices, changes, shown };
}

/** When a name is asked for: the answers, and the moments in seconds up to the last of them. */
const MOMENTS: readonly (readonly [string, readonly Located[], readonly number[]])[] = [
  ["at the end of its time to live", [found(300, 1)], [0, 300, 600]],
  ["not more often than every 30 s in the background", [found(0, 1)], [0, 30, 60]],
  ["an address that was configured: never again", [found(Infinity, 1)], [0]],
  ["every 5 s until an address is known", [FAILED, FAILED, found(300, 1)], [0, 5, 10, 310]],
  ["every 30 s while the last good answer serves", [found(300, 1), FAILED], [0, 300, 330, 360]],
  ["a name that does not exist: when that has run out", [NONE], [0, 60, 120]],
  ["what was found in part: the rest after 30 s", [inPart(1), found(300, 1, 2)], [0, 30, 330]],
];

for (const [name, answers, moments] of MOMENTS) {
  test(`asked ${name}`, async () => {
    const { watch, time, askedAt } = scene(...answers);
    await watch.ask();
    await time.until((moments.at(-1) ?? 0) + 4);
    assert.deepEqual(askedAt, moments);
  });
}

test("what lives for 0 s is asked for at each need, and not more often than every 5 s", async () => {
  const { watch, time, askedAt } = scene(found(0, 1));
  await watch.ask();
  for (const second of [1, 4, 5, 6, 9, 10, 29]) {
    await time.until(second);
    watch.need();
    await settled();
  }
  assert.deepEqual(askedAt, [0, 5, 10, 29]);
});

test("what is still good is not asked for at a need", async () => {
  const { watch, time, askedAt } = scene(found(300, 1));
  await watch.ask();
  await time.until(299);
  watch.need();
  assert.deepEqual(askedAt, [0]);
});

test("two that ask at once share one question", async () => {
  const { watch, askedAt } = scene(found(300, 1));
  await Promise.all([watch.ask(), watch.ask()]);
  assert.deepEqual(askedAt, [0]);
});

test("a closed watch asks no more, and takes no answer that comes late", async () => {
  const { watch, time, askedAt, changes } = scene(found(30, 1));
  const late = watch.ask();
  watch.close();
  await late;
  await time.until(100);
  assert.deepEqual([askedAt, changes], [[0], []]);
});

/** What answers make of the list: each answer at the end of the one before, each `use` in between. */
const CHANGES: readonly (readonly [string, readonly (Located | number)[], readonly string[]])[] = [
  ["the first answer", [found(30, 1, 2)], ["[1] 2"]],
  ["the same answer changes nothing", [found(30, 1, 2), found(30, 1, 2)], ["[1] 2"]],
  [
    "the one in use keeps its part in another order",
    [found(30, 1, 2), found(30, 3, 2, 1)],
    ["[1] 2", "3 2 [1]"],
  ],
  ["and stays when the answer lacks it", [found(30, 1, 2), found(30, 3, 4)], ["[1] 2", "[1] 3 4"]],
  ["until the core leaves it", [found(30, 1, 2), found(30, 3, 4), 2], ["[1] 2", "[1] 3 4", "3 [4]"]],
  [
    "another one that is lacking goes at once",
    [found(30, 1, 2, 3), 1, found(30, 2, 4)],
    ["[1] 2 3", "[2] 4"],
  ],
  [
    "it comes back into the answer",
    [found(30, 1), found(30, 2), found(30, 2, 1), 0],
    ["[1]", "[1] 2", "2 [1]"],
  ],
  ["at most 8 are kept", [found(30, 1, 2, 3, 4, 5, 6, 7, 8, 9)], ["[1] 2 3 4 5 6 7 8"]],
  [
    "with the one in use among them",
    [found(30, 9), found(30, 1, 2, 3, 4, 5, 6, 7, 8, 9)],
    ["[9]", "[9] 1 2 3 4 5 6 7"],
  ],
  ["a failure changes nothing", [found(30, 1, 2), FAILED], ["[1] 2"]],
  ["a name that is gone leaves the one in use", [found(30, 1, 2), 1, NONE], ["[1] 2", "[2]"]],
  ["half an answer does not replace a whole one", [found(30, 1, 2), inPart(2)], ["[1] 2"]],
  ["it replaces another half", [inPart(1), inPart(2)], ["[1]", "[1] 2"]],
  ["a failure at first, then an answer", [FAILED, found(30, 1)], ["[1]"]],
];

for (const [name, steps, expected] of CHANGES) {
  test(`changes: ${name}`, async () => {
    const answers = steps.filter((step) => typeof step !== "number");
    const { watch, changes } = scene(...answers);
    const shows: string[] = [];
    for (const step of steps) {
      if (typeof step === "number") watch.use(step);
      else await watch.ask();
      shows.push(...changes.splice(0));
    }
    assert.deepEqual(shows, expected);
  });
}

test("trouble is told when it begins and when it ends, each kind once", async () => {
  const { watch, notices } = scene(
    FAILED,
    FAILED,
    found(30, 1),
    FAILED,
    FAILED,
    inPart(1),
    NONE,
    found(30, 1),
  );
  for (let asked = 0; asked < 8; asked += 1) await watch.ask();
  assert.deepEqual(notices, [
    "no address found (silence)",
    "found again",
    "no address found (silence); what was known before is used",
    "found in part (b A: SERVFAIL)",
    "no address found (no such name); what was known before is used",
    "found again",
  ]);
});
