// Wrong passwords, counted as a filter of fail2ban counts them: each answer to a challenge that is refused.
//
// Its defaults are maxretry 5 within findtime 600 s. A line brings a server one wrong answer in 1200 s, and
// two where a password that was good has been changed: DESIGN.md D9.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Setting, sentAt, world } from "./fixture.ts";

const DAY_MS = 86_400_000;
const FINDTIME_MS = 600_000;
const MAXRETRY = 5;

/** What each server refused, by its name: the moments of wrong answers. `fromMs`: since it refuses. */
function wrongAnswers(scenario: readonly string[], options: Options = {}): Map<string, number[]> {
  const { fromMs = 0, lines = 1, params = {} } = options;
  const run = world({ scenario, lines, servers: 2, params }).runTo(DAY_MS);
  const found = new Map<string, number[]>();
  for (const { at, from, server, bytes } of run.packets) {
    const isProof = from === "phone" && /^Authorization:/m.test(new TextDecoder().decode(bytes));
    if (isProof && at >= fromMs) found.set(server, [...(found.get(server) ?? []), at]);
  }
  return found;
}

interface Options {
  readonly fromMs?: number;
  readonly lines?: number;
  readonly params?: Setting;
}

/** The most of these moments that lie within one findtime. */
function most(moments: readonly number[] = []): number {
  return Math.max(0, ...moments.map((at) => moments.filter((m) => m >= at && m < at + FINDTIME_MS).length));
}

/** Every minute of the day. */
function everyMinute(words: string): string[] {
  return Array.from({ length: 1439 }, (_, minute) => `${60 * (minute + 1)} ${words}`);
}

const [PRIMARY, BACKUP] = ["0 primary answers 401 to=REGISTER", "0 backup1 answers 401 to=REGISTER"];
const BOTH = [PRIMARY, BACKUP];

// A rest is rejectRetry of 1200 s and up to a tenth more: 66 to 73 attempts a day.
for (const [name, scenario, params, at] of [
  ["the primary", [PRIMARY], {}, ["primary"]],
  ["the backup, the primary being dead", ["0 primary silent", BACKUP], {}, ["backup1"]],
  ["both, and failoverOnReject is off", BOTH, {}, ["primary"]],
  ["both, and failoverOnReject is on", BOTH, { failoverOnReject: true }, ["primary", "backup1"]],
] as const) {
  test(`a day with a password that is wrong at ${name}: one wrong answer in 1200 s`, () => {
    const wrong = wrongAnswers(scenario, { params });
    assert.deepEqual([...wrong.keys()].sort(), [...at].sort());
    for (const [server, moments] of wrong) {
      assert.equal(most(moments), 1, server);
      assert.ok(moments.length >= 65 && moments.length <= 73, `${moments.length} at ${server}`);
    }
  });
}

// It is changed at 1000 s, when a nonce is held: the refresh of 1020 proves itself in vain, twice.
test("a day after a password was changed at the server: two wrong answers, then one in 1200 s", () => {
  const wrong =
    wrongAnswers(["1000 primary answers 401 to=REGISTER"], { fromMs: 1_000_000 }).get("primary") ?? [];
  assert.deepEqual(wrong.slice(0, 2), [1_020_000, 1_020_000]);
  assert.equal(most(wrong), 2);
  assert.ok(wrong.length >= 65 && wrong.length <= 73, `${wrong.length}`);
});

for (const words of ["host refresh", "host callFailed", "host returnNow", "host moveTo primary"]) {
  test(`${words} every minute of that day brings no wrong answer more`, () => {
    const commands = everyMinute(words);
    const first = most(wrongAnswers([PRIMARY, ...commands]).get("primary"));
    assert.equal(first, 1, "from the start");
    const wrong = wrongAnswers(["1000 primary answers 401 to=REGISTER", ...commands], { fromMs: 1_000_000 });
    assert.equal(most(wrong.get("primary")), 2, "changed later");
  });
}

// The lease outlives the rejection of 1020 s by a minute; the link of 1046 s does not have it verified.
test("a link that goes down and up every minute brings no wrong answer more", () => {
  const links = [...Array(1400).keys()].flatMap((minute) => [
    `${60 * minute + 1045} link down`,
    `${60 * minute + 1046} link up`,
  ]);
  const wrong = wrongAnswers(["1000 primary answers 401 to=REGISTER", ...links], { fromMs: 1_000_000 });
  assert.equal(most(wrong.get("primary")), 2);
});

test("after a break of the link nothing is sent to a server before the end of the rest that it named", () => {
  const run = world({
    scenario: [
      "100 primary answers 500 to=REGISTER retry-after=400",
      "130 link down",
      "131 link up",
      "140 primary back",
    ],
    servers: 1,
  }).runTo(530_000);
  // Refused at 120 s, so not before 520 s.
  assert.deepEqual(sentAt(run.packets, /REGISTER/), [0, 0, 60_000, 120_000, 520_000, 520_000]);
});

test("a primary that comes and goes while its password is wrong is no way around the rest", () => {
  const flaps = Array.from({ length: 143 }, (_, at) => [
    `${600 * at + 700} primary silent`,
    `${600 * at + 900} primary back`,
    `${600 * at + 900} primary answers 401 to=REGISTER`,
  ]);
  const wrong = wrongAnswers([...BOTH, ...flaps.flat()], { params: { failoverOnReject: true } });
  for (const [server, moments] of wrong) assert.ok(most(moments) <= 1, server);
});

for (const lines of [2, 4]) {
  test(`${lines} lines with wrong passwords stay below the ban: ${lines} wrong answers in 600 s`, () => {
    const wrong = wrongAnswers([PRIMARY], { lines }).get("primary");
    assert.equal(most(wrong), lines);
    assert.ok(lines < MAXRETRY);
  });
}

test("eight lines with wrong passwords reach it, as check says: startSpread keeps them apart", () => {
  assert.equal(most(wrongAnswers([PRIMARY], { lines: 8 }).get("primary")), 8);
});

test("each nonce is counted from 1, stays at its server, and no cnonce comes twice", () => {
  const scenario = [
    "100 primary silent",
    "400 primary back",
    "1000 primary restarts",
    "2000 backup1 restarts",
  ];
  const run = world({ scenario }).runTo(4_000_000);
  const texts = run.packets
    .filter(({ from }) => from === "phone")
    .map(({ server, bytes }) => `${server} ${new TextDecoder().decode(bytes)}`);
  // A repeat is the same bytes again, so it counts once.
  const proofs = [...new Set(texts)].flatMap((text) => {
    const credentials = /^Authorization: .* nonce="([^"]*)".* nc=([0-9a-f]{8}), cnonce="([^"]*)"/m.exec(text);
    const [, nonce = "", nc, cnonce] = credentials ?? [];
    return credentials ? [{ server: text.split(" ", 1)[0], nonce, nc, cnonce }] : [];
  });
  const nonces = [...new Set(proofs.map(({ nonce }) => nonce))];
  assert.ok(nonces.length >= 4, "of both servers, and after the restart");
  for (const nonce of nonces) {
    const its = proofs.filter((proof) => proof.nonce === nonce);
    assert.equal(new Set(its.map(({ server }) => server)).size, 1);
    const counts = its.map((_, at) => (at + 1).toString(16).padStart(8, "0"));
    assert.deepEqual(
      its.map(({ nc }) => nc),
      counts,
    );
  }
  assert.equal(new Set(proofs.map(({ cnonce }) => cnonce)).size, proofs.length);
});
