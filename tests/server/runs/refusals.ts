// Servers that answer, but not what was asked for: a wrong password, a shorter grant, a 423; and both
// of them gone, with only the backup coming back. DESIGN.md, registering; RFC 3261 §10.2, §10.3.

import assert from "node:assert/strict";
import { BOOT_MS, bindingsLeft, boot, farewell, ONE_LINE, QUICK } from "../../real/quick.ts";
import type { SipPacket } from "../../real/sip.ts";
import { EARLY_MS, SLACK_MS } from "../../real/stage.ts";
import type { Run } from "../run.ts";

const AFTER_REJECTION_MS = 10_000;
/** Many times what is waited for takes. */
const WATCH_MS = 90_000;

export const wrongPassword: Run = {
  plan: { name: "wrong password", params: QUICK, lines: [{ user: "6001", password: "wrong" }] },
  play: async (bench) => {
    const { primary, backup, phone } = bench;
    phone.start();
    await phone.events.until(({ type }) => type === "rejected", BOOT_MS, "rejected");
    const counts = [
      ...(await bench.watch(primary, AFTER_REJECTION_MS / 2)),
      ...(await bench.watch(backup, AFTER_REJECTION_MS / 2)),
    ];
    await bench.capture?.settle();

    assert.ok(
      counts.every((count) => count === 0),
      "a binding with a wrong password",
    );
    const registers = bench.requests(primary, "REGISTER");
    if (bench.capture !== undefined) {
      const signed = registers.map(({ hasCredentials }) => hasCredentials);
      assert.deepEqual(signed, [false, true], "one challenge, answered once");
      assert.equal(bench.requests(backup, "REGISTER").length, 0, "a wrong password is no dead server");
    }
    assert.equal(phone.heard("rejected").length, 1);
    const left = await bindingsLeft(bench);
    assert.deepEqual(left, { primary: 0, backup: 0 });
    await farewell(bench);
    return {
      run: bench.plan.name,
      fault: "digest refused with 401",
      left,
      found: bench.seen(`${registers.length} REGISTER, then rest`),
    };
  },
};

export const staleNonces: Run = {
  plan: {
    name: "stale nonces",
    params: QUICK,
    lines: ONE_LINE,
    primary: { nonceLifeSeconds: 3, withSha256: true },
  },
  play: async (bench) => {
    const { primary, phone } = bench;
    await boot(bench);
    // Two refreshes, each with a nonce that is older than the server likes.
    const counts = await bench.watchDuring(primary, bench.sent(primary, "REGISTER", 6, WATCH_MS));
    await bench.capture?.settle();

    assert.ok(
      counts.every((count) => count === 1),
      `bindings at the primary: ${counts}`,
    );
    assert.equal(phone.heard("rejected").length, 0, "a stale nonce is no wrong password");
    const registers = bench.requests(primary, "REGISTER").slice(0, 6);
    if (bench.capture !== undefined) {
      const statuses = bench.answers(primary, "REGISTER").map(({ status }) => status);
      assert.deepEqual(statuses.slice(0, 6), [401, 200, 401, 200, 401, 200]);
      const signed = registers.filter(({ hasCredentials }) => hasCredentials);
      const nonces = signed.map(({ nonce }) => nonce);
      assert.equal(signed.length, 5, "only the very first goes unsigned");
      assert.equal(new Set(nonces).size, 3, "each nonce is tried once more, and then the next is used");
    }
    const left = await bindingsLeft(bench);
    assert.deepEqual(left, { primary: 1, backup: 0 });
    await farewell(bench);
    return {
      run: bench.plan.name,
      fault: "nonces older than 3 s are stale",
      left,
      found: bench.seen(`${registers.length} REGISTER for 3 grants`),
    };
  },
};

const ASKED_SECONDS = 120;
const GRANTED_SECONDS = 10;
/** Half of what was granted, whatever was asked. */
const SHORT_REFRESH_MS = 5_000;

