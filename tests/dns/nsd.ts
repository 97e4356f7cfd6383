// NSD, a real name server, on loopback with zones that a test writes, and rewrites while it serves.
//
// It refuses zones that it does not have, and answers SERVFAIL for one whose file is missing. Below:
// real/server.ts.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { decode, encode } from "dns-packet";
import { freeEndpoint } from "../host/ports.ts";
import { PATIENCE_MS } from "../host/until.ts";
import type { Endpoint } from "../real/probe.ts";
import { Daemon } from "../real/server.ts";

/** A zone as lines `NAME TTL TYPE DATA`, names relative to it. */
export type Zones = Readonly<Record<string, readonly string[]>>;

/** A zone that is configured and has no file: SERVFAIL. */
export const BROKEN = "broken.test";
/** How long it may be believed that a name does not exist, s. */
export const NEGATIVE_TTL = 5;

const ADDRESS = "127.0.0.53";
const REPEAT_MS = 50;
/** So many answers with the new serial, and no old server is left. */
const ANSWERS_IN_A_ROW = 4;

export class Nsd extends Daemon {
  readonly #names: readonly string[];
  #serial = 0;

  private constructor(endpoint: Endpoint, zones: Zones) {
    super(endpoint);
    this.#names = Object.keys(zones);
    this.#write(zones);
    writeFileSync(join(this.directory, "nsd.conf"), this.#config());
  }

  static async open(zones: Zones): Promise<Nsd> {
    const nsd = new Nsd(await freeEndpoint(ADDRESS), zones);
    await nsd.start();
    return nsd;
  }

  /** Writes these zones anew, and returns when they are served: for a moment the old and the new server both answer. */
  async change(zones: Zones): Promise<void> {
    this.#write(zones);
    this.tell("SIGHUP");
    const [name = ""] = Object.keys(zones);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (let seen = 0; seen < ANSWERS_IN_A_ROW; ) {
      seen = (await this.#servedSerial(name, 1000)) === this.#serial ? seen + 1 : 0;
      if (signal.aborted) throw new Error(`${name} was not loaded:\n${this.log()}`);
      await sleep(REPEAT_MS);
    }
  }

  protected override async serves(timeoutMs: number): Promise<boolean> {
    return (await this.#servedSerial(this.#names[0] ?? "", timeoutMs)) === this.#serial;
  }

  protected override commandLine(): readonly string[] {
    return ["nsd", "-d", "-c", join(this.directory, "nsd.conf")];
  }

  #write(zones: Zones): void {
    this.#serial += 1;
    for (const [name, lines] of Object.entries(zones)) {
      const head = [
        `$ORIGIN ${name}.`,
        `@ 60 SOA ns root ${this.#serial} 60 60 60 ${NEGATIVE_TTL}`,
        "@ 60 NS ns",
        `ns 60 A ${ADDRESS}`,
      ];
      writeFileSync(join(this.directory, `${name}.zone`), `${[...head, ...lines].join("\n")}\n`);
    }
  }

  #config(): string {
    const { address, port } = this.endpoint;
    const own = (path: string): string => JSON.stringify(join(this.directory, path));
    const zones = [...this.#names, BROKEN].flatMap((name) => [
      "zone:",
      `  name: ${name}`,
      `  zonefile: ${own(`${name}.zone`)}`,
    ]);
    return [
      "server:",
      ...["  server-count: 1", `  ip-address: ${address}@${port}`, "  do-ip6: no", "  round-robin: no"],
      "  rrl-ratelimit: 0", // more than 200 questions a second look like an attack to it,
      ...[
        '  username: ""',
        '  chroot: ""',
        '  database: ""',
        `  pidfile: ${own("pid")}`,
        `  zonesdir: ${own("")}`,
      ],
      ...[`  zonelistfile: ${own("list")}`, `  xfrdfile: ${own("xfrd")}`, `  xfrdir: ${own("")}`],
      ...["remote-control:", "  control-enable: no"],
      ...zones,
      "",
    ].join("\n");
  }

  /** The serial of a zone as it is served now; undefined when nobody answers in time. */
  async #servedSerial(name: string, timeoutMs: number): Promise<number | undefined> {
    const socket = createSocket("udp4");
    socket.on("error", () => {}); // a refused port is a silence too
    const ask = () =>
      socket.send(
        encode({ id: 1, questions: [{ name, type: "SOA" }] }),
        this.endpoint.port,
        this.endpoint.address,
      );
    const repeats = setInterval(ask, REPEAT_MS);
    ask();
    try {
      const [bytes] = await once(socket, "message", { signal: AbortSignal.timeout(timeoutMs) });
      const [soa] = decode(bytes).answers ?? [];
      return soa?.type === "SOA" ? soa.data.serial : undefined;
    } catch {
      return undefined;
    } finally {
      clearInterval(repeats);
      socket.close();
    }
  }
}
