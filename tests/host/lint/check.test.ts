// The whole judgement, and each warning on both sides of its limit.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PhoneConfig } from "../../../host/config/model.ts";
import { check } from "../../../host/lint/check.ts";
import { defaultSettings, type Settings } from "../../../host/params/table.ts";
import { accepted, reading } from "../config/readings.ts";
import { OPTIMAL } from "./settings.ts";

const TEXT = "outboundServer = a\nbackupOutboundServer = b\nphoneNumber = 6000\npassword = p\n";
const PAIR = accepted(reading(TEXT, "a.cfg"));

function withSettings(change: Partial<Settings>): PhoneConfig {
  return { ...PAIR, settings: { ...OPTIMAL, ...change } };
}

test("the settings that the manual calls optimal are judged without a warning", () => {
  assert.deepEqual(check(withSettings({})), {
    detectMs: 62_000,
    returnMs: 88_500,
    returnRefusedMs: 90_000,
    perHourQuiet: 100,
    perHourWorst: 813,
    wrongPer600s: 2,
    warnings: [],
  });
});

test("the defaults of the phone are judged slow", () => {
  assert.deepEqual(check({ ...PAIR, settings: defaultSettings() }), {
    detectMs: 902_000,
    returnMs: 43_200_500,
    returnRefusedMs: 43_200_000,
    perHourQuiet: 4,
    perHourWorst: 183,
    wrongPer600s: 2,
    warnings: [
      {
        code: "slow-detection",
        param: "primaryDetectInterval",
        line: null,
        text: "a dead primary is noticed after up to 902 s; set primaryDetectInterval, or a shorter registerRefreshInterval",
      },
    ],
  });
});

const NO_BACKUP: PhoneConfig = { ...PAIR, servers: PAIR.servers.slice(0, 1), settings: defaultSettings() };

test("with one server there is no return, and no word about a backup", () => {
  const { returnMs, warnings } = check(NO_BACKUP);
  assert.equal(returnMs, null);
  assert.deepEqual(warnings, []);
});

const OFF = { primaryDetectInterval: 0 } as const;

