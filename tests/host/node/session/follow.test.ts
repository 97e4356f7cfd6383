// An application session over real sockets: a main and a standby PBX service, killed, frozen, refusing and returning.

import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, type TestContext, test } from "node:test";
import { Authority } from "../../../../host/node/certificates.ts";
import { ApplicationSession } from "../../../../host/node/session/follow.ts";
import { SoapDriver, type SoapServer } from "../../../../host/node/session/soap-driver.ts";
import type {
  Driver,
  EndResult,
  OpenResult,
  ProbeResult,
  ServerName,
} from "../../../../host/session/login/driver.ts";
import type { SessionEvent } from "../../../../host/session/login/events.ts";
import type { Settings } from "../../../../host/session/login/settings.ts";
import { until } from "../../until.ts";
import { PATHS, PbxPair, SECRETS } from "./pair.ts";

/** As often as no busy machine is taken for a dead server; the tests that wait for it run at once. */
const SHORT: Partial<Settings> = {
  httpTimeout: 3000,
  echoInterval: 3,
  checkInterval: 3,
  retryInterval: 1,
  endTimeout: 3000,
};

function follow(t: TestContext, pair: PbxPair, standby?: SoapServer, more: Partial<Settings> = {}) {
  const driver = new SoapDriver(pair.servers.main, standby);
  const settings = { ...SHORT, ...more };
  const session = new ApplicationSession({ driver, hasStandby: standby !== undefined, settings });
  const events: SessionEvent[] = [];
  session.on("event", (event) => events.push(event));
  t.after(() => session.stop());
  return { session, events };
}

/** Nothing that belongs to one server has reached the other, and no password any of them. */
function assertApart({ bytes }: PbxPair): void {
  for (const [name, other] of [
    ["main", "standby"],
    ["standby", "main"],
  ] as const) {
    for (const [what, secret] of [...Object.entries(SECRETS[other]), ["path", PATHS[other]]] as const) {
      assert.ok(!bytes[name].includes(secret), `${what} of ${other} went to ${name}`);
    }
    for (const what of ["account", "pbxUser", "application"] as const) {
      assert.ok(
        bytes[name].includes(SECRETS[name][what]),
        `${what} did not go to ${name}: nothing was captured`,
      );
    }
    assert.ok(!bytes[name].includes(SECRETS[name].password), `a password went to ${name}`);
  }
}

