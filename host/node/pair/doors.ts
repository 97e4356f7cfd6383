// The ports of a node that take connections, and how many each has room for. Numbers and reasons: docs/pair.md, "Strangers".
//
// Below: host/node/visitors.ts. Above: node.ts, watcher.ts.
import type { PairSettings } from "../../pbx/pair/settings.ts";
import type { DoorStatus } from "../../pbx/status.ts";
import { UNTIMED, Visitors } from "../visitors.ts";
import { nodeClock } from "./node-event.ts";

/** A phone has given up when its own transaction has: 64 times T1. RFC 3261 §17.1.2.2, timer F. */
const MESSAGE_MS = 32_000;
/** Longer than any keepalive of RFC 5626; a phone that watches its backup more rarely connects again. */
const STRANGER_MS = 600_000;
/** Two connections of each phone, as it opens a new one before the old one is known to be gone, and a few beside. */
const EACH = 2;
const BESIDE = 64;
/** A pair has one standby; a few more may be on their way out, or strangers. */
const REPLICATION_PLACES = 16;
/** Scrapers, probes and people; not the Internet. */
const HTTP_PLACES = 64;

/** The pages have a time for each request already. */
export function httpDoor(): Visitors {
  return new Visitors({ ...UNTIMED, places: HTTP_PLACES, now: nodeClock });
}

/** A handshake has its own patience, and silence too. */
export function replicationDoor(): Visitors {
  return new Visitors({ ...UNTIMED, places: REPLICATION_PLACES, now: nodeClock });
}

export class Doors {
  /** TCP and TLS together. */
  readonly sip: Visitors;
  readonly replication = replicationDoor();
  readonly http = httpDoor();

  constructor({ registrationsMax, expires }: PairSettings) {
    this.sip = new Visitors({
      places: EACH * registrationsMax + BESIDE,
      messageMs: MESSAGE_MS,
      strangerMs: STRANGER_MS,
      provenMs: 1000 * expires.max + MESSAGE_MS,
      now: nodeClock,
    });
  }

  status(): Readonly<Record<string, DoorStatus>> {
    return Object.fromEntries(this.#named().map(([name, door]) => [name, door.status()]));
  }

  /** Those at which somebody had to go for want of room, within the last minute. */
  crowded(): readonly string[] {
    return this.#named().flatMap(([name, door]) => (door.isCrowded ? [name] : []));
  }

  #named(): readonly (readonly [string, Visitors])[] {
    return [
      ["sip", this.sip],
      ["replication", this.replication],
      ["http", this.http],
    ];
  }
}