for (const [change, warnings] of [
  [{ ...OFF, registerRefreshInterval: 596 }, []],
  [
    { ...OFF, registerRefreshInterval: 597 },
    [
      "slow-detection primaryDetectInterval: a dead primary is noticed after up to 300.5 s; set primaryDetectInterval, or a shorter registerRefreshInterval",
    ],
  ],
  [
    { registerTimeout: 0 },
    ["timeout-zero registerTimeout: 0 waits 32 s for a silent server; 2000 ms is advised"],
  ],
  [
    { optionsTimeout: 0 },
    ["timeout-zero optionsTimeout: 0 waits 32 s for a silent server; 2000 ms is advised"],
  ],
  [{ primaryDetectInterval: 5, optionsTimeout: 4999 }, []],
  [
    { primaryDetectInterval: 5, optionsTimeout: 5000 },
    [
      "timeout-not-shorter optionsTimeout: a time-out of 5 s is not shorter than primaryDetectInterval of 5 s: heartbeats are skipped meanwhile",
    ],
  ],
  [
    { sipOptions: true, sipOptionsInterval: 2 },
    [
      "timeout-not-shorter optionsTimeout: a time-out of 2 s is not shorter than sipOptionsInterval of 2 s: heartbeats are skipped meanwhile",
    ],
  ],
  [{ sipOptionsInterval: 2 }, []],
  [
    { backupDetectInterval: 5, optionsTimeout: 5000 },
    [
      "timeout-not-shorter optionsTimeout: a time-out of 5 s is not shorter than backupDetectInterval of 5 s: heartbeats are skipped meanwhile",
    ],
  ],
  [{ registerRefreshInterval: 10, registerTimeout: 4999 }, []],
  [
    { registerRefreshInterval: 10, registerTimeout: 5000 },
    [
      "timeout-not-shorter registerTimeout: a time-out of 5 s is not shorter than the 5 s left of a lease of 10 s at its refresh",
    ],
  ],
  [
    { flapDamping: false },
    [
      "undamped-return flapDamping: lines return at once and without damping: a primary that keeps failing takes them along",
    ],
  ],
  [{ flapDamping: false, preferPrimary: false }, []],
  [{ flapDamping: false, preferPrimary: false, backToPrimaryDelay: 1 }, []],
  [
    { flapDamping: false, preferPrimary: false, backToPrimaryDelay: 0 },
    [
      "undamped-return flapDamping: lines return at once and without damping: a primary that keeps failing takes them along",
    ],
  ],
  [{ flapPenalty: 313 }, []],
  [
    { flapPenalty: 312 },
    ["never-suppresses flapPenalty: charges of 312 never exceed flapSuppress of 2500: damping never acts"],
  ],
  [{ flapWindow: 600 }, []],
  [
    { flapWindow: 599 },
    [
      "short-flap-window flapWindow: a window of 599 s charges only failures that follow a return as soon; lines may move 35 times an hour; 600 s is advised",
    ],
  ],
  [{ flapWindow: 599, flapPenalty: 1, flapDamping: false, preferPrimary: false }, []],
  [
    { ...OFF, registerRefreshInterval: 10, registerSpacing: 9999 },
    [
      "timeout-not-shorter registerTimeout: a time-out of 2 s is not shorter than the 0.001 s left of a lease of 10 s at its refresh",
    ],
  ],
  [
    { ...OFF, registerRefreshInterval: 10, registerSpacing: 10_000 },
    [
      "timeout-not-shorter registerTimeout: a time-out of 2 s is not shorter than the 0 s left of a lease of 10 s at its refresh",
      "short-lease registerRefreshInterval: a lease of 10 s is not longer than registerSpacing of 10 s: the line is never in service",
    ],
  ],
  [{ lineCool: 300 }, []],
  [
    { lineCool: 299 },
    [
      "short-line-cool lineCool: a server that refuses one line may move it about 24 times an hour; 300 s is advised",
    ],
  ],
  [
    { lineCool: 60 },
    [
      "short-line-cool lineCool: a server that refuses one line may move it about 120 times an hour; 300 s is advised",
    ],
  ],
  [
    { ...OFF, backupDetectInterval: 60 },
    ["no-effect backupDetectInterval: backups are watched only while primaryDetectInterval is set"],
  ],
  [
    { ...OFF, detectRetryInterval: 5 },
    ["no-effect detectRetryInterval: there are no heartbeats to ask again after: primaryDetectInterval is 0"],
  ],
  [{ ...OFF, detectRetryInterval: 5, sipOptions: true }, []],
] as const) {
  test(`${JSON.stringify(change)} is told ${warnings.length === 0 ? "nothing" : warnings[0]}`, () => {
    const told = check(withSettings(change)).warnings;
    assert.deepEqual(
      told.map(({ code, param, text }) => `${code} ${param}: ${text}`),
      warnings,
    );
  });
}

for (const [host, isDefaultPort, type, isTold] of [
  ["pbx.example", undefined, "srv", true],
  ["pbx.example", undefined, "naptr", true],
  ["pbx.example", true, "srv", false],
  ["pbx.example", undefined, "a", false],
  ["192.0.2.1", undefined, "srv", false],
] as const) {
  test(`proxyDnsType ${type} with ${host}, port ${isDefaultPort ? "left out" : "given"}: ${isTold ? "warned" : "silent"}`, () => {
    const config = withSettings({});
    const [primary] = config.servers;
    assert.ok(primary);
    const { isDefaultPort: _, ...ported } = primary;
    const server = { ...ported, host, ...(isDefaultPort && { isDefaultPort }) };
    const judged = check({ ...config, servers: [server], dns: { type, nameServers: [] } });
    const told = judged.warnings.filter(({ param }) => param === "proxyDnsType").map(({ text }) => text);
    const text = `primary has a port, so its name is asked for addresses only and not for ${type.toUpperCase()}; leave the port out`;
    assert.deepEqual(told, isTold ? [text] : []);
  });
}

