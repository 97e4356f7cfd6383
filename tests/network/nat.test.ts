// Behind a NAT: what it forgets is found out in time, and told once.

import { describe, test } from "node:test";
import { alternating, forgotten, kept, type NatRun, renumbered, spoken, unkept } from "./nat.ts";
import { skip } from "./right.ts";
import { Town } from "./town.ts";

const RUNS: readonly [string, NatRun][] = [
  ["a mapping that is dropped is replaced within a refresh and a spacing", forgotten],
  ["a router with a new address is followed within a refresh and a spacing", renumbered],
  ["without a keepalive a short NAT forgets an idle phone", unkept],
  ["a keepalive holds the mapping of an idle phone", kept],
  ["a keepalive is left out while other things are sent", spoken],
  ["ports that alternate make no storm: one new contact in natSettle", alternating],
];

describe("behind a NAT", { concurrency: true }, () => {
  for (const [name, { plan, play }] of RUNS) {
    test(name, { skip }, () => Town.with(plan, play));
  }
});
