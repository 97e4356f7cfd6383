// Passwords that were refused rest over runs of the program, for as long as the core would have rested.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PhoneConfig } from "../../../host/config/model.ts";
import type { PhoneEvent } from "../../../host/core/events.ts";
import { Rests, type RestTimes, without } from "../../../host/node/rests.ts";
import { phoneConfig } from "../../sim/fixture.ts";

const NOW = 1_700_000_000_000;
/** rejectRetry of 1200 s and a tenth more. */
const REST_MS = 1_320_000;
const CONFIG = phoneConfig({ servers: 2, lines: 2 });

function refusal(
  line: string,
  server: string,
  reason: object = { rule: "credentials", status: 401 },
): PhoneEvent {
  return { t: 5, type: "rejected", line, server, reason } as PhoneEvent;
}

/** What the next run is told after these events. */
function after(...events: readonly PhoneEvent[]): RestTimes {
  const rests = new Rests(CONFIG, "device", {}, NOW);
  for (const event of events) rests.note(event, NOW);
  return rests.times;
}

/** What is kept back at `now`, as `line server ms`. */
function keptBack(times: RestTimes, now: number, config: PhoneConfig = CONFIG, device = "device"): string[] {
  const found = new Rests(config, device, times, now).withheld(now);
  return found.map(({ line, server, forMs }) => `${line} ${server} ${forMs}`);
}

test("refused credentials rest in the next run, until their time is over", () => {
  const times = after(refusal("6000", "primary"));
  assert.deepEqual(keptBack(times, NOW + 1000), [`6000 primary ${REST_MS - 1000}`]);
  assert.deepEqual(keptBack(times, NOW + REST_MS - 1), ["6000 primary 1"]);
  assert.deepEqual(keptBack(times, NOW + REST_MS), []);
});

test("other credentials, another line, server or machine do not rest", () => {
  const times = after(refusal("6000", "primary"));
  const [first] = CONFIG.lines;
  assert.ok(first);
  const credentials = first.credentials.map((held) => held && { ...held, password: "better" });
  const config = { ...CONFIG, lines: [{ ...first, credentials }, ...CONFIG.lines.slice(1)] };
  assert.deepEqual(keptBack(times, NOW, config), []);
  assert.deepEqual(keptBack(times, NOW, CONFIG, "another"), []);
  const servers = CONFIG.servers.map((server) => ({ ...server, port: 5070 }));
  assert.deepEqual(keptBack(times, NOW, { ...CONFIG, servers }), []);
});

test("a refusal for another reason, or a challenge that could not be answered, begins no rest", () => {
  assert.deepEqual(after(refusal("6000", "primary", { rule: "403" })), {});
  assert.deepEqual(after(refusal("6000", "primary", { rule: "credentials", problem: "unsupported" })), {});
});

test("a binding ends the rest", () => {
  const bound = { ...refusal("6000", "primary"), type: "bound" } as PhoneEvent;
  assert.deepEqual(after(refusal("6000", "primary"), bound), {});
});

test("what a line keeps back comes free at one moment, the last", () => {
  const rests = new Rests(CONFIG, "device", {}, NOW);
  rests.note(refusal("6000", "primary"), NOW);
  rests.note(refusal("6000", "backup1"), NOW + 60_000);
  assert.deepEqual(keptBack(rests.times, NOW + 60_000), [
    `6000 primary ${REST_MS}`,
    `6000 backup1 ${REST_MS}`,
  ]);
});

test("a clock that was set back, or a time that no rest can have, keeps nothing back", () => {
  const times = after(refusal("6000", "primary"));
  assert.deepEqual(keptBack(times, NOW - 1), []);
});

test("a file of rests holds neither number, server nor password", () => {
  const text = JSON.stringify(after(refusal("6000", "primary")));
  assert.match(text, /^\{"[0-9a-f]{4}":\d+\}$/);
});

test("the core is configured without what is kept back, and with all the rest", () => {
  const [one] = new Rests(CONFIG, "device", after(refusal("6000", "primary")), NOW).withheld(NOW);
  assert.ok(one);
  const { lines } = without(CONFIG, [one]);
  assert.deepEqual(
    lines.map(({ credentials }) => credentials.map((held) => held !== null)),
    [
      [false, true],
      [true, true],
    ],
  );
});
