// The stage of a run in a network: the phone behind a router that translates, and behind that two
// servers, each at the end of a cable of its own. Every run has one, with the same addresses.
//
//     phone 192.168.1.2 -- 192.168.1.1 router 198.51.100.1 -- 198.51.100.5 primary
//                                             203.0.113.1 -- 203.0.113.5 backup
//
// The capture stands at the phone. Below: real/, namespace.ts, router.ts. Above: the runs.

import assert from "node:assert/strict";
import { Capture } from "../real/capture.ts";
import { Kamailio, type Rules } from "../real/kamailio.ts";
import type { Binding } from "../real/location.ts";
import type { SipPacket } from "../real/sip.ts";
import { filesOf, type Parts, SLACK_MS, Stage, type StagePlan } from "../real/stage.ts";
import { Namespace } from "./namespace.ts";
import { Router, type Side } from "./router.ts";

export type TownPlan = StagePlan & {
  /** Over TLS: who the servers say they are, PEM; signed by the authority of `tlsCaFile`. */
  readonly identity?: Rules["identity"];
};

/** Addresses for documents: RFC 5737. */
export const PRIMARY = "198.51.100.5";
export const BACKUP = "203.0.113.5";
const PHONE_DEVICE = "phone";
/** A request that did not come in by then was lost. */
const LOST_MS = 2_000;
export const FOLDER = "network";

type Machines = Readonly<Record<"phone" | "router" | Side, Namespace>>;

export class Town extends Stage<TownPlan> {
  declare readonly primary: Kamailio;
  declare readonly backup: Kamailio;
  declare readonly capture: Capture;
  readonly router: Router;
  readonly machines: Machines;

  private constructor(plan: TownPlan, parts: Parts, machines: Machines, router: Router) {
    super(
      plan,
      parts,
      parts.servers.map(({ endpoint }) => endpoint),
    );
    this.router = router;
    this.machines = machines;
  }

  /** Runs `play` in a town with both servers up; nothing of it is left afterwards. */
  static async with<Result>(plan: TownPlan, play: (town: Town) => Promise<Result>): Promise<Result> {
    const files = filesOf(FOLDER, plan.name);
    const machines = await machinesOf();
    const { phone } = machines;
    const servers = [
      serverOf(plan, PRIMARY, machines.primary),
      serverOf(plan, BACKUP, machines.backup),
    ] as const;
    let router: Router | undefined;
    try {
      router = await connect(machines);
      const wire = { ground: phone.ground, device: PHONE_DEVICE };
      const capture = await Capture.open(
        servers.map(({ endpoint }) => endpoint),
        `${files}.pcap`,
        wire,
      );
      const town = new Town(plan, { servers, capture, files, ground: phone.ground }, machines, router);
      return await town.play(() => play(town));
    } finally {
      router?.close();
      await Promise.all(servers.map((server) => server.remove()));
      await Promise.all(Object.values(machines).map((machine) => machine.remove()));
    }
  }

  /** Pulls the plug of a server's cable, or puts it in again. */
  async plug(side: Side, isIn: boolean): Promise<void> {
    await this.machines[side].ip(`link set wire ${isIn ? "up" : "down"}`);
  }

  /** Lets the primary send a request to the contact it knows; it comes in. */
  async isReached(): Promise<void> {
    const [binding] = await this.primary.table();
    assert.ok(binding !== undefined, "the primary has no binding");
    await this.#asked(binding, SLACK_MS);
  }

  /** Lets the primary send a request to that contact; it does not come in. */
  async isLost(binding: Binding | undefined): Promise<void> {
    assert.ok(binding !== undefined, "the primary had no binding");
    const comesIn = this.#asked(binding, LOST_MS);
    await assert.rejects(
      comesIn,
      /not within/,
      "the old mapping still lets requests in: the run proved nothing",
    );
  }

  async #asked(binding: Binding, withinMs: number): Promise<void> {
    const since = Date.now();
    await this.primary.ask("OPTIONS", binding);
    const comesIn = ({ atMs, method, status, from }: SipPacket) =>
      atMs >= since && method === "OPTIONS" && status === 0 && from.address === PRIMARY;
    await this.capture.sip.until(comesIn, withinMs, "a request to the contact");
  }

  /** Where the primary sees the phone. */
  async publicAddress(): Promise<string> {
    const mapping = await this.router.mappingTo(PRIMARY);
    if (mapping === undefined) throw new Error("the router has no mapping to the primary");
    return mapping;
  }
}

function serverOf(
  { transport = "udp", identity }: TownPlan,
  address: string,
  { ground }: Namespace,
): Kamailio {
  const endpoint = { address, port: transport === "tls" ? 5061 : 5060 };
  return new Kamailio(endpoint, { transport, ...(identity && { identity }) }, ground);
}

async function machinesOf(): Promise<Machines> {
  const [phone, router, primary, backup] = await Promise.all([
    Namespace.make("phone"),
    Namespace.make("router"),
    Namespace.make("primary"),
    Namespace.make("backup"),
  ]);
  return { phone, router, primary, backup };
}

async function connect({ phone, router, primary, backup }: Machines): Promise<Router> {
  await cable(phone, PHONE_DEVICE, "192.168.1.2", router, "inside", "192.168.1.1");
  await cable(primary, "wire", PRIMARY, router, "primary", "198.51.100.1");
  await cable(backup, "wire", BACKUP, router, "backup", "203.0.113.1");
  await phone.ip("route add default via 192.168.1.1");
  return await Router.start(router);
}

/** Both ends are made in their namespaces, never here. */
async function cable(
  one: Namespace,
  device: string,
  address: string,
  other: Namespace,
  otherDevice: string,
  otherAddress: string,
): Promise<void> {
  await one.ip(`link add ${device} type veth peer name ${otherDevice} netns ${other.name}`);
  await one.ip(`address add ${address}/24 dev ${device}`);
  await one.ip(`link set ${device} up`);
  await other.ip(`address add ${otherAddress}/24 dev ${otherDevice}`);
  await other.ip(`link set ${otherDevice} up`);
}
