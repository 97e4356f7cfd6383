// The pages of a node as a probe and a scraper read them.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, test } from "node:test";
import { openHttp } from "../../../../host/node/pair/http.ts";
import type { NodeStatus } from "../../../../host/pbx/status.ts";

const READY = {
  state: "OK",
  missing: [],
  eligible: true,
  doubleFailure: false,
  leftSeconds: 0,
  parts: [],
} as const;

const STATUS: NodeStatus = {
  name: 'north "1"',
  program: "0.1.0",
  mode: "standby",
  role: "ACTIVE",
  sinceSeconds: 12,
  cause: "registration at the master lost",
  roleChanges: 3,
  link: { isRegistered: false, sinceSeconds: 42, cause: "timeout" },
  markers: [],
  objects: 2,
  replication: {
    isOn: true,
    isTls: true,
    isConnected: false,
    version: 7,
    digest: "00",
    ageSeconds: 42,
    lag: undefined,
    trouble: "refused",
  },
  licences: { total: 10, used: 1 },
  phones: [{ user: "6000", at: "secondary", contacts: 1, leftSeconds: 60 }],
  refusals: { redirected: 5, waiting: 4, noObject: 3, noLicence: 2, credentials: 1, guesses: 6 },
  doors: {
    sip: { open: 3, places: 2064, closed: { full: 1, late: 2, idle: 3 } },
    http: { open: 1, places: 64, closed: { full: 4, late: 0, idle: 0 } },
  },
  alarms: [{ name: "masterLost", sinceSeconds: 12, text: "the master does not answer" }],
  readiness: READY,
};

let status = STATUS;
const http = await openHttp({ address: "127.0.0.1", port: 0, status: () => status });
after(() => http.close());

async function get(path: string, change: Partial<NodeStatus> = {}, method = "GET") {
  status = { ...STATUS, ...change };
  const answer = await fetch(`http://127.0.0.1:${http.port}${path}`, { method });
  return { code: answer.status, type: answer.headers.get("content-type"), text: await answer.text() };
}

test("/status is the whole snapshot as JSON, with the licences that are free", async () => {
  const { code, type, text } = await get("/status");
  assert.deepEqual([code, type], [200, "application/json"]);
  const { licences, ...rest } = JSON.parse(text);
  assert.deepEqual(licences, { total: 10, used: 1, free: 9 });
  const { licences: _, ...expected } = STATUS;
  assert.deepEqual(rest, JSON.parse(JSON.stringify(expected)));
});

const DOWN = {
  ...READY,
  state: "SERVICE_UNAVAILABLE",
  eligible: false,
  missing: ["transport: no key"],
} as const;
const CHECKING = { ...READY, state: "CHECKING", eligible: false, missing: ["replication: no set"] } as const;
const STARTING = { ...READY, state: "STARTING", eligible: false } as const;
const DOUBLE = { ...DOWN, doubleFailure: true } as const;
const LATE = { ...READY, doubleFailure: true } as const;

/** Readiness, and the codes of /health and /ready. */
const CODES = [
  ["OK", READY, 200, 200],
  ["STARTING", STARTING, 200, 503],
  ["CHECKING", CHECKING, 200, 503],
  ["SERVICE_UNAVAILABLE", DOWN, 503, 503],
  ["a double failure", DOUBLE, 503, 503],
  ["a double failure that is not relieved yet", LATE, 503, 200],
] as const;

for (const [name, readiness, health, ready] of CODES) {
  test(`${name}: /health says ${health}, /ready ${ready}`, async () => {
    const [first, second] = [await get("/health", { readiness }), await get("/ready", { readiness })];
    assert.deepEqual([first.code, second.code], [health, ready]);
    assert.deepEqual(JSON.parse(second.text).missing, readiness.missing);
  });
}

