// A LAN with one phone on it: each frame of the phone reaches the stations it is meant for, and their frames the phone.
//
// The network between them may lose a frame, delay it, or carry it twice, drawn from a seed. No I/O: a frame and the
// time in, frames with their delays out. Below: station.ts, sim/network.ts. Above: node/lan-socket.ts.

import type { Network } from "../sim/network.ts";
import { readFrame, writeFrame } from "./ethernet.ts";
import type { Answer, Station } from "./station.ts";

/** Bytes of a frame on their way to the phone, and when they arrive. */
export interface Delivery {
  readonly bytes: Buffer;
  readonly delayMs: number;
}

export class Lan {
  readonly #stations: readonly Station[];
  readonly #network: Network;

  /** @param network knows each station by its name */
  constructor(stations: readonly Station[], network: Network) {
    this.#stations = stations;
    this.#network = network;
  }

  /** Takes a frame that the phone sent. */
  handle(bytes: Buffer, now: number): readonly Delivery[] {
    const frame = readFrame(bytes);
    if (frame === undefined) return [];
    return this.#stations.flatMap((station) =>
      this.#carried("to", station).flatMap((sentAfterMs) =>
        station
          .handle(frame, now)
          .flatMap((answer) => this.deliver(station, { ...answer, delayMs: answer.delayMs + sentAfterMs })),
      ),
    );
  }

  /** What becomes of a frame that a station sends to the phone. */
  deliver(station: Station, { frame, delayMs }: Answer): readonly Delivery[] {
    if (!station.isPlugged) return [];
    const bytes = writeFrame(frame);
    return this.#carried("from", station).map((carriedMs) => ({ bytes, delayMs: delayMs + carriedMs }));
  }

  /** The delay of each copy of a frame that arrives, ms; none: it is lost. */
  #carried(way: "to" | "from", { options: { name } }: Station): readonly number[] {
    const copies = this.#network.doubles(name) ? 2 : 1;
    const delays = Array.from({ length: copies }, () => this.#network.draw(way, name));
    return delays.filter((delay) => delay !== undefined);
  }
}
