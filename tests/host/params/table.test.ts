// The one table: whole, and in order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { OUTSIDE } from "../../../host/params/outside.ts";
import { allowed, allowsZero, coreNumber, coreRange, defaultText } from "../../../host/params/row.ts";
import { CORE, defaultSettings, PARAMS, paramNamed, paramOf } from "../../../host/params/table.ts";

test("ids are unique, and those of the core are dense from 0", () => {
  assert.equal(new Set(PARAMS.map(({ id }) => id)).size, PARAMS.length);
  assert.deepEqual(
    CORE.map(({ id }) => id),
    CORE.map((_, at) => at),
  );
  assert.ok(CORE.length <= 64);
  assert.ok(PARAMS.every(({ id, scope }) => scope === "core" || id >= 64));
});

test("the ids of the core are those of the first release, for good", () => {
  assert.equal(
    CORE.map(({ name }) => name).join(" "),
    "registerRefreshInterval registerTimeout optionsTimeout primaryDetectInterval maxDetectFailCount preferPrimary " +
      "backToPrimaryDelay sipOptions sipOptionsInterval backupDetectInterval detectRetryInterval detectAnswer " +
      "detectPhase recoverCount startupCheck removeLastRegistration initialAuth fullRegistration startSpread " +
      "failoverSpread retryAfterMin retryAfterMax lineCool rejectRetry registerSpacing refreshPercent redirect " +
      "failoverOnReject failbackInCall flapDamping flapWindow flapPenalty flapSuppress flapReuse flapHalfLife " +
      "flapMaxSuppress retryBase retryMax natSettle t1 t2 acceptOnlyFromServer requestUserCheck answerOptions rport natKeepalive outbound",
  );
});

test("the defaults of the manual and of the standards", () => {
  assert.deepEqual(defaultSettings(), {
    registerRefreshInterval: 1800,
    registerTimeout: 2000,
    optionsTimeout: 2000,
    primaryDetectInterval: 0,
    maxDetectFailCount: 3,
    preferPrimary: false,
    backToPrimaryDelay: 43200,
    sipOptions: false,
    sipOptionsInterval: 14,
    backupDetectInterval: 0,
    detectRetryInterval: 0,
    detectAnswer: "any",
    detectPhase: "random",
    recoverCount: 1,
    startupCheck: false,
    removeLastRegistration: true,
    initialAuth: false,
    fullRegistration: false,
    startSpread: 0,
    failoverSpread: 0,
    retryAfterMin: 5,
    retryAfterMax: 600,
    lineCool: 300,
    rejectRetry: 1200,
    registerSpacing: 1000,
    refreshPercent: 50,
    redirect: "set",
    failoverOnReject: false,
    failbackInCall: false,
    flapDamping: true,
    flapWindow: 600,
    flapPenalty: 1000,
    flapSuppress: 2500,
    flapReuse: 750,
    flapHalfLife: 300,
    flapMaxSuppress: 1200,
    retryBase: 30,
    retryMax: 1800,
    natSettle: 30,
    t1: 500,
    t2: 4000,
    acceptOnlyFromServer: false,
    requestUserCheck: true,
    answerOptions: false,
    rport: true,
    natKeepalive: 15,
    outbound: false,
  });
});

test("every default lies in its own range", () => {
  for (const row of PARAMS) {
    if (row.kind === "text") continue;
    const [min, max] = coreRange(row);
    const value = coreNumber(row, row.default);
    const isZero = row.kind === "number" && value === 0 && allowsZero(row);
    assert.ok(isZero || (value >= min && value <= max), row.name);
  }
});

test("every time of the core fits in 31 bits of milliseconds, so that deadlines compare by sign", () => {
  for (const row of CORE) {
    if (row.kind !== "number") continue;
    const unit = row.unit === "s" ? 1000 : 1;
    assert.ok(row.max * unit < 2 ** 31, row.name);
  }
});

test("a name, a label, a key or an alias means one thing", () => {
  const names = [
    ...PARAMS.flatMap(({ name, labels = [], key, aliases = [] }) => [
      ...new Set(
        [name, ...labels, ...(key === undefined ? [] : [key]), ...aliases.map(([alias]) => alias)].map(plain),
      ),
    ]),
    ...OUTSIDE.flatMap(({ labels, keys = [] }) => [...new Set([...labels, ...keys].map(plain))]),
  ];
  assert.deepEqual(
    names.filter((name, at) => names.indexOf(name) !== at),
    [],
  );
});

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

test("every row tells its source and what it does in one sentence", () => {
  for (const { name, source, help } of PARAMS) {
    assert.match(source, /^(RFC \d+ §[\d.]+|phone manual §[\d.]+|DESIGN\.md,? )/, name);
    assert.match(help, /^[A-Z].*\.$/, name);
  }
});

test("ranges and defaults are told with their units", () => {
  for (const [name, range, value] of [
    ["registerTimeout", "0 or 500..32000 ms", "2000 ms"],
    ["maxDetectFailCount", "0..100", "3"],
    ["preferPrimary", "on or off", "off"],
    ["detectAnswer", "any or 2xx", "any"],
    ["domain", "text", "empty"],
  ] as const) {
    assert.equal(allowed(paramOf(name)), range);
    assert.equal(defaultText(paramOf(name)), value);
  }
  assert.equal(paramNamed("nothing"), undefined);
  assert.throws(() => paramOf("nothing"), /no parameter nothing/);
});
