// Asks a node for its status over HTTP.
//
// Above: host/cli/pair-show.ts, the demonstration.
import type { NodeStatus } from "../../pbx/status.ts";
import { codeOf, HostError } from "../error.ts";

const PATIENCE_MS = 5000;

/** @throws HostError "status": nobody answers there, or no node does */
export async function readStatus(url: string): Promise<NodeStatus> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const status = Object(await answer.json()) as NodeStatus;
    if (status.readiness === undefined || status.markers === undefined)
      throw new HostError(
        "status",
        `${url} is no status of a node; give its configuration, or http://ADDRESS:PORT/status`,
      );
    return status;
  } catch (error) {
    if (error instanceof HostError) throw error;
    const { cause } = error as { readonly cause?: unknown };
    throw new HostError("status", `${url}: no node answers (${codeOf(cause ?? error)}); does it run?`);
  }
}
