// Each fault of a network or a server, for each transport: noticed in time, served by the backup, and back
// in time after the healing. Many go side by side, for they mostly wait.

import { after, describe, test } from "node:test";
import { thereAndBack } from "../real/outage.ts";
import { type Row, report } from "../real/row.ts";
import { FAULTS } from "./faults.ts";
import { planFor } from "./plans.ts";
import { skip } from "./right.ts";
import { Town } from "./town.ts";
import { TRANSPORTS } from "./transports.ts";

const SIDE_BY_SIDE = 8;

const CELLS = TRANSPORTS.flatMap((transport) => FAULTS[transport].map((outage) => ({ transport, outage })));
const rows: (Row | undefined)[] = CELLS.map(() => undefined);

describe("faults", { concurrency: SIDE_BY_SIDE }, () => {
  for (const [index, { transport, outage }] of CELLS.entries()) {
    test(`${transport}: ${outage.fault}`, { skip }, async () => {
      const plan = await planFor(transport, outage.fault);
      const row = await Town.with(plan, (town) => thereAndBack(town, outage));
      rows[index] = { ...row, run: transport.toUpperCase() };
    });
  }
});

const done = () => rows.flatMap((row) => row ?? []);
after(() => report(done(), "network", "transport"));