describe("a session", { concurrency: true }, () => {
  for (const secure of [false, true]) {
    test(`over HTTP${secure ? "S, each server with an authority of its own" : ""}: killed, on standby, and back`, async (t) => {
      const pair = await PbxPair.start(t, secure);
      const { session, events } = follow(t, pair, pair.servers.standby);
      session.start();
      await until(() => session.items.length > 0);
      assert.equal(session.server, "main");
      assert.deepEqual(session.items, [{ kind: "user", id: "100", state: "idle at main" }]);
      pair.services.main.set("101", "busy & <ringing>");
      await until(() => session.items.length === 2);
      assert.equal(session.items[1]?.state, "busy & <ringing>");

      await pair.services.main.kill();
      await until(() => session.server === "standby" && session.items.length > 0);
      assert.equal(session.banner, "standby");
      assert.deepEqual(session.items, [{ kind: "user", id: "100", state: "idle at standby" }]);
      assert.deepEqual(pair.services.standby.pbx.sessions, ["1"]);

      await pair.services.main.start();
      await until(() => session.server === "main" && session.items.length === 2);
      assert.equal(session.banner, "none");
      assert.deepEqual(pair.services.standby.pbx.sessions, []);

      const returned = pair.log.slice(pair.log.lastIndexOf("standby Initialize"));
      const order = returned.filter((line) => /standby End|main Initialize/.test(line));
      assert.deepEqual(order, ["standby End", "main Initialize"]);
      const probes = returned
        .slice(0, returned.indexOf("standby End"))
        .filter((line) => line === "main Echo");
      assert.ok(probes.length >= 2, returned.join(", "));
      await session.stop();
      assert.deepEqual(pair.services.main.pbx.sessions, []);
      assert.equal(pair.log.at(-1), "main End");
      assertApart(pair);
      assert.deepEqual(
        events.filter(({ kind }) => kind === "banner").map((event) => "banner" in event && event.banner),
        ["noPbx", "standby", "none"],
      );
    });
  }

  test("an empty standby field: the second server hears nothing while main is dead", async (t) => {
    const pair = await PbxPair.start(t, false);
    const { session } = follow(t, pair);
    await pair.services.main.kill();
    session.start();
    await until(() => session.state === "waiting");
    await until(() => session.state === "mainLogin");
    await pair.services.main.start();
    await until(() => session.state === "main");
    await session.stop();
    assert.equal(pair.bytes.standby, "");
  });

  test("a dead standby server at the start: the line on display and in the error log", async (t) => {
    const pair = await PbxPair.start(t, false);
    await pair.services.standby.kill();
    const { session, events } = follow(t, pair, pair.servers.standby);
    session.start();
    await until(() => events.filter(({ kind }) => kind === "display" || kind === "errorLog").length === 2);
    await until(() => session.server === "main");
    await session.stop();
    const told = events.flatMap((event) =>
      event.kind === "display" || event.kind === "errorLog" ? [event] : [],
    );
    assert.deepEqual(
      told.map(({ kind, text }) => `${kind}: ${text}`),
      ["display: Warning: standby PBX is down!", "errorLog: Warning: standby PBX is down!"],
    );
  });

  test("a main server that boots, stands by or has no user object is not returned to, though it answers", async (t) => {
    const pair = await PbxPair.start(t, false);
    const { session, events } = follow(t, pair, pair.servers.standby);
    pair.services.main.pbx.mode = "booting";
    session.start();
    await until(() => session.server === "standby");
    for (const mode of ["booting", "standingBy", "rejecting"] as const) {
      pair.services.main.pbx.mode = mode;
      const checks = events.filter(({ kind }) => kind === "checked").length;
      if (mode === "rejecting") break; // it rests a minute after the first refusal
      await until(() => events.filter(({ kind }) => kind === "checked").length >= checks + 3);
      assert.equal(session.server, "standby", mode);
    }
    await session.stop();
    assert.ok(!pair.log.slice(0, -1).includes("standby End"));
  });

  test("a frozen server costs the time limit and no more; what it opens too late is ended", async (t) => {
    const pair = await PbxPair.start(t, false);
    pair.services.main.delayMs = 400; // twice, for the challenge: later than httpTimeout
    const { session } = follow(t, pair, pair.servers.standby, { httpTimeout: 500 });
    session.start();
    await until(() => session.server === "standby");
    const { pbx } = pair.services.main;
    await until(() => pbx.asked.some(({ operation }) => operation === "End") && pbx.sessions.length === 0);
  });
});

/** What a driver makes of a server that is not well. */
async function opened(
  t: TestContext,
  change: (pair: PbxPair) => Partial<SoapServer> | Promise<void> | undefined,
  secure = false,
) {
  const pair = await PbxPair.start(t, secure);
  const changed = await change(pair);
  const driver = new SoapDriver({ ...pair.servers.main, ...changed }, undefined);
  const result = await driver.open("main");
  driver.close();
  return { result, asked: pair.bytes.main.match(/POST /g)?.length ?? 0 };
}

test("a wrong password is a refusal, asked once and not guessed again", async (t) => {
  const { result, asked } = await opened(t, () => ({ password: "wrong" }));
  assert.deepEqual(result, { kind: "rejected", text: "it refuses our credentials (HTTP 401)" });
  assert.equal(asked, 2); // the challenge, and one answer
  assert.equal((await opened(t, () => ({ account: "nobody" }))).result.kind, "rejected");
});

const MODES = [
  ["booting", "booting"],
  ["standingBy", "standingBy"],
  ["noKey", "noKey"],
] as const;
for (const [mode, cause] of MODES) {
  test(`${mode}: a failure that something has answered`, async (t) => {
    const { result } = await opened(t, ({ services }) => {
      services.main.pbx.mode = mode;
      return undefined;
    });
    assert.deepEqual(result.kind === "failed" && [result.cause, result.answered], [cause, true]);
  });
}

