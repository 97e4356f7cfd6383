// Every invariant. docs/simulating.md lists them with their sources.

import type { Invariant } from "../watcher.ts";
import { belief } from "./belief.ts";
import { calls } from "./calls.ts";
import { cooling } from "./cooling.ts";
import { expiry } from "./expiry.ts";
import { grid } from "./grid.ts";
import { heals } from "./heals.ts";
import { heartbeats } from "./heartbeats.ts";
import { link } from "./link.ts";
import { oneServer } from "./one-server.ts";
import { penalty } from "./penalty.ts";
import { reason } from "./reason.ts";
import { removal } from "./removal.ts";
import { standing } from "./standing.ts";
import { stop } from "./stop.ts";
import { told } from "./told.ts";
import { waits } from "./waits.ts";

export const INVARIANTS: readonly Invariant[] = [
  told,
  reason,
  oneServer,
  calls,
  stop,
  heals,
  belief,
  cooling,
  expiry,
  grid,
  heartbeats,
  link,
  penalty,
  removal,
  standing,
  waits,
];
