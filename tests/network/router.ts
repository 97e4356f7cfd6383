// The router between the phone and its servers: a NAT that may forget, time out, alternate or change its
// address, and a filter that may swallow or refuse. RFC 4787 §4; nft(8), conntrack(8).
//
// Below: namespace.ts. Above: town.ts, faults.ts.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { ENVIRONMENT } from "../real/environment.ts";
import type { Namespace } from "./namespace.ts";

/** Its devices towards the servers are called as these are. */
export type Side = "primary" | "backup";

/**
 * Each new mapping gets another port. A connection is not picked up in its middle: what the NAT has
 * forgotten it does not let through.
 */
const RULES = `
table ip standfast {
  chain faults {
    type filter hook forward priority filter;
  }
  chain impostor {
    type nat hook prerouting priority dstnat;
  }
  chain forgotten {
    type filter hook forward priority filter + 1;
    ct state invalid drop
  }
  chain translation {
    type nat hook postrouting priority srcnat;
    oifname { "primary", "backup" } masquerade fully-random
  }
}`;

const IMPOSTOR_PORT = 7000;
const SLOW_PORT = 7001;

export class Router {
  readonly namespace: Namespace;
  readonly #helpers: ChildProcess[] = [];

  private constructor(namespace: Namespace) {
    this.namespace = namespace;
  }

  static async start(namespace: Namespace): Promise<Router> {
    const router = new Router(namespace);
    await namespace.set("ipv4/ip_forward", 1);
    await router.nft(RULES);
    await namespace.set("netfilter/nf_conntrack_tcp_loose", 0);
    return router;
  }

  /** Takes rules into its filter, one a line. */
  async nft(rules: string): Promise<void> {
    await this.namespace.run("nft", rules);
  }

  /** Lets a rule take effect on what it forwards, such as `ip daddr 192.0.2.1 drop`. */
  async strike(...rules: string[]): Promise<void> {
    for (const rule of rules) await this.nft(`add rule ip standfast faults ${rule}`);
  }

  /** Takes new connections to `address` itself, and never says a word on them. */
  async impersonate(address: string): Promise<void> {
    const listener = `require("node:net").createServer(() => {}).listen(${IMPOSTOR_PORT}, () => console.log("ready"))`;
    await this.#run("-e", listener);
    await this.nft(
      `add rule ip standfast impostor ip daddr ${address} tcp dport != 0 redirect to :${IMPOSTOR_PORT}`,
    );
  }

  /** From now on everything to and from `address` goes a slow way. */
  async slowDown(address: string, port: number, delayMs: number): Promise<void> {
    await this.#run("tests/network/slow.mjs", SLOW_PORT, address, port, delayMs);
    await this.nft(
      `add rule ip standfast impostor ip daddr ${address} udp dport ${port} redirect to :${SLOW_PORT}`,
    );
    await this.nft(
      `add rule ip standfast impostor ip daddr ${address} tcp dport ${port} redirect to :${SLOW_PORT}`,
    );
  }

  /** Runs a script that prints something when it is ready, until the healing. */
  async #run(...script: readonly (string | number)[]): Promise<void> {
    const [program = "", ...words] = [
      ...this.namespace.ground,
      "setpriv",
      "--pdeathsig",
      "KILL",
      process.execPath,
    ];
    const child = spawn(program, [...words, ...script.map(String)], {
      env: ENVIRONMENT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#helpers.push(child);
    if (child.stdout !== null) await once(child.stdout, "data");
  }

  /** Forwards everything again. */
  async heal(): Promise<void> {
    await this.nft("flush chain ip standfast faults; flush chain ip standfast impostor");
    this.close();
  }

  /** Forgets the mappings to `address`: what comes from inside next gets another port, what comes from outside is lost. */
  async forget(address: string): Promise<void> {
    await this.namespace.run("conntrack", "-D", "-d", address);
  }

  /** A mapping over UDP that nobody uses for this long is forgotten. */
  async forgetAfter(seconds: number): Promise<void> {
    await this.namespace.set("netfilter/nf_conntrack_udp_timeout", seconds);
    await this.namespace.set("netfilter/nf_conntrack_udp_timeout_stream", seconds);
  }

  /** Gives its device towards that server another address, such as 192.0.2.9/24; mappings die with the old one. */
  async renumber(side: Side, address: string): Promise<void> {
    await this.namespace.ip(`address flush dev ${side}`);
    await this.namespace.ip(`address add ${address} dev ${side}`);
  }

  /** Drops what it keeps for machines that it cannot find just now. */
  async giveUp(side: Side): Promise<void> {
    await this.namespace.ip(`neighbour flush dev ${side}`);
  }

  /** Translates without memory: each packet from the phone's `port` to the primary leaves by the next port. */
  async alternate(port: number): Promise<void> {
    await this.nft(alternation(port));
  }

  /** Ends what runs here. */
  close(): void {
    for (const helper of this.#helpers) helper.kill("SIGKILL");
  }

  /** Where a server at `address` sees the phone now, "address:port"; undefined: there is no mapping. */
  async mappingTo(address: string): Promise<string | undefined> {
    const table = await this.namespace.run("conntrack", "-L", "-d", address);
    const [, host, port] =
      / src=\S+ dst=\S+ .* src=\S+ dst=(\S+) sport=506[01] dport=(\d+)/.exec(table) ?? [];
    return host === undefined ? undefined : `${host}:${port}`;
  }
}

/** Untracked packets pass the translation above untouched. */
function alternation(port: number): string {
  const ports = Array.from({ length: 10 }, (_, index) => `${index} : ${40_000 + index}`).join(", ");
  return `
table ip alternation {
  chain incoming {
    type filter hook prerouting priority raw;
    iifname "inside" ip daddr 198.51.100.5 udp sport ${port} notrack
    iifname "primary" udp dport 40000-40009 notrack ip daddr set 192.168.1.2 udp dport set ${port}
  }
  chain outgoing {
    type filter hook postrouting priority srcnat + 1;
    oifname "primary" udp sport ${port} ip saddr set 198.51.100.1 udp sport set numgen inc mod 10 map { ${ports} }
  }
}`;
}
