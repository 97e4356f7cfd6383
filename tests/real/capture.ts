// What really went over a wire during a run: tcpdump writes, we read along.
//
// A capture needs root or CAP_NET_RAW. Without the right a run goes on with the servers' own tables
// as its only witness; runs.test.ts has a test that skips by name then, so that this is not silent.
// Below: pcap.ts, streams.ts, sip.ts. Above: server/bench.ts.

import { type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { ENVIRONMENT } from "./environment.ts";
import { Feed } from "./feed.ts";
import { type Ground, HERE } from "./ground.ts";
import { type Datagram, type Packet, PcapReader } from "./pcap.ts";
import type { Endpoint } from "./probe.ts";
import { readSip, type SipPacket } from "./sip.ts";
import { Streams } from "./streams.ts";

const run = promisify(execFile);

type Tcpdump = ChildProcessByStdio<null, Readable, Readable>;

/** The port of the marker that shows how far the capture has come: discard, RFC 863. */
const MARKER_PORT = 9;
const MARKER_REPEAT_MS = 20;
/** Sends its first argument there; the shell runs where the capture stands. */
const MARKER_SCRIPT = 'printf %s "$0" >"/dev/udp/$1/$2"';
const MARKER_TRIES = 250;

/**
 * It dies with us, however we die. As root it keeps its user, for a change of user would undo that:
 * prctl(2), PR_SET_PDEATHSIG. Room is reserved for each packet as long as it may be: kept to a datagram of SIP, it is
 * enough for thousands that we are slow to read.
 */
const COMMAND = [
  ..."setpriv --pdeathsig KILL tcpdump -n -U --immediate-mode -s 4096 -B 16384 -w -".split(" "),
  ...(process.getuid?.() === 0 ? ["-Z", "root"] : []),
];

/** What tcpdump says to an ordinary user. */
const NO_RIGHT = /don't have permission|Operation not permitted/;

/** A network device somewhere. */
export type Wire = { readonly ground: Ground; readonly device: string };

const LOOPBACK: Wire = { ground: HERE, device: "lo" };

export class Capture {
  /** Every packet so far, of whatever protocol, in the order of the wire. */
  readonly packets = new Feed<Packet>();
  /** Every SIP message that can be read, likewise. */
  readonly sip = new Feed<SipPacket>();
  readonly #tcpdump: Tcpdump;
  readonly #ground: Ground;
  readonly #markerTo: Endpoint;
  readonly #reader = new PcapReader();
  readonly #streams = new Streams();
  readonly #file: WriteStream;
  /** Several may wait for theirs at once. */
  readonly #markers = new Set<string>();
  #log = "";

  private constructor(tcpdump: Tcpdump, file: string, ground: Ground, markerTo: Endpoint) {
    this.#ground = ground;
    this.#tcpdump = tcpdump;
    this.#markerTo = markerTo;
    this.#file = createWriteStream(file);
    tcpdump.stdout.on("data", (piece: Buffer) => this.#take(piece));
    tcpdump.stderr.on("data", (piece: Buffer) => {
      this.#log += piece;
    });
  }

  /**
   * Captures the traffic on `wire` from and to `servers`, their ports only, into `file`.
   * @returns undefined without the right to capture
   */
  static async open(
    servers: readonly Endpoint[],
    file: string,
    wire: Wire = LOOPBACK,
  ): Promise<Capture | undefined> {
    const [first] = servers;
    if (first === undefined) throw new Error("nothing to capture");
    const ours = servers.map(
      ({ address, port }) => `(host ${address} and (port ${port} or port ${MARKER_PORT}))`,
    );
    return Capture.#spawned(ours.join(" or "), file, first.address, wire);
  }

  /** The same on loopback of every port of `address`: what goes to one that nobody was told of shows too. */
  static async openAll(address: string, file: string): Promise<Capture | undefined> {
    return Capture.#spawned(`host ${address}`, file, address, LOOPBACK);
  }

  static async #spawned(
    which: string,
    file: string,
    markerTo: string,
    { ground, device }: Wire,
  ): Promise<Capture | undefined> {
    const filter = `(udp or tcp) and (${which})`;
    const [program = "", ...args] = [...ground, ...COMMAND, "-i", device];
    const tcpdump = spawn(program, [...args, filter], {
      env: ENVIRONMENT,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const capture = new Capture(tcpdump, file, ground, { address: markerTo, port: MARKER_PORT });
    const ended = new Promise<string>((resolve) => {
      tcpdump.once("error", (error) => resolve(String(error)));
      tcpdump.once("exit", () => resolve(capture.#log));
    });
    const failure = await Promise.race([capture.#isListening(), ended]);
    if (failure === "") return capture;
    if (NO_RIGHT.test(failure)) return undefined;
    throw new Error(`tcpdump: ${failure}`);
  }

  /** The datagrams among the packets, of whatever protocol. */
  get datagrams(): Datagram[] {
    return this.packets.items.filter((packet) => !("sequence" in packet));
  }

  /** Returns when all that was sent before this call has been captured: a marker follows it. */
  async settle(): Promise<void> {
    const marker = randomUUID();
    const { address, port } = this.#markerTo;
    const send = [...this.#ground, "bash", "-c", MARKER_SCRIPT, marker, address, String(port)];
    for (let tried = 0; !this.#markers.has(marker); tried += 1) {
      if (tried === MARKER_TRIES) throw new Error(`the capture stands still: ${this.#log}`);
      await run(send[0] ?? "", send.slice(1)).catch(() => {}); // no way there just now
      await sleep(MARKER_REPEAT_MS);
    }
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

  kill(): void {
    this.#tcpdump.kill("SIGKILL");
  }

  async #isListening(): Promise<string> {
    while (!this.#log.includes("listening on")) await once(this.#tcpdump.stderr, "data");
    return "";
  }

  #take(piece: Buffer): void {
    this.#file.write(piece);
    for (const packet of this.#reader.push(piece)) this.#keep(packet);
  }

  #keep(packet: Packet): void {
    if (packet.to.port === MARKER_PORT) {
      this.#markers.add(String(packet.payload));
      return;
    }
    this.packets.add(packet);
    const messages: readonly Datagram[] = "sequence" in packet ? this.#streams.push(packet) : [packet];
    for (const message of messages) {
      const sip = readSip(message);
      if (sip !== undefined) this.sip.add(sip);
    }
  }
}
