// A flow that opens, for the specs of flows.
//
// Above: flow.spec.ts and its parts.

import { FLOW_UP } from "../../../assembly/abi";
import { report, told } from "../phone";

/** The flow to the primary opens, and what waited for it goes out. */
export function connect(): void {
  told();
  report(0, FLOW_UP);
  told();
}
