// One run of the suite: on which bench, and what happens there.

import type { Row } from "../real/row.ts";
import type { Bench, Plan } from "./bench.ts";

export type Run = { readonly plan: Plan; readonly play: (bench: Bench) => Promise<Row> };
