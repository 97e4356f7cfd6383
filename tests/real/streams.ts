// SIP messages out of the TCP segments of a capture: each direction of a connection is put in order and cut
// by Content-Length. RFC 3261 §18.3, RFC 9293 §3.4. Above: capture.ts.

import type { Datagram, Segment } from "./pcap.ts";
import { endpointText } from "./probe.ts";

/** One direction of a connection. */
type Direction = {
  /** Sequence number of the byte that comes next. */
  next: number;
  /** What came and is not cut yet. */
  held: Buffer;
  /** What came before its turn. */
  early: Segment[];
};

export class Streams {
  readonly #directions = new Map<string, Direction>();

  /** @returns the messages that `segment` completes, each as if it were a datagram */
  push(segment: Segment): Datagram[] {
    const key = `${endpointText(segment.from)} ${endpointText(segment.to)}`;
    if (segment.isSyn) {
      this.#directions.set(key, { next: plus(segment.sequence, 1), held: Buffer.alloc(0), early: [] });
      return [];
    }
    const direction = this.#directions.get(key);
    if (direction === undefined) return []; // it began before the capture
    direction.early.push(segment);
    while (direction.early.some((each) => take(direction, each))) {
      direction.early = direction.early.filter((each) => isAhead(direction, each));
    }
    return cut(direction).map((payload) => ({ ...segment, payload }));
  }
}

/** Sequence numbers wrap. */
function plus(sequence: number, bytes: number): number {
  return (sequence + bytes) >>> 0;
}

/** How far the end of `segment` is beyond what came; negative or 0: nothing new. */
function newBytes({ next }: Direction, { sequence, payload }: Segment): number {
  return (plus(sequence, payload.length) - next) | 0;
}

function isAhead(direction: Direction, segment: Segment): boolean {
  return newBytes(direction, segment) > 0;
}

/** Takes what is new of `segment`, if it is its turn; what came before may come again. */
function take(direction: Direction, segment: Segment): boolean {
  const count = newBytes(direction, segment);
  if (count <= 0 || count > segment.payload.length) return false;
  direction.held = Buffer.concat([direction.held, segment.payload.subarray(-count)]);
  direction.next = plus(direction.next, count);
  return true;
}

/** The whole messages at the start, which go; keepalives before them go too. */
function cut(direction: Direction): Buffer[] {
  const found: Buffer[] = [];
  for (;;) {
    const text = direction.held.toString("latin1");
    const start = /^(?:\r\n)*/.exec(text)?.[0].length ?? 0;
    const headEnd = text.indexOf("\r\n\r\n", start);
    if (headEnd < 0) return found;
    const bodyLength = Number(
      /\r\n(?:Content-Length|l)[ \t]*:[ \t]*(\d+)/i.exec(text.slice(start, headEnd))?.[1] ?? 0,
    );
    const end = headEnd + 4 + bodyLength;
    if (direction.held.length < end) return found;
    found.push(direction.held.subarray(start, end));
    direction.held = direction.held.subarray(end);
  }
}
