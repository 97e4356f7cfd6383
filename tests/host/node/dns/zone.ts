// A DNS of a few records, written as lines of a zone: what the procedure is asked, without a server.
import type { Answer, Ask, Records, RecordType } from "../../../../host/node/dns/records.ts";
import type { Draw } from "../../../../host/node/dns/weight.ts";

/** A draw that can be repeated: the same seed gives the same numbers. xorshift32 (Marsaglia 2003). */
export function seededDraw(seed: number): Draw {
  let state = seed >>> 0 || 1;
  return (end) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % end;
  };
}

export interface Zone {
  readonly ask: Ask;
  /** Every question so far: `A a.test`. */
  readonly asked: string[];
}

/** How long it may be believed that there is no record, s. */
export const NEGATIVE_TTL = 60;

/**
 * @param lines `NAME TTL TYPE DATA..`, names without a dot at the end; `NAME fails TYPE` makes a
 *              question fail. What no line names does not exist.
 */
export function zone(...lines: readonly string[]): Zone {
  const asked: string[] = [];
  const rows = lines.map((line) => line.split(" "));
  const answer = (name: string, type: RecordType): Answer<unknown> => {
    asked.push(`${type} ${name}`);
    const own = rows.filter(([owner, , kind]) => owner === name && kind === type);
    if (own.some(([, ttl]) => ttl === "fails")) return { kind: "failed", why: "SERVFAIL" };
    const ttls = own.map(([, ttl]) => Number(ttl));
    if (own.length === 0) return { kind: "none", why: "no such name", ttlSeconds: NEGATIVE_TTL };
    const records = own.map(([, , , ...data]) => DATA[type](data));
    return { kind: "found", records, ttlSeconds: Math.min(...ttls) };
  };
  const ask: Ask = async (name, type) => answer(name, type) as Answer<Records[typeof type]>;
  return { ask, asked };
}

const DATA: Readonly<Record<RecordType, (words: readonly string[]) => unknown>> = {
  A: ([address]) => address,
  AAAA: ([address]) => address,
  SRV: ([priority, weight, port, target]) => ({
    priority: Number(priority),
    weight: Number(weight),
    port: Number(port),
    target: target === "." ? "" : target,
  }),
  NAPTR: ([order, preference, flags, services, replacement]) => ({
    order: Number(order),
    preference: Number(preference),
    flags,
    services,
    replacement,
  }),
};
