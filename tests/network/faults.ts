// What may go wrong between a phone and its primary, each with its remedy. Those of the server itself are
// in real/outage.ts. Above: matrix.test.ts.

import { FROZEN, KILLED, type Outage } from "../real/outage.ts";
import type { Transport } from "../real/phone.ts";
import { QUICK } from "../real/quick.ts";
import { PRIMARY, type Town } from "./town.ts";

const TO_PRIMARY = `ip daddr ${PRIMARY} drop`;
const FROM_PRIMARY = `ip saddr ${PRIMARY} drop`;
const NO_CONNECTION = `ip daddr ${PRIMARY} tcp flags & (syn | ack) == syn drop`;
const RESET = `ip daddr ${PRIMARY} meta l4proto tcp reject with tcp reset`;
/** The next segment to the primary costs the phone its connection; those after it pass. */
export const RESET_ONCE = `ip daddr ${PRIMARY} limit rate 1/day burst 1 packets reject with tcp reset`;

/** QUICK: the phone says something to its primary at least this often, and so hears a reset. */
const HEARTBEAT_MS = 5_000;
/** From start to start of two attempts at one server. */
const SPACING_MS = 1_000;
/** QUICK: what is asked, the opening of a connection included, is given up after this. */
const TIMEOUT_MS = Number(QUICK.registerTimeout);

type Strike = (town: Town) => Promise<void>;

/** A fault that the router makes, and undoes. */
function routed(fault: string, strike: Strike, detectMs?: number): Outage<Town> {
  return {
    fault,
    after: "REGISTER",
    strike,
    heal: async (town) => {
      const stale = await town.primary.table();
      const atMs = Date.now();
      await town.router.heal();
      return { atMs, stale };
    },
    back: "returnMs",
    ...(detectMs !== undefined && { detectMs }),
  };
}

const filtered = (fault: string, rules: readonly string[], detectMs?: number) =>
  routed(fault, (town) => town.router.strike(...rules), detectMs);

/** The router finds nobody at the other end, and says so: ICMP host unreachable. */
const CABLE: Outage<Town> = {
  fault: "cable of the primary pulled",
  after: "REGISTER",
  strike: (town) => town.plug("primary", false),
  heal: async (town) => {
    const stale = await town.primary.table();
    await town.router.giveUp("primary"); // nothing late arrives
    const atMs = Date.now();
    await town.plug("primary", true);
    return { atMs, stale };
  },
  back: "returnRefusedMs",
};

const COMMON: readonly Outage<Town>[] = [
  FROZEN,
  CABLE,
  filtered("packets swallowed, both ways", [TO_PRIMARY, FROM_PRIMARY]),
  filtered("packets swallowed, to the primary", [TO_PRIMARY]),
  filtered("packets swallowed, from the primary", [FROM_PRIMARY]),
];

const DATAGRAMS: readonly Outage<Town>[] = [{ ...KILLED, after: "REGISTER" }, ...COMMON];

const STREAMS: readonly Outage<Town>[] = [
  { ...KILLED, after: "REGISTER", detectMs: SPACING_MS }, // the connection breaks, the next is refused
  ...COMMON,
  filtered("connections reset, new ones too", [RESET], HEARTBEAT_MS),
  filtered("connection reset, new ones swallowed", [NO_CONNECTION, RESET_ONCE], HEARTBEAT_MS + TIMEOUT_MS),
  routed(
    "connection reset, new ones accepted in silence",
    async (town) => {
      await town.router.impersonate(PRIMARY);
      await town.router.strike(RESET_ONCE);
    },
    HEARTBEAT_MS + TIMEOUT_MS,
  ),
  routed("connection forgotten by the NAT", (town) => town.router.forget(PRIMARY)),
];

export const FAULTS: Readonly<Record<Transport, readonly Outage<Town>[]>> = {
  udp: DATAGRAMS,
  tcp: STREAMS,
  tls: STREAMS,
};
