// The port for POSIX on emulated processors against a real registrar: the tables of two Kamailios say where it is.
//
// The run is that of the suite `server`, with another phone. Below: server/bench.ts, real/outage.ts.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { buildPosix, POSIX_TARGETS } from "../../host/tools/firmware/posix.ts";
import { KILLED, thereAndBack } from "../real/outage.ts";
import { ONE_LINE, QUICK } from "../real/quick.ts";
import { Bench } from "../server/bench.ts";

describe("against Kamailio", { concurrency: true }, () => {
  for (const target of POSIX_TARGETS.filter(({ emulator }) => emulator.length > 0))
    test(`${target.name}: a killed primary is left, and returned to, within the promise`, async (t) => {
      const program = await buildPosix(target);
      const plan = { name: `posix ${target.name}`, params: QUICK, lines: ONE_LINE, program };
      const row = await Bench.with(plan, (bench) => thereAndBack(bench, KILLED));
      t.diagnostic(
        `served after ${row.servedMs} of ${row.servedPromiseMs} ms, back after ${row.backMs} of ${row.backPromiseMs} ms`,
      );
      assert.deepEqual(row.left, { primary: 1, backup: 0 });
    });
});
