// Every invariant. docs/simulating.md lists them with their sources.

import type { Invariant } from "../watcher.ts";
import { calls } from "./calls.ts";
import { heals } from "./heals.ts";
import { oneServer } from "./one-server.ts";
import { reason } from "./reason.ts";
import { stop } from "./stop.ts";
import { told } from "./told.ts";

export const INVARIANTS: readonly Invariant[] = [told, reason, oneServer, calls, stop, heals];