const ALL_LINES = "lines are";
for (const [lines, change, wrong, told] of [
  [1, {}, 2, []],
  [2, {}, 4, []],
  // Two each: five is reached by three lines.
  [
    3,
    {},
    6,
    [
      `startSpread: wrong passwords of all 3 ${ALL_LINES} 6 failures in 600 s for a server, and fail2ban bans at 5; 900 s keep the lines apart`,
    ],
  ],
  [
    3,
    { startSpread: 899 },
    6,
    [
      `startSpread: wrong passwords of all 3 ${ALL_LINES} 6 failures in 600 s for a server, and fail2ban bans at 5; 900 s keep the lines apart`,
    ],
  ],
  [3, { startSpread: 900 }, 6, []],
  [
    8,
    {},
    16,
    [
      `startSpread: wrong passwords of all 8 ${ALL_LINES} 16 failures in 600 s for a server, and fail2ban bans at 5; 2400 s keep the lines apart`,
    ],
  ],
  // Attempts at 0, 150, 300, 450 s, and one more in the first.
  [
    1,
    { rejectRetry: 150 },
    5,
    [
      "rejectRetry: wrong passwords of the line are 5 failures in 600 s for a server, and fail2ban bans at 5; a rest of 600 s or more makes fewer",
    ],
  ],
  [1, { rejectRetry: 200 }, 4, []],
  [
    2,
    { rejectRetry: 599 },
    6,
    [
      `rejectRetry: wrong passwords of all 2 ${ALL_LINES} 6 failures in 600 s for a server, and fail2ban bans at 5; a rest of 600 s or more makes fewer`,
    ],
  ],
  [2, { rejectRetry: 600 }, 4, []],
] as const) {
  test(`${lines} lines, ${JSON.stringify(change)}: ${wrong} wrong passwords in 600 s at worst`, () => {
    const config = withSettings(change);
    const [line] = config.lines;
    assert.ok(line);
    const judged = check({ ...config, lines: Array.from({ length: lines }, () => line) });
    assert.equal(judged.wrongPer600s, wrong);
    const bans = judged.warnings.filter(({ code }) => code === "may-be-banned");
    assert.deepEqual(
      bans.map(({ param, text }) => `${param}: ${text}`),
      told,
    );
  });
}

for (const [addresses, told] of [
  [["192.0.2.1", "192.0.2.2"], []],
  [["192.0.2.1", "192.0.2.1"], ["primary and backup1 resolve to one address, 192.0.2.1: they fail together"]],
  [
    ["2001:db8::1", "2001:DB8:0::1"],
    ["primary and backup1 resolve to one address, 2001:DB8:0::1: they fail together"],
  ],
  [[], []],
] as const) {
  test(`servers at ${addresses.join(" and ") || "addresses not looked up"}: ${told[0] ?? "no warning"}`, () => {
    const { warnings } = check(withSettings({}), { addresses });
    assert.deepEqual(
      warnings.map(({ text }) => text),
      told,
    );
    for (const warning of warnings) assert.deepEqual([warning.code, warning.param], ["same-address", "host"]);
  });
}

test("a line without a password for the backup is named", () => {
  const text = `[[servers]]\nhost = "a"\n[[servers]]\nhost = "b"\n[[lines]]\nphoneNumber = "6000"
password = "p"\n[[lines]]\nphoneNumber = "6001"\ncredentials.primary.password = "q"\n`;
  const { warnings } = check({ ...accepted(reading(text, "a.toml")), settings: OPTIMAL });
  assert.deepEqual(warnings, [
    {
      code: "missing-credentials",
      param: "password",
      line: "6001",
      text: "line 6001 has no password for backup1: it cannot register there",
    },
  ]);
});

test("a warning tells where the file sets its parameter, if it does", () => {
  const it = reading(
    `${TEXT}registerRefreshInterval = 120\nlineCool = 60\nDBID_SIP_OPTIONS_TIMEOUT_TIMER = 0\n`,
    "a.cfg",
  );
  const places = it.kind === "accepted" ? it.places : {};
  const { warnings } = check(accepted(it), { places });
  assert.deepEqual(
    warnings.map(({ code, where }) => [code, where]),
    [
      ["timeout-zero", "a.cfg:7"],
      ["short-line-cool", "a.cfg:6"],
    ],
  );
});