export const shortGrant: Run = {
  plan: {
    name: "short grant",
    params: { ...QUICK, registerRefreshInterval: ASKED_SECONDS },
    lines: ONE_LINE,
    primary: { maxExpiresSeconds: GRANTED_SECONDS },
  },
  play: async (bench) => {
    const { primary } = bench;
    await boot(bench);
    const counts = await bench.watchDuring(primary, bench.sent(primary, "REGISTER", 5, WATCH_MS));
    await bench.capture?.settle();

    assert.ok(
      counts.every((count) => count === 1),
      `bindings at the primary: ${counts}`,
    );
    const accepted = bench.requests(primary, "REGISTER").filter(({ hasCredentials }) => hasCredentials);
    if (bench.capture !== undefined) {
      assert.ok(accepted.length >= 4, "at 0, 5, 10 and 15 s");
      assert.ok(accepted.every(({ expiresSeconds }) => expiresSeconds === ASKED_SECONDS));
      checkSpacing(accepted, SHORT_REFRESH_MS);
    }
    const left = await bindingsLeft(bench);
    assert.deepEqual(left, { primary: 1, backup: 0 });
    await farewell(bench);
    return {
      run: bench.plan.name,
      fault: `${ASKED_SECONDS} s asked, ${GRANTED_SECONDS} s granted`,
      left,
      found: bench.seen(`refreshed every ${spacing(accepted)} s, ${ASKED_SECONDS} s asked`),
    };
  },
};

const TOO_BRIEF_SECONDS = 12;
const LEAST_SECONDS = 20;
const ADOPTED_REFRESH_MS = 10_000;

export const tooBrief: Run = {
  plan: {
    name: "interval too brief",
    params: { ...QUICK, registerRefreshInterval: TOO_BRIEF_SECONDS },
    lines: ONE_LINE,
    primary: { rejectBelowSeconds: LEAST_SECONDS },
  },
  play: async (bench) => {
    const { primary } = bench;
    await boot(bench);
    // 401, 423, and three that are granted.
    const counts = await bench.watchDuring(primary, bench.sent(primary, "REGISTER", 5, WATCH_MS));
    await bench.capture?.settle();

    assert.ok(
      counts.every((count) => count === 1),
      `bindings at the primary: ${counts}`,
    );
    const refused = bench.answers(primary, "REGISTER").filter(({ status }) => status === 423);
    const accepted = bench
      .requests(primary, "REGISTER")
      .filter(({ expiresSeconds }) => expiresSeconds === LEAST_SECONDS);
    if (bench.capture !== undefined) {
      assert.equal(refused.length, 1, "the terms of a server are kept once learnt");
      assert.deepEqual(refused[0]?.minExpiresSeconds, LEAST_SECONDS);
      assert.ok(accepted.length >= 3);
      checkSpacing(accepted, ADOPTED_REFRESH_MS);
      assert.equal(bench.requests(bench.backup, "REGISTER").length, 0);
    }
    const left = await bindingsLeft(bench);
    assert.deepEqual(left, { primary: 1, backup: 0 });
    await farewell(bench);
    return {
      run: bench.plan.name,
      fault: `423, Min-Expires: ${LEAST_SECONDS}, to ${TOO_BRIEF_SECONDS} s`,
      left,
      found: bench.seen(`${refused.length} refusal, then ${LEAST_SECONDS} s asked`),
    };
  },
};

/** One heartbeat interval and two seconds: DESIGN.md, timeline T8. */
const FROM_NOTHING_MS = 7_000;

export const bothDown: Run = {
  plan: { name: "both down", params: QUICK, lines: ONE_LINE },
  play: async (bench) => {
    const { primary, backup, phone } = bench;
    const promise = await bench.promises();
    await boot(bench);
    await Promise.all([primary.kill(), backup.kill()]);
    const struckAt = Date.now();
    const withinMs = promise.detectMs + SLACK_MS;
    await phone.events.until(({ type }) => type === "outOfService", withinMs, "outOfService");
    await bench.sentAt(backup, "REGISTER", struckAt);
    await backup.start();
    const healedAt = Date.now();
    const servedAt = await bench.boundAt(backup, FROM_NOTHING_MS + SLACK_MS);
    assert.equal(phone.heard("outOfService").length, 1);
    const left = await bindingsLeft(bench);
    assert.deepEqual(left, { primary: 0, backup: 1 });
    await farewell(bench);
    return {
      run: bench.plan.name,
      fault: "SIGKILL of both, the backup alone comes back",
      backMs: servedAt - healedAt,
      backPromiseMs: FROM_NOTHING_MS,
      left,
      found: "served by the backup",
    };
  },
};

/** None is refreshed sooner; to the millisecond it is shown in virtual time. */
function checkSpacing(packets: readonly SipPacket[], everyMs: number): void {
  packets.slice(1).forEach((packet, index) => {
    const tookMs = packet.atMs - (packets[index]?.atMs ?? 0);
    assert.ok(tookMs >= everyMs - EARLY_MS, `${tookMs} ms between two refreshes`);
  });
}

/** The mean, in seconds. */
function spacing(packets: readonly SipPacket[]): string {
  const first = packets[0]?.atMs ?? 0;
  const last = packets.at(-1)?.atMs ?? 0;
  return ((last - first) / 1_000 / (packets.length - 1)).toFixed(2);
}
