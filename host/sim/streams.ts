// Connections of the virtual world: which flow of the phone to a server stands, and what a server's faults do
// to it. Over UDP there are none.
//
// A server that refuses has ended: its connections are reset at once. One that is silent keeps them, and takes
// no new ones. Below: pbx/server.ts. Above: world.ts.

import * as abi from "../../assembly/abi.ts";
import type { PbxServer } from "../pbx/server.ts";

export class Streams {
  /** Number of the flow that stands, by rank. */
  readonly #open = new Map<number, number>();

  /** The phone opens flow `flow`. @returns FLOW_*; undefined: nothing comes back */
  open(rank: number, flow: number, pbx: PbxServer): number | undefined {
    this.#open.delete(rank);
    if (pbx.unreachable === "lost") return undefined;
    if (pbx.unreachable === "refused") return abi.FLOW_REFUSED;
    this.#open.set(rank, flow);
    return abi.FLOW_UP;
  }

  /** The server of that rank changed. @returns the flow that was reset by it */
  reset(rank: number, pbx: PbxServer, restarted: boolean): number | undefined {
    const flow = this.#open.get(rank);
    if (flow === undefined || !(restarted || pbx.unreachable === "refused")) return undefined;
    this.#open.delete(rank);
    return flow;
  }
}
