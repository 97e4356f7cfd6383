// The stage of a run on loopback. Every run has addresses of its own, so that runs may go side by side.
//
// Below: real/, sipp.ts, nat.ts. Above: the runs.

import { freeEndpoint } from "../host/ports.ts";
import { Capture } from "../real/capture.ts";
import { Kamailio, type Rules } from "../real/kamailio.ts";
import { type Endpoint, endpointText } from "../real/probe.ts";
import type { Server } from "../real/server.ts";
import { filesOf, type Parts, Stage, type StagePlan } from "../real/stage.ts";
import { Nat } from "./nat.ts";
import type { Script } from "./script.ts";
import { Sipp } from "./sipp.ts";

export type Plan = StagePlan & {
  /** A script: SIPp, which may name `{backup1}`; else a Kamailio. */
  readonly primary?: Rules | Script | RulesAt;
  readonly backup?: Rules | RulesAt;
  readonly onIpv6?: boolean;
  /** The phone reaches the primary through a NAT, which can be cut. */
  readonly behindNat?: boolean;
};

/** Rules that have to know where the server is: its certificate does. */
type RulesAt = (at: Endpoint) => Promise<Rules>;

const FOLDER = "real-servers";

export class Bench extends Stage<Plan> {
  readonly #nat: Nat | undefined;

  private constructor(plan: Plan, parts: Parts, nat: Nat | undefined) {
    const [primary, backup] = parts.servers;
    super(plan, parts, [nat?.inner ?? primary.endpoint, backup.endpoint]);
    this.#nat = nat;
  }

  /** Runs `play` on a bench with both servers up; nothing of it is left afterwards. */
  static async with<Result>(plan: Plan, play: (bench: Bench) => Promise<Result>): Promise<Result> {
    const files = filesOf(FOLDER, plan.name);
    const [first, second, third] = await endpoints(plan.onIpv6 ?? false);
    const primary = await settled(plan.primary, first);
    const servers = [
      primaryOf(primary, first, second),
      new Kamailio(second, await settled(plan.backup, second)),
    ] as const;
    const nat = plan.behindNat ? await Nat.open(third, first) : undefined;
    try {
      const capture = await Capture.open([nat?.inner ?? first, second], `${files}.pcap`);
      const bench = new Bench(plan, { servers, capture, files }, nat);
      return await bench.play(() => play(bench));
    } finally {
      nat?.close();
      await Promise.all(servers.map((server) => server.remove()));
    }
  }

  /** What is between the phone and its primary. */
  get nat(): Nat {
    if (this.#nat === undefined) throw new Error(`${this.plan.name}: no NAT in the plan`);
    return this.#nat;
  }
}

async function settled<Known>(
  rules: Known | ((at: Endpoint) => Promise<Rules>) | undefined,
  at: Endpoint,
): Promise<Known | Rules | undefined> {
  return typeof rules === "function" ? await (rules as RulesAt)(at) : rules;
}

function primaryOf(primary: Rules | Script | undefined, at: Endpoint, backup: Endpoint): Server {
  if (primary === undefined || !("register" in primary)) return new Kamailio(at, primary);
  return new Sipp(at, primary, { backup1: endpointText(backup) });
}

let opened = 0;

/** Three that no other run, and no other test process, has at this time. */
async function endpoints(onIpv6: boolean): Promise<readonly [Endpoint, Endpoint, Endpoint]> {
  if (onIpv6) return [await freeEndpoint("::1"), await freeEndpoint("::1"), await freeEndpoint("::1")];
  const rest = `${(process.pid >> 8) & 255}.${process.pid & 255}`;
  const at = (index: number) => ({ address: `127.${3 * opened + index}.${rest}`, port: 5060 });
  opened += 1;
  return [at(0), at(1), at(2)];
}
