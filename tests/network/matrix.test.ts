// Each fault of a network or a server, for each transport: noticed in time, served by the backup, and back
// in time after the healing. Many go side by side, for they mostly wait.

import { after, describe, test } from "node:test";
import { thereAndBack } from "../real/outage.ts";
import { ONE_LINE, QUICK } from "../real/quick.ts";
import { type Row, report } from "../real/row.ts";
import { FAULTS } from "./faults.ts";
import { skip } from "./right.ts";
import { Town } from "./town.ts";

const SIDE_BY_SIDE = 6;
const TRANSPORTS = ["UDP"];

const CELLS = TRANSPORTS.flatMap((transport) => FAULTS.map((outage) => ({ transport, outage })));
const rows: (Row | undefined)[] = CELLS.map(() => undefined);

describe("faults", { concurrency: SIDE_BY_SIDE }, () => {
  for (const [index, { transport, outage }] of CELLS.entries()) {
    test(`${transport}: ${outage.fault}`, { skip }, async () => {
      const plan = { name: `${transport} ${outage.fault}`, params: QUICK, lines: ONE_LINE };
      const row = await Town.with(plan, (town) => thereAndBack(town, outage));
      rows[index] = { ...row, run: transport };
    });
  }
});

after(() =>
  report(
    rows.flatMap((row) => row ?? []),
    "network",
    "transport",
  ),
);
