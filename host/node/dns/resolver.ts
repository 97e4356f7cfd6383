// Asks the name servers one after the other until one knows, and follows aliases that they leave open.
//
// Below: exchange.ts. Above: names.ts.
import type { Endpoint } from "../address.ts";
import { exchange } from "./exchange.ts";
import { ALIASES_MAX, isName, type Reply } from "./message.ts";
import type { Answer, Ask, Records, RecordType } from "./records.ts";

/** How long each name server has in the first and in the second round. resolv.conf(5) waits 5 s, twice. */
const ROUNDS_MS = [1000, 2000];
/** More name servers than these are not asked: MAXNS of resolv.conf(5). */
const SERVERS_MAX = 3;

/** @param serversOf read before each question: the network may have changed */
export function resolverOf(serversOf: () => readonly Endpoint[]): Ask {
  /** The one that answered last is asked first, so that a dead one costs its time once. */
  let best = 0;

  const askAll = async (name: string, type: RecordType): Promise<Reply> => {
    const servers = serversOf().slice(0, SERVERS_MAX);
    let last: Reply = { kind: "failed", why: "there is no name server" };
    for (const withinMs of ROUNDS_MS) {
      for (const [turn] of servers.entries()) {
        const index = (best + turn) % servers.length;
        last = await exchange(servers[index] as Endpoint, name, type, withinMs);
        if (last.kind === "failed") continue;
        best = index;
        return last;
      }
    }
    return last;
  };

  return async <Type extends RecordType>(name: string, type: Type): Promise<Answer<Records[Type]>> => {
    let asked = name;
    let ttlSeconds = Infinity;
    for (let aliases = 0; aliases <= ALIASES_MAX; aliases += 1) {
      if (!isName(asked)) return { kind: "none", why: `${asked} is no name`, ttlSeconds };
      const reply = await askAll(asked, type);
      if (reply.kind === "alias") {
        asked = reply.name;
        ttlSeconds = Math.min(ttlSeconds, reply.ttlSeconds);
      } else if (reply.kind === "failed" || reply.kind === "truncated") {
        return { kind: "failed", why: reply.kind === "failed" ? reply.why : "truncated" };
      } else {
        const answer = { ...reply, ttlSeconds: Math.min(ttlSeconds, reply.ttlSeconds) };
        return answer as Answer<Records[Type]>; // readReply has kept records of that type only
      }
    }
    return { kind: "failed", why: "its aliases go in a circle" };
  };
}
