// The wire between an emulated machine and a LAN of host/lan: each Ethernet frame is one datagram on loopback, as
// QEMU's `-nic socket,udp=ADDRESS:PORT,localaddr=ADDRESS:PORT` has it.
//
// The emulator is known by its first frame. Below: host/lan. Above: tests of firmware.

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { Delivery, Lan } from "../lan/lan.ts";

const LOOPBACK = "127.0.0.1";

export interface LanSocketOptions {
  readonly lan: Lan;
  /** A monotonic clock, ms. */
  readonly now: () => number;
  /** Is shown every frame as it comes off the wire, before anything is lost, or goes onto it. */
  readonly onFrame?: (bytes: Buffer, way: "to" | "from") => void;
}

export class LanSocket {
  readonly #options: LanSocketOptions;
  readonly #socket: Socket;
  readonly #waiting = new Set<NodeJS.Timeout>();
  #guestPort = 0;

  private constructor(options: LanSocketOptions, socket: Socket) {
    this.#options = options;
    this.#socket = socket;
    socket.on("message", (bytes, { port }) => this.#hear(bytes, port));
    // The emulator ends before we do.
    socket.on("error", () => {});
  }

  static async open(options: LanSocketOptions): Promise<LanSocket> {
    const socket = createSocket("udp4");
    socket.bind({ address: LOOPBACK, port: 0, exclusive: true });
    await once(socket, "listening");
    return new LanSocket(options, socket);
  }

  /** What QEMU has to be told after `-nic`. @param model of the network chip */
  nic(model: string): string {
    return `socket,model=${model},udp=${LOOPBACK}:${this.#socket.address().port},localaddr=${LOOPBACK}:0`;
  }

  /** Puts frames on the wire; nothing before the emulator was heard. */
  send(deliveries: readonly Delivery[]): void {
    for (const { bytes, delayMs } of deliveries) {
      if (delayMs === 0) this.#put(bytes);
      else this.#putLater(bytes, delayMs);
    }
  }

  close(): void {
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
    this.#guestPort = 0;
    this.#socket.close();
  }

  #hear(bytes: Buffer, port: number): void {
    this.#guestPort = port;
    this.#options.onFrame?.(bytes, "to");
    this.send(this.#options.lan.handle(bytes, this.#options.now()));
  }

  #put(bytes: Buffer): void {
    if (this.#guestPort === 0) return;
    this.#options.onFrame?.(bytes, "from");
    this.#socket.send(bytes, this.#guestPort, LOOPBACK);
  }

  #putLater(bytes: Buffer, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      this.#put(bytes);
    }, delayMs);
    this.#waiting.add(timer);
  }
}
