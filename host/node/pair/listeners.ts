// The SIP ports of a node: UDP, TCP and TLS, opened together or not at all.
//
// Below: pbx-listen.ts. Above: node.ts.
import type { Way } from "../../pbx/pair/server.ts";
import type { PairSettings } from "../../pbx/pair/settings.ts";
import { codeOf, HostError } from "../error.ts";
import { type Heard, type Identity, type Listener, listenStream, listenUdp } from "../pbx-listen.ts";
import type { Visitors } from "../visitors.ts";
import type { Port } from "./port-check.ts";

export interface ListenersOptions {
  readonly settings: PairSettings;
  readonly identity: Identity;
  readonly onHeard: (heard: Heard, way: Way) => void;
  /** Over TCP and TLS together. */
  readonly visitors: Visitors;
}

/** The SIP ports that are configured. */
export function sipPorts({ address, ports }: PairSettings): readonly (Port & { readonly transport: Way })[] {
  const ways: readonly Way[] = ["udp", "tcp", "tls"];
  return ways.flatMap((way) => (ports[way] === 0 ? [] : [{ address, port: ports[way], transport: way }]));
}

/** @throws HostError "port": one of them is taken; then none is open */
export async function listen(options: ListenersOptions): Promise<readonly Listener[]> {
  const { settings, identity, onHeard, visitors } = options;
  const opened: Listener[] = [];
  for (const { address, port, transport } of sipPorts(settings)) {
    const where = { address, port, visitors, onHeard: (heard: Heard) => onHeard(heard, transport) };
    try {
      opened.push(
        transport === "udp" ? await listenUdp(where) : await listenStream(where, transport, { identity }),
      );
    } catch (error) {
      for (const one of opened) one.close();
      const what = `${transport}Port = ${port} on ${address} cannot be opened: ${CAUSES[codeOf(error)] ?? codeOf(error)}`;
      throw new HostError("port", what);
    }
  }
  return opened;
}

const CAUSES: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program has it; stop that one, or choose another port",
  EADDRNOTAVAIL: "this machine has no such address; set address to one of its own",
  EACCES: "this user may not open it; choose a port from 1024 on, or give the right",
};
