// The phone itself is killed, and starts again on another port: what its old run left must not stay at the registrar.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { BOOT_MS, bindingsLeft, farewell, ONE_LINE, QUICK } from "../../real/quick.ts";
import { filesOf, SLACK_MS } from "../../real/stage.ts";
import type { Bench } from "../bench.ts";
import type { Run } from "../run.ts";

const LINES = [...ONE_LINE, { user: "6002", password: "pw6002" }];

/** No lease ends during a run: what goes is removed. */
const PARAMS = { ...QUICK, registerRefreshInterval: 600 };
/** How long the old bindings are seen to stay. */
const LOOK_MS = 2_000;

export const crashed: Run = {
  plan: { name: "crashed, with a state file", params: PARAMS, lines: LINES },
  play: async (bench) => {
    const state = `${filesOf("real-servers", "crashed")}.state`;
    rmSync(state, { force: true });
    const boundAt = await crashAndBind(bench, "--state", state);
    const cleanAt = await bench.tableShows(bench.primary, ({ length }) => length === 2, SLACK_MS, "one each");
    const left = await bindingsLeft(bench);
    await farewell(bench);
    await bench.emptyAt(bench.primary);
    return {
      run: bench.plan.name,
      fault: "SIGKILL of the phone, started again on another port",
      left,
      found: `the old bindings were gone ${cleanAt - boundAt} ms after the new ones came`,
    };
  },
};

export const crashedWithout: Run = {
  plan: { name: "crashed, without one", params: PARAMS, lines: LINES },
  play: async (bench) => {
    await crashAndBind(bench);
    const counts = await bench.watch(bench.primary, LOOK_MS);
    assert.deepEqual([...new Set(counts)], [4], "two bindings each: calls to the old one are lost");
    const left = await bindingsLeft(bench);
    await farewell(bench);
    return {
      run: bench.plan.name,
      fault: "SIGKILL of the phone, started again on another port",
      left,
      found: "the old bindings stay until their leases end",
    };
  },
};

/** A run that is bound, killed and started again; its random port is another one. @returns when it was bound again */
async function crashAndBind(bench: Bench, ...options: string[]): Promise<number> {
  bench.phone.start(...options);
  await bench.boundAt(bench.primary, BOOT_MS);
  const stale = await bench.primary.table();
  await bench.phone.crash();
  bench.phone.start(...options);
  return bench.boundAt(bench.primary, BOOT_MS, stale);
}
