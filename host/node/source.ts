// Whose datagram it is: a server of the set, an address of the accept list, or anybody. Above: flows.ts.
import type { Source } from "../core/agent.ts";
import { type Endpoint, plainAddress, sameEndpoint } from "./address.ts";

/**
 * A server may answer from another port than the one it was asked at, so its address alone is enough where
 * no other server shares it.
 * @param servers  by rank, where each may be found
 * @param accepted addresses that are let in beside those of the set
 */
export function sourceOf(
  from: Endpoint,
  servers: readonly (readonly Endpoint[])[],
  accepted: readonly string[],
): Source {
  const exact = servers.findIndex((targets) => targets.some((target) => sameEndpoint(target, from)));
  if (exact >= 0) return exact;
  const alike = servers.flatMap((targets, rank) =>
    targets.some(({ address }) => address === from.address) ? [rank] : [],
  );
  const [only] = alike;
  if (only !== undefined && alike.length === 1) return only;
  const isListed = accepted.some((address) => plainAddress(address) === from.address);
  return only !== undefined || isListed ? "listed" : "foreign";
}
