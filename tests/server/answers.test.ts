// Every answer to REGISTER and to a heartbeat that the rules know, from a SIPp to the shipped phone, side by side; what
// the phone sends is read from the wire. The same table as a page: docs/answers.md.

import { after, before, describe, test } from "node:test";
import { Bed } from "./answers/bed.ts";
import { GROUPS } from "./answers/groups.ts";

/** They mostly wait. */
const SIDE_BY_SIDE = 24;

const NO_CAPTURE = "net: neither root nor CAP_NET_RAW, and the wire is the only witness";

describe("what a server answers", { concurrency: SIDE_BY_SIDE }, () => {
  let bed: Bed;
  let index = 0;
  before(async () => {
    bed = await Bed.open();
  });
  for (const { title, cases } of GROUPS) {
    for (const one of cases) {
      const mine = index++;
      test(`${title}: ${one.says}: ${one.does}`, async (context) => {
        if (bed.isWitnessed) await bed.play(one, mine);
        else context.skip(NO_CAPTURE);
      });
    }
  }
  after(() => bed.close());
});