test("another path, another kind of server: not understood, and said so", async (t) => {
  const { result } = await opened(t, () => ({ path: "/" }));
  assert.match(result.kind === "failed" ? result.text : "", /HTTP 404; is the path that of the SOAP service/);
});

test("nobody listens: refused", async (t) => {
  const { result } = await opened(t, ({ services }) => services.main.kill());
  assert.deepEqual(result, {
    kind: "failed",
    cause: "refused",
    text: "nobody listens there",
    answered: false,
  });
});

test("a certificate of the other server's authority is not accepted, and nothing is said to it", async (t) => {
  const { result, asked } = await opened(
    t,
    ({ servers }) => {
      const { security } = servers.standby;
      return security === undefined ? undefined : { security };
    },
    true,
  );
  assert.deepEqual(result.kind === "failed" && result.cause, "tls");
  assert.match(result.kind === "failed" ? result.text : "", /nobody we trust has signed its certificate/);
  assert.equal(asked, 0);
});

test("a certificate for another name is not accepted", async (t) => {
  const authority = await Authority.create();
  const { result } = await opened(
    t,
    ({ servers }) => ({
      security: {
        host: "pbx.example.com",
        ca: [...(servers.main.security?.ca ?? []), authority.certificate],
      },
    }),
    true,
  );
  assert.match(result.kind === "failed" ? result.text : "", /its certificate is not for/);
});

test("a server without TLS where HTTPS is wanted: said so", async (t) => {
  const { result } = await opened(t, () => ({ security: { host: "127.0.0.1", ca: undefined } }));
  assert.deepEqual(result.kind === "failed" && result.cause, "tls");
});

/** A driver without a network: what was asked of it, in order. */
class Scripted implements Driver {
  readonly asked: string[] = [];
  readonly #serving: readonly ServerName[];

  constructor(...serving: readonly ServerName[]) {
    this.#serving = serving;
  }

  async open(server: ServerName): Promise<OpenResult> {
    this.asked.push(`open ${server}`);
    if (this.#serving.includes(server)) return { kind: "opened", ticket: { id: "1", key: "2" } };
    return { kind: "failed", cause: "refused", text: "nobody listens there", answered: false };
  }

  poll(): Promise<never> {
    this.asked.push("poll");
    return new Promise(() => {});
  }

  async probe(): Promise<ProbeResult> {
    return { kind: "serving" };
  }

  async end(): Promise<EndResult> {
    this.asked.push("end");
    return { kind: "ended" };
  }

  close(): void {
    this.asked.push("close");
  }
}

const LISTENERS = [
  ["main", ["main"], ["open main", "poll", "end", "close"]],
  ["waiting", [], ["open main", "close"]],
] as const;
for (const [state, serving, asked] of LISTENERS) {
  test(`a listener stops the session as it hears of "${state}": that comes after what it is told, and ends once`, async () => {
    const driver = new Scripted(...serving);
    const session = new ApplicationSession({ driver, hasStandby: false });
    const told: string[] = [];
    session.on("event", (event) => {
      told.push(event.kind);
      if (event.kind === "state" && event.to === state) void session.stop();
    });
    let overs = 0;
    session.on("over", () => overs++);
    session.start();
    await once(session, "over");
    assert.deepEqual([driver.asked, overs, session.items], [asked, 1, []]);
    if (state === "main") assert.ok(told.indexOf("opened") < told.indexOf("closed"), told.join(" "));
  });
}

test("the banner says the time of day, though the clock stood at 1970 when the session began", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 0 });
  const session = new ApplicationSession({ driver: new Scripted("standby"), hasStandby: true });
  t.after(() => session.stop());
  session.start();
  await until(() => session.server === "standby");
  t.mock.timers.setTime(new Date(2026, 0, 1, 14, 5, 30).getTime());
  assert.equal(session.bannerText, "running on STANDBY since 14:05");
});

test("settings that cannot keep the promises are refused", async (t) => {
  const pair = await PbxPair.start(t, false);
  const driver = new SoapDriver(pair.servers.main, undefined);
  assert.throws(
    () => new ApplicationSession({ driver, hasStandby: false, settings: { checkInterval: 26 } }),
    /the return to the main server would take up to 62000 ms, allowed up to 60000 ms; lower checkInterval/,
  );
});
