// The names by which the nodes of a pair list each other, and what a standby says of itself with them.
//
// `_STANDBY_` stands in the location table of a master while its standby is registered, `_ACTIVE_` in the list of the
// standby meanwhile. Above: house.ts, host/node/pair.

import { first, type SipRequest } from "../../sip/message.ts";
import { VERSION } from "../../version.ts";

export const STANDBY_USER = "_STANDBY_";
export const ACTIVE_USER = "_ACTIVE_";

/** Begins the Call-ID of a binding that was handed back: its phone has not spoken here itself yet. */
export const HANDED_BACK = "handed-back-";

/** Which node registers: its name, and what tells two nodes of one name apart. */
export interface Peer {
  readonly name: string;
  readonly instance: string;
}

/** Comment of a User-Agent, RFC 3261 §20.41: which instance a standby is. Its name is the display name of From. */
export function agentOf(instance: string): string {
  return `standfast-pbx/${VERSION} (${instance})`;
}

/** undefined: no standby of this program. */
export function peerOf(request: SipRequest): Peer | undefined {
  const instance = /^standfast-pbx\/\S+ \(([0-9a-f]+)\)$/.exec(first(request, "user-agent") ?? "")?.[1];
  const name = /^"?([^"<]*?)"?\s*</.exec(first(request, "from") ?? "")?.[1] ?? "";
  return instance === undefined || name === "" ? undefined : { name, instance };
}
