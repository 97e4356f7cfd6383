// Every invariant. docs/simulating.md lists them with their sources.

import type { Invariant } from "../watcher.ts";
import { belief } from "./belief.ts";
import { calls } from "./calls.ts";
import { choice } from "./choice.ts";
import { conserved } from "./conserved.ts";
import { cooling } from "./cooling.ts";
import { credentials } from "./credentials.ts";
import { expiry } from "./expiry.ts";
import { grid } from "./grid.ts";
import { heals } from "./heals.ts";
import { heartbeats } from "./heartbeats.ts";
import { lease } from "./lease.ts";
import { link } from "./link.ts";
import { moves } from "./moves.ts";
import { nonce } from "./nonce.ts";
import { oneServer } from "./one-server.ts";
import { penalty } from "./penalty.ts";
import { preference } from "./preference.ts";
import { promise } from "./promise.ts";
import { rate } from "./rate.ts";
import { reason } from "./reason.ts";
import { removal } from "./removal.ts";
import { service } from "./service.ts";
import { standing } from "./standing.ts";
import { stop } from "./stop.ts";
import { told } from "./told.ts";
import { waits } from "./waits.ts";
import { wire } from "./wire.ts";

export const INVARIANTS: readonly Invariant[] = [
  service,
  promise,
  preference,
  oneServer,
  calls,
  moves,
  rate,
  lease,
  credentials,
  reason,
  told,
  wire,
  belief,
  cooling,
  expiry,
  grid,
  heartbeats,
  link,
  nonce,
  penalty,
  removal,
  choice,
  standing,
  waits,
  conserved,
  heals,
  stop,
];
