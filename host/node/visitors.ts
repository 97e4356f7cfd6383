// Who is connected to a port, and who has to go when there is no room: places for those who have proven who they are, and
// strangers as long as nobody needs theirs.
//
// One who has proven itself is closed for nobody, and for silence only when its registration is long over. A stranger has a
// time for its first message, for the rest of one that has begun, and for silence. When every place is taken, the network
// with the most strangers gives up the one that was silent longest, so a flood from one address costs that address.
// Above: pbx-listen.ts, pair/replication-server.ts, pair/http.ts.
import type { Socket } from "node:net";
import { networkOf } from "../pbx/network.ts";
import type { DoorStatus } from "../pbx/status.ts";
import { plainAddress } from "./address.ts";

export interface Room {
  /** Connections at a time. */
  readonly places: number;
  /** From the connection to the first whole message, and from the first byte of another to its last, ms. */
  readonly messageMs: number;
  /** Silence of a stranger, ms. */
  readonly strangerMs: number;
  /** Silence of one that has proven itself, ms. */
  readonly provenMs: number;
  /** A monotonic clock, ms. */
  readonly now: () => number;
}

/** Without a limit of time: whoever carries the connection has its own. */
export const UNTIMED = { messageMs: Infinity, strangerMs: Infinity, provenMs: Infinity } as const;

/** How long it is told that somebody had to go. */
const CROWDED_MS = 60_000;

/** Counts a connection in, or closes it where there is no room. */
export function letIn(visitors: Visitors, socket: Socket): Visit | undefined {
  const visit = visitors.arrive(networkOf(plainAddress(socket.remoteAddress ?? "")), () => socket.destroy());
  if (visit === undefined) socket.destroy();
  else socket.once("close", visit.leave);
  return visit;
}

/** One connection. */
export interface Visit {
  /** A whole message came. */
  heard(): void;
  /** Bytes came, and behind the last whole message are some or none. */
  reading(isMidway: boolean): void;
  prove(): void;
  /** It is closed. */
  leave(): void;
}

interface Place {
  readonly network: string;
  readonly close: () => void;
  heardAt: number;
  /** Since when a message is awaited; undefined: none is. */
  awaitedSince: number | undefined;
  isProven: boolean;
}

export class Visitors {
  readonly #room: Room;
  readonly #places = new Set<Place>();
  /** Of each network, the one that was silent longest first. */
  readonly #strangers = new Map<string, Set<Place>>();
  readonly #closed = { full: 0, late: 0, idle: 0 };
  #fullAt = -Infinity;

  constructor(room: Room) {
    this.#room = room;
  }

  /** Whether somebody had to go for want of room, within the last minute. */
  get isCrowded(): boolean {
    return this.#room.now() - this.#fullAt < CROWDED_MS;
  }

  status(): DoorStatus {
    return { open: this.#places.size, places: this.#room.places, closed: { ...this.#closed } };
  }

  /** undefined: there is no room, and nobody who would have to go. */
  arrive(network: string, close: () => void): Visit | undefined {
    if (this.#places.size >= this.#room.places) {
      this.#fullAt = this.#room.now();
      this.#closed.full += 1;
      const leaving = this.#whoGoesFor(network);
      if (leaving === undefined) return undefined;
      this.#close(leaving);
    }
    const now = this.#room.now();
    const place: Place = { network, close, heardAt: now, awaitedSince: now, isProven: false };
    this.#places.add(place);
    this.#queue(place);
    return this.#visitOf(place);
  }

  /** Closes who is late or was silent for too long: call it each second. */
  sweep(): void {
    const now = this.#room.now();
    for (const place of this.#places) {
      const why = this.#overdue(place, now);
      if (why === undefined) continue;
      this.#closed[why] += 1;
      this.#close(place);
    }
  }

  #visitOf(place: Place): Visit {
    return {
      heard: () => {
        place.heardAt = this.#room.now();
        place.awaitedSince = undefined;
        if (this.#unqueue(place)) this.#queue(place);
      },
      reading: (isMidway) => {
        place.awaitedSince = isMidway ? (place.awaitedSince ?? this.#room.now()) : undefined;
      },
      prove: () => {
        place.isProven = true;
        this.#unqueue(place);
      },
      leave: () => this.#remove(place),
    };
  }

  #overdue({ isProven, heardAt, awaitedSince = Infinity }: Place, now: number): "late" | "idle" | undefined {
    const { messageMs, strangerMs, provenMs } = this.#room;
    if (!isProven && now - awaitedSince >= messageMs) return "late";
    return now - heardAt >= (isProven ? provenMs : strangerMs) ? "idle" : undefined;
  }

  /** A stranger of the network that has the most, the newcomer counted; of its own when another has no more. */
  #whoGoesFor(network: string): Place | undefined {
    let most = this.#strangers.get(network);
    let size = 1 + (most?.size ?? 0);
    for (const others of this.#strangers.values())
      if (others.size > size) {
        most = others;
        size = others.size;
      }
    const [longest = new Set<Place>()] = this.#strangers.values();
    const [leaving] = most ?? longest;
    return leaving;
  }

  #close(place: Place): void {
    this.#remove(place);
    place.close();
  }

  #remove(place: Place): void {
    this.#places.delete(place);
    this.#unqueue(place);
  }

  #queue(place: Place): void {
    const there = this.#strangers.get(place.network) ?? new Set();
    this.#strangers.set(place.network, there.add(place));
  }

  /** Whether it was a stranger. */
  #unqueue(place: Place): boolean {
    const there = this.#strangers.get(place.network);
    const wasThere = there?.delete(place) === true;
    if (there?.size === 0) this.#strangers.delete(place.network);
    return wasThere;
  }
}
