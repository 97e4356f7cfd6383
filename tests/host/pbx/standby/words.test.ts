// What a role says, as the lines of a log that people and programs read.

import assert from "node:assert/strict";
import { test } from "node:test";
import { wordsOf } from "../../../../host/pbx/standby/words.ts";
import { down, live, up } from "./timeline.ts";

test("a takeover and a return as lines of a log", () => {
  const settings = { takeoverDelayMs: 5_000, returnDelayMs: 5_000 };
  const { events } = live(settings, [up(0), down(10_000, "the master does not answer"), up(20_000)], 30_000);
  assert.deepEqual(
    events.map((event) => wordsOf(event)?.text),
    [
      "UNREGISTERED -> STANDBY: registered at the master",
      "STANDBY -> LOST: the master does not answer",
      "LOST -> ACTIVE: not registered at the master for 5 s: the master does not answer",
      "alarm on: not registered at the master for 5 s: the master does not answer",
      "ACTIVE -> RETURNING: registered at the master after 10 s without it",
      "RETURNING -> STANDBY: registered at the master for 5 s",
      "alarm off: registered at the master for 5 s",
      undefined,
    ],
  );
  assert.deepEqual(events[1] && wordsOf(events[1])?.data, {
    from: "STANDBY",
    to: "LOST",
    cause: "the master does not answer",
    rule: "a short loss moves nobody: wait takeoverDelay",
  });
});
