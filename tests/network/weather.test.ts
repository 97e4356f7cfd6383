// A bad network that is no fault of a server costs no service.

import { after, describe, test } from "node:test";
import { type Row, report } from "../real/row.ts";
import { planFor } from "./plans.ts";
import { skip } from "./right.ts";
import { Town } from "./town.ts";
import { TRANSPORTS } from "./transports.ts";
import { LOSSY_PARAMS, lossy, resetOnce, slow } from "./weather.ts";

const rows: Row[] = [];

describe("bad weather", { concurrency: true }, () => {
  for (const transport of TRANSPORTS) {
    const run = (name: string, play: (town: Town) => Promise<Row>, params = {}) =>
      test(`${transport}: ${name}`, { skip }, async () => {
        const row = await Town.with(await planFor(transport, name, params), play);
        rows.push({ ...row, run: transport.toUpperCase() });
      });
    run("a third of the packets lost, and never without a binding", lossy, LOSSY_PARAMS);
    run("answers that take 400 ms change the bounds by round trips only", slow);
    if (transport !== "udp") run("a connection that is reset once is replaced, and nobody moves", resetOnce);
  }
});

after(() => report(rows, "weather", "transport"));
