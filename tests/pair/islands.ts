// Two offices with a cable between them: the master and some phones here, the standby and the other phones there.
//
//     198.51.100.5 master --+                                    +-- standby 203.0.113.5
//                           here 10.0.0.1 == cable == 10.0.0.2 there
//     192.168.1.2 phones  --+                                    +-- phones  192.168.2.2
//
// Each machine is a network namespace, each office a router. When the cable is cut everybody is still well and reaches
// whoever is in the same office. Below: ../network/namespace.ts. Above: the tests of partitions.

import type { TestContext } from "node:test";
import { Namespace } from "../network/namespace.ts";

/** Addresses for documents, RFC 5737, and of private networks; the router of each has the first one beside it. */
const ADDRESSES = {
  master: "198.51.100.5",
  standby: "203.0.113.5",
  phonesHere: "192.168.1.2",
  phonesThere: "192.168.2.2",
};
type Machine = keyof typeof ADDRESSES;
const NAMES = Object.keys(ADDRESSES) as readonly Machine[];

const CABLE = { here: "10.0.0.1", there: "10.0.0.2" };

export class Islands {
  readonly machines: Readonly<Record<Machine, Namespace>>;
  readonly addresses = ADDRESSES;
  readonly #here: Namespace;

  private constructor(machines: Readonly<Record<Machine, Namespace>>, here: Namespace) {
    this.machines = machines;
    this.#here = here;
  }

  /** They go with the test. */
  static async make(context: TestContext): Promise<Islands> {
    const made: Namespace[] = [];
    context.after(() => Promise.all(made.map((one) => one.remove())));
    const make = async (role: string): Promise<Namespace> => {
      const one = await Namespace.make(role);
      made.push(one);
      return one;
    };
    const [here, there] = [await make("here"), await make("there")];
    const machines = Object.fromEntries(
      await Promise.all(NAMES.map(async (name) => [name, await make(name)] as const)),
    ) as Record<Machine, Namespace>;
    for (const name of NAMES) {
      const office = name === "master" || name === "phonesHere" ? here : there;
      const gateway = ADDRESSES[name].replace(/\d+$/, "1");
      await cable([machines[name], "wire", ADDRESSES[name]], [office, `to-${name.toLowerCase()}`, gateway]);
      await machines[name].ip(`route add default via ${gateway}`);
    }
    await cable([here, "cable", CABLE.here], [there, "cable", CABLE.there]);
    for (const office of [here, there]) await office.set("ipv4/ip_forward", 1);
    await here.ip(`route add default via ${CABLE.there}`);
    await there.ip(`route add default via ${CABLE.here}`);
    return new Islands(machines, here);
  }

  /** Pulls the cable between the offices, or puts it in again; a route goes with its device. */
  async plug(isIn: boolean): Promise<void> {
    await this.#here.ip(`link set cable ${isIn ? "up" : "down"}`);
    if (isIn) await this.#here.ip(`route replace default via ${CABLE.there}`);
  }
}

type End = readonly [machine: Namespace, device: string, address: string];

/** Both ends are made in their namespaces, never here. */
async function cable([one, device, address]: End, [other, otherDevice, otherAddress]: End): Promise<void> {
  await one.ip(`link add ${device} type veth peer name ${otherDevice} netns ${other.name}`);
  await one.ip(`address add ${address}/24 dev ${device}`);
  await one.ip(`link set ${device} up`);
  await other.ip(`address add ${otherAddress}/24 dev ${otherDevice}`);
  await other.ip(`link set ${otherDevice} up`);
}
