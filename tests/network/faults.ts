// What may go wrong between a phone and its primary, each with its remedy. Those of the server itself are
// in real/outage.ts. Above: matrix.test.ts.

import { FROZEN, KILLED, type Outage } from "../real/outage.ts";
import type { Town } from "./town.ts";

/** The packets that the router swallows from now on, and how the phone learns of the end of it. */
function swallowing(fault: string, ...rules: string[]): Outage<Town> {
  return {
    fault,
    after: "REGISTER",
    strike: (town) => town.router.strike(...rules),
    heal: async (town) => {
      const stale = await town.primary.table();
      await town.router.heal();
      return { atMs: Date.now(), stale };
    },
    back: "returnMs",
  };
}

const TO_PRIMARY = "ip daddr 198.51.100.5 drop";
const FROM_PRIMARY = "ip saddr 198.51.100.5 drop";

/** The router finds nobody at the other end and says so: ICMP host unreachable. */
const CABLE: Outage<Town> = {
  fault: "cable of the primary pulled",
  after: "REGISTER",
  strike: (town) => town.plug("primary", false),
  heal: async (town) => {
    const stale = await town.primary.table();
    await town.router.giveUp("primary"); // nothing late arrives
    await town.plug("primary", true);
    return { atMs: Date.now(), stale };
  },
  back: "returnRefusedMs",
};

export const FAULTS: readonly Outage<Town>[] = [
  { ...KILLED, after: "REGISTER" },
  FROZEN,
  CABLE,
  swallowing("packets swallowed, both ways", TO_PRIMARY, FROM_PRIMARY),
  swallowing("packets swallowed, to the primary", TO_PRIMARY),
  swallowing("packets swallowed, from the primary", FROM_PRIMARY),
];
