// A program that is killed and started again and again while its passwords are wrong: how many of them the server sees.
// fail2ban bans an address that fails 5 times in 600 s.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { BOOT_MS, bindingsLeft, farewell, QUICK } from "../../real/quick.ts";
import type { Row } from "../../real/row.ts";
import { filesOf } from "../../real/stage.ts";
import type { Bench } from "../bench.ts";
import type { Run } from "../run.ts";

const LINES = [
  { user: "6001", password: "wrong" },
  { user: "6002", password: "wrong too" },
];
/** More than a ban takes, were each start to send what was refused. */
const STARTS = 6;

export const watchdog: Run = {
  plan: { name: "wrong passwords, with a state file", params: QUICK, lines: LINES },
  play: async (bench) => {
    const state = `${filesOf("real-servers", "watchdog")}.state`;
    rmSync(state, { force: true });
    await restart(bench, "--state", state);
    return judge(bench, LINES.length);
  },
};

export const watchdogWithout: Run = {
  plan: { name: "wrong passwords, without one", params: QUICK, lines: LINES },
  play: async (bench) => {
    await restart(bench);
    return judge(bench, STARTS * LINES.length);
  },
};

async function restart({ phone }: Bench, ...options: string[]): Promise<void> {
  for (let start = 1; start <= STARTS; start++) {
    if (start > 1) await phone.crash();
    phone.start(...options);
    const all = () => phone.heard("rejected").length >= start * LINES.length;
    await phone.events.until(all, BOOT_MS, `each line rejected, start ${start}`);
  }
}

/** @param wrong passwords that the primary must have seen; the backup none */
async function judge(bench: Bench, wrong: number): Promise<Row> {
  await bench.capture?.settle();
  if (bench.capture !== undefined) {
    const signed = bench.requests(bench.primary, "REGISTER").filter(({ hasCredentials }) => hasCredentials);
    assert.equal(signed.length, wrong);
    assert.equal(bench.requests(bench.backup, "REGISTER").length, 0);
  }
  const left = await bindingsLeft(bench);
  assert.deepEqual(left, { primary: 0, backup: 0 });
  await farewell(bench);
  return {
    run: bench.plan.name,
    fault: `two lines refused with 401, SIGKILL and start, ${STARTS} times`,
    left,
    found: bench.seen(`${wrong} wrong passwords`),
  };
}
