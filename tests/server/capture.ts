// What really went over loopback during a run: tcpdump writes, we read along.
//
// A capture needs root or CAP_NET_RAW. Without the right a run goes on with the servers' own tables
// as its only witness, and only when STANDFAST_ALLOW_SKIP names `net`: nothing is skipped in silence.
// Below: pcap.ts, sip.ts. Above: bench.ts.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { EventEmitter, once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { isIPv6 } from "node:net";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type Datagram, PcapReader } from "./pcap.ts";
import type { Endpoint } from "./probe.ts";
import { readSip, type SipPacket } from "./sip.ts";

type Tcpdump = ChildProcessByStdio<null, Readable, Readable>;

/** The port of the marker that shows how far the capture has come: discard, RFC 863. */
const MARKER_PORT = 9;
const MARKER_REPEAT_MS = 20;

export class Capture {
  /** Every SIP message so far, in the order of the wire. */
  readonly packets: SipPacket[] = [];
  readonly #tcpdump: Tcpdump;
  readonly #markerTo: Endpoint;
  readonly #reader = new PcapReader();
  readonly #news = new EventEmitter();
  readonly #file: WriteStream;
  #markers = 0;
  #log = "";

  private constructor(tcpdump: Tcpdump, file: string, markerTo: Endpoint) {
    this.#tcpdump = tcpdump;
    this.#markerTo = markerTo;
    this.#file = createWriteStream(file);
    tcpdump.stdout.on("data", (piece: Buffer) => this.#take(piece));
    tcpdump.stderr.on("data", (piece: Buffer) => {
      this.#log += piece;
    });
  }

  /**
   * Captures the UDP traffic of `servers`, but for that of `exceptPort`, into `file`.
   * @returns undefined without the right to capture, which STANDFAST_ALLOW_SKIP must allow
   */
  static async open(
    servers: readonly Endpoint[],
    file: string,
    exceptPort = 0,
  ): Promise<Capture | undefined> {
    const [first] = servers;
    if (first === undefined) throw new Error("nothing to capture");
    const ours = servers.map(
      ({ address, port }) => `(host ${address} and (port ${port} or port ${MARKER_PORT}))`,
    );
    const filter = `udp and (${ours.join(" or ")}) and not port ${exceptPort}`;
    const command = "setpriv --pdeathsig KILL tcpdump -i lo -n -U --immediate-mode -w -".split(" ");
    const [program = "", ...args] = command; // it dies with us, however we die
    const tcpdump = spawn(program, [...args, filter], { stdio: ["ignore", "pipe", "pipe"] });
    const capture = new Capture(tcpdump, file, { ...first, port: MARKER_PORT });
    const ended = new Promise<string>((resolve) => {
      tcpdump.once("error", (error) => resolve(String(error)));
      tcpdump.once("exit", () => resolve(capture.#log));
    });
    const failure = await Promise.race([capture.#isListening(), ended]);
    if (failure === "") return capture;
    if (process.env.STANDFAST_ALLOW_SKIP?.split(",").includes("net")) return undefined;
    throw new Error(
      `net: no packet capture, and STANDFAST_ALLOW_SKIP does not allow that: ${failure}`,
    );
  }

  /** Waits until a packet that is `wanted` has been captured, one of the past included. */
  async until(wanted: (packet: SipPacket) => boolean, timeoutMs: number): Promise<SipPacket> {
    const signal = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const found = this.packets.find(wanted);
      if (found !== undefined) return found;
      await once(this.#news, "packets", { signal });
    }
  }

  /** Returns when all that was sent before this call has been captured: a marker follows it. */
  async settle(): Promise<void> {
    const seen = this.#markers;
    const socket = createSocket(isIPv6(this.#markerTo.address) ? "udp6" : "udp4");
    socket.on("error", () => {}); // nobody listens there
    while (this.#markers === seen) {
      socket.send("marker", this.#markerTo.port, this.#markerTo.address);
      await sleep(MARKER_REPEAT_MS);
    }
    socket.close();
  }

  /** Ends the capture; a packet that the kernel lost makes every count worthless, so it is an error. */
  async close(): Promise<void> {
    await this.settle();
    const ended = once(this.#tcpdump, "close");
    this.#tcpdump.kill("SIGINT");
    await ended;
    this.#file.end();
    if (!/\n0 packets dropped by kernel/.test(this.#log)) throw new Error(`capture: ${this.#log}`);
  }

  async #isListening(): Promise<string> {
    while (!this.#log.includes("listening on")) await once(this.#tcpdump.stderr, "data");
    return "";
  }

  #take(piece: Buffer): void {
    this.#file.write(piece);
    for (const datagram of this.#reader.push(piece)) this.#keep(datagram);
    this.#news.emit("packets");
  }

  #keep(datagram: Datagram): void {
    if (datagram.to.port === MARKER_PORT) this.#markers += 1;
    const packet = readSip(datagram);
    if (packet !== undefined) this.packets.push(packet);
  }
}
