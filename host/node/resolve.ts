// Names to addresses. A literal address passes through; a name is asked of the system (hosts file and
// DNS, A and AAAA), and of what it says the first address is taken that this machine has a way to.
import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { type Endpoint, plainAddress } from "./address.ts";
import { HostError } from "./error.ts";

/** Every address of a name, in the order of preference. */
export type Lookup = (name: string) => Promise<readonly string[]>;

/**
 * The address of `host`.
 * @throws HostError "unresolved" when the name has no address
 */
export async function resolveHost(host: string, port: number, ask: Lookup = systemLookup): Promise<Endpoint> {
  const literal = plainAddress(host);
  if (isIP(literal) !== 0) return { address: literal, port };
  const addresses = await ask(host).catch((error: NodeJS.ErrnoException) => {
    throw unresolved(host, error.code ?? String(error));
  });
  const endpoints = addresses.map((address) => ({ address: plainAddress(address), port }));
  for (const endpoint of endpoints) {
    if (await hasRoute(endpoint)) return endpoint;
  }
  const [first] = endpoints;
  if (!first) throw unresolved(host, "no address");
  return first;
}

async function systemLookup(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true, verbatim: true });
  return found.map((entry) => entry.address);
}

function unresolved(host: string, code: string): HostError {
  const why = code === "EAI_AGAIN" ? "the name server does not answer" : code;
  return new HostError(
    "unresolved",
    `${host}: no address found (${why}); check the name and the name server, or write the address itself`,
  );
}

/** Whether the system has a route there. Connecting a UDP socket sends nothing. */
function hasRoute(to: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(isIP(to.address) === 6 ? "udp6" : "udp4");
    const answer = (good: boolean): void => {
      socket.close();
      resolve(good);
    };
    socket.connect(to.port, to.address, (error?: Error) => answer(!error));
  });
}
