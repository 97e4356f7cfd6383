// Every final status there is, to a REGISTER and to a heartbeat: what it says of the server, and where the line goes; and
// how long a Retry-After keeps a line away. Real servers with the same answers: tests/server/answers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Setting, sent, sentAt, world } from "./fixture.ts";

const FINAL = [...Array(500).keys()].map((index) => 200 + index);
const FAILS: readonly number[] = [408, 502, 503, 504];

/** Of a server that has missed one heartbeat and is SUSPECT: good makes it UP, a fail DOWN. */
function healthAfterRegister(status: number): string {
  if (FAILS.includes(status)) return "down";
  return status < 500 ? "up" : "suspect";
}

/** Whether the account itself is refused: it rests where it is. All else sends the line to the backup. */
function isRejected(status: number): boolean {
  const isPassing = status < 400 || FAILS.includes(status) || status === 423;
  return !isPassing && (status < 500 || status >= 600);
}

test("each status to a REGISTER: good below 500, neutral above, but for the four that fail", () => {
  for (const status of FINAL) {
    const run = world({
      scenario: ["85 primary answers 502 to=OPTIONS", `85 primary answers ${status} to=REGISTER`],
    }).runTo(121_000);
    assert.equal(run.agent.servers()[0]?.health, healthAfterRegister(status), `health after ${status}`);
    const wanted = isRejected(status) ? [] : [120_000];
    assert.deepEqual(sentAt(run.packets, /backup1 REGISTER.*auth/), wanted, `the backup after ${status}`);
  }
});

/** Of a SUSPECT server that may miss one heartbeat: a good word makes it UP, a miss DOWN. */
function healthAfterHeartbeat(status: number, onlySuccess: boolean): string {
  if (onlySuccess) return status < 300 ? "up" : "down";
  if (FAILS.includes(status)) return "down";
  return status === 500 ? "suspect" : "up";
}

for (const detectAnswer of ["any", "2xx"] as const) {
  test(`each status to a heartbeat, with detectAnswer = ${detectAnswer}`, () => {
    const params: Setting = { registerRefreshInterval: 1800, detectAnswer };
    for (const status of FINAL) {
      const run = world({
        params,
        scenario: [
          "100 primary answers 502 to=OPTIONS",
          "200 primary back",
          `200 primary answers ${status} to=OPTIONS`,
        ],
      }).runTo(270_000);
      const wanted = healthAfterHeartbeat(status, detectAnswer === "2xx");
      assert.equal(run.agent.servers()[0]?.health, wanted, `health after ${status}`);
    }
  });
}

/** A year is not a pause; neither is none. */
const RETRY_AFTER: readonly [status: number, retryAfter: number, from: number, to: number][] = [
  [503, 0, 5, 5],
  [503, 600, 600, 600],
  [503, 601, 600, 600],
  [503, 1_000_000_000, 600, 600],
  [500, 0, 5, 5],
  [500, 86_400, 86_400, 86_400],
  [500, 86_401, 86_400, 86_400],
  [500, 1_000_000_000, 86_400, 86_400],
  [403, 0, 1200, 1320],
  [403, 1199, 1200, 1320],
  [403, 1321, 1321, 1321],
  [403, 1_000_000_000, 86_400, 86_400],
];

for (const [status, retryAfter, from, to] of RETRY_AFTER) {
  test(`${status} with Retry-After ${retryAfter} from the only server: it is asked again after ${from} s`, () => {
    const run = world({
      servers: 1,
      params: { primaryDetectInterval: 0 },
      scenario: [`0 primary answers ${status} to=REGISTER retry-after=${retryAfter}`],
    }).runTo(1000 * (to + 1));
    const [first, second = Number.NaN, ...more] = sentAt(run.packets, /REGISTER/);
    assert.deepEqual([first, more], [0, []], sent(run.packets).join("\n"));
    assert.ok(second >= 1000 * from && second <= 1000 * to, `asked again at ${second} ms`);
  });
}