/** The lines of the text format: [name, labels, value]. github.com/prometheus/docs, exposition_formats.md. */
function samples(text: string): Map<string, number> {
  assert.ok(text.endsWith("\n"), "the last line ends");
  const types = new Map<string, string>();
  const found = new Map<string, number>();
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const [, word, named = "", rest = ""] = /^# (HELP|TYPE) ([a-z_]+) (.+)$/.exec(line) ?? [];
    if (word === "TYPE") {
      assert.ok(!types.has(named), `${named} has two types`);
      types.set(named, rest);
    }
    if (word !== undefined) continue;
    const [, name = "", labels = "", value = ""] = SAMPLE.exec(line) ?? [];
    assert.notEqual(name, "", `no sample: ${line}`);
    assert.equal(types.get(name), name.endsWith("_total") ? "counter" : "gauge", name);
    const key = name + labels.replace(/,?node="north \\"1\\""/, "").replace("{}", "");
    assert.ok(!found.has(key), `${key} stands there twice`);
    found.set(key, Number(value));
  }
  return found;
}

const SAMPLE = /^([a-z_]+)(\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)*\}) (-?\d+(?:\.\d+)?)$/;

test("/metrics is what Prometheus reads, and its figures are those of the snapshot", async () => {
  const { code, type, text } = await get("/metrics");
  assert.deepEqual([code, type], [200, "text/plain; version=0.0.4; charset=utf-8"]);
  const found = samples(text);
  const expected: Readonly<Record<string, number>> = {
    'role{role="ACTIVE"}': 1,
    'role{role="STANDBY"}': 0,
    'role{role="MASTER"}': 0,
    role_seconds: 12,
    role_changes_total: 3,
    link_up: 0,
    objects: 2,
    replication_connected: 0,
    replication_version: 7,
    replication_age_seconds: 42,
    licences: 10,
    licences_used: 1,
    registrations: 1,
    'refusals_total{reason="redirected"}': 5,
    'refusals_total{reason="credentials"}': 1,
    'refusals_total{reason="guesses"}': 6,
    'connections{door="sip"}': 3,
    'connections{door="http"}': 1,
    'connections_closed_total{reason="full"}': 5,
    'connections_closed_total{reason="late"}': 2,
    'connections_closed_total{reason="idle"}': 3,
    'alarm{alarm="masterLost"}': 1,
    ready: 1,
    double_failure: 0,
  };
  for (const [name, value] of Object.entries(expected))
    assert.equal(found.get(`standfast_pair_${name}`), value, name);
  assert.equal(found.size, 30);
  assert.ok(!text.includes("replication_lag{"), "what nobody knows is not shown");
});

test("a counter counts once, however often it is read", async () => {
  await get("/metrics");
  const found = samples((await get("/metrics")).text);
  assert.equal(found.get("standfast_pair_role_changes_total"), 3);
});

test("a master shows no link", async () => {
  const { link: _, ...master } = STATUS;
  status = { ...master, mode: "master", role: "MASTER" };
  const text = await (await fetch(`http://127.0.0.1:${http.port}/metrics`)).text();
  assert.ok(!text.includes("link_up{"));
  assert.equal(samples(text).get('standfast_pair_role{role="MASTER"}'), 1);
});

test("other paths and methods are refused with what there is", async () => {
  const strange = await get("/objects");
  assert.equal(strange.code, 404);
  assert.deepEqual(JSON.parse(strange.text).pages, ["/status", "/health", "/ready", "/metrics"]);
  assert.equal((await get("/status", {}, "POST")).code, 405);
  assert.equal((await get("/ready?verbose", {}, "HEAD")).code, 200);
});

test("a port that is taken is told with the way out", async () => {
  await assert.rejects(openHttp({ address: "127.0.0.1", port: http.port, status: () => STATUS }), {
    code: "http",
    message: `HTTP on 127.0.0.1, port ${http.port}: EADDRINUSE; free it, or give httpAddress and httpPort that are this machine's`,
  });
});

test("noise is closed and disturbs nobody", async () => {
  const socket = connect(http.port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write("\x16\x03\x01 no HTTP\r\n\r\n");
  socket.resume();
  await once(socket, "close");
  assert.equal((await get("/health")).code, 200);
});
