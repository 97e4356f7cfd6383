// The list of managers: its table, what is refused in it, the way through it, and a silence that is a loss to the ms.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  LINK_ROWS,
  type LinkInput,
  type LinkOrder,
  type LinkState,
  linkRow,
  ManagerList,
} from "../../../../host/session/events/managers.ts";

const USUAL = { retrySeconds: 30, passes: 0 };
const STATES: readonly LinkState[] = ["new", "opening", "up", "trying", "pausing", "failed", "shutdown"];
const INPUTS: readonly LinkInput[] = [
  "open",
  "accepted",
  "refused",
  "exhausted",
  "spent",
  "lost",
  "due",
  "shutdown",
];

test("the table, whole: open accepted refused exhausted spent lost due shutdown", () => {
  const cell = (state: LinkState, input: LinkInput): string => {
    const row = linkRow(state, input);
    return row === undefined ? "." : `${row[2]}>${row[3]}`;
  };
  assert.deepEqual(
    STATES.map((state) => [state, ...INPUTS.map((input) => cell(state, input))].join(" ")),
    [
      "new connect>opening . . . . . . end>shutdown",
      "opening . greet>up connect>opening fail>failed fail>failed . . end>shutdown",
      "up . . . . . loseAndConnect>trying . end>shutdown",
      "trying . greet>up connect>trying pause>pausing end>shutdown . . end>shutdown",
      "pausing . . . . . . connect>trying end>shutdown",
      "failed . . . . . . . .",
      "shutdown . . . . . . . .",
    ],
  );
  assert.equal(new Set(LINK_ROWS.map(([state, input]) => `${state} ${input}`)).size, LINK_ROWS.length);
});

function names(count: number): string[] {
  return [...Array(count).keys()].map((index) => `m${index + 1}`);
}

const REFUSED: readonly (readonly [managers: readonly string[], why: RegExp])[] = [
  [[], /managers: 0 are given; 1 to 10 are allowed/],
  [names(11), /managers: 11 are given; 1 to 10 are allowed/],
  [["m1", "m2", "m1"], /managers: "m1" stands at 1 and at 3; name each once/],
];

for (const [managers, why] of REFUSED) {
  test(`a list of ${managers.length} (${why.source.slice(10, 30)}) is refused`, () => {
    assert.throws(() => new ManagerList(managers, USUAL), why);
  });
}

test("lists of 1 and of 10 are taken; pauses and passes have limits", () => {
  for (const count of [1, 10]) assert.equal(new ManagerList(names(count), USUAL).state, "new");
  for (const retrySeconds of [4, Number.NaN, -1])
    assert.throws(() => new ManagerList(["m1"], { ...USUAL, retrySeconds }), /retrySeconds .*: 5 or more/);
  for (const passes of [-1, 1.5])
    assert.throws(() => new ManagerList(["m1"], { ...USUAL, passes }), /passes .*: 0 \(for ever\) or more/);
});

/** Plays a list whose managers all refuse but those that are named, and writes down what happens. */
class Play {
  readonly list: ManagerList;
  readonly log: string[] = [];
  readonly answering = new Set<string>();
  now = 0;

  constructor(count: number, settings = USUAL) {
    this.list = new ManagerList(names(count), settings);
  }

  take(orders: readonly LinkOrder[]): void {
    for (const order of orders) {
      this.log.push(`${this.now / 1000} ${order.kind}${"manager" in order ? ` ${order.manager}` : ""}`);
      if (order.kind !== "connect") continue;
      const { manager, attempt } = order;
      if (this.answering.has(manager)) this.take(this.list.accepted(attempt, 30_000, this.now));
      else this.take(this.list.closed(attempt, this.now));
    }
  }

  /** Lets everything become due that does, up to then. */
  runTo(untilMs: number): void {
    for (;;) {
      const next = this.now + this.list.wakeInMs(this.now);
      if (next > untilMs) break;
      this.now = next;
      this.take(this.list.tick(this.now));
    }
    this.now = untilMs;
  }
}

test("the first pass finds one, or fails and asks nobody again", () => {
  const none = new Play(3);
  none.take(none.list.open(0));
  none.runTo(3_600_000);
  assert.deepEqual(none.log, ["0 connect m1", "0 connect m2", "0 connect m3", "0 failed"]);
  const third = new Play(3);
  third.answering.add("m3");
  third.take(third.list.open(0));
  assert.deepEqual(third.log, ["0 connect m1", "0 connect m2", "0 connect m3", "0 up m3"]);
});

test("a silence of two intervals is a loss: at 60 s, not 1 ms sooner; whatever came counts", () => {
  const play = new Play(2);
  play.answering.add("m1");
  play.take(play.list.open(0));
  play.now = 20_000;
  play.take(play.list.heard(1, 20_000)); // traffic, no heartbeat
  play.runTo(79_999);
  assert.equal(play.list.state, "up");
  play.runTo(80_000);
  assert.deepEqual(play.log.slice(2), ["80 lost m1", "80 connect m2", "80 connect m1", "80 up m1"]);
});

test("words that come when the silence was long enough come too late", () => {
  const list = new ManagerList(["m1"], USUAL);
  list.open(0);
  list.accepted(1, 30_000, 0);
  assert.deepEqual(list.heard(1, 59_999), []);
  assert.deepEqual(
    list.heard(1, 119_999).map(({ kind }) => kind),
    ["lost", "connect"],
  );
});

test("after a loss the list is gone through from the next one on, again and again, with a pause between", () => {
  const play = new Play(3);
  play.answering.add("m2");
  play.take(play.list.open(0));
  play.answering.clear();
  play.now = 10_000;
  play.take(play.list.closed(2, 10_000));
  play.runTo(45_000);
  play.answering.add("m1");
  play.runTo(80_000);
  assert.deepEqual(play.log.slice(3), [
    "10 lost m2",
    "10 connect m3",
    "10 connect m1",
    "10 connect m2",
    "40 connect m3",
    "40 connect m1",
    "40 connect m2",
    "70 connect m3",
    "70 connect m1",
    "70 up m1",
  ]);
});

test("with a number of passes it ends after the last, for good", () => {
  const play = new Play(2, { retrySeconds: 30, passes: 2 });
  play.answering.add("m1");
  play.take(play.list.open(0));
  play.answering.clear();
  play.take(play.list.closed(1, 0));
  play.runTo(3_600_000);
  assert.deepEqual(play.log.slice(2), [
    "0 lost m1",
    "0 connect m2",
    "0 connect m1",
    "30 connect m2",
    "30 connect m1",
    "30 shutdown",
  ]);
});

test("what an attempt says after it is over counts for nothing", () => {
  const list = new ManagerList(["m1", "m2"], USUAL);
  list.open(0);
  list.closed(1, 0); // now m2 is asked, attempt 2
  assert.deepEqual(list.accepted(1, 30_000, 0), []);
  assert.deepEqual(list.closed(1, 0), []);
  assert.equal(list.accepted(2, 30_000, 0)[0]?.kind, "up");
  list.shutdown(0);
  assert.deepEqual(list.closed(2, 0), []);
  assert.equal(list.state, "shutdown");
});
