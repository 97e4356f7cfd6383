// Ports that nobody has, and that the system gives to nobody who does not ask for them: those below its own range.
// ip(7), ip_local_port_range.
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

/** The first of so many in a row, free over UDP and TCP. */
export async function freePorts(count = 1): Promise<number> {
  const first = randomInt(15_000, 32_000);
  for (let port = first; port < first + count; port++) {
    if (!(await isFree(port))) return freePorts(count);
  }
  return first;
}

async function isFree(port: number): Promise<boolean> {
  const udp = createSocket("udp4");
  const tcp = createServer();
  const bound = [once(udp, "listening"), once(tcp, "listening")];
  udp.bind({ port, exclusive: true });
  tcp.listen({ port, exclusive: true });
  const results = await Promise.allSettled(bound);
  udp.close();
  tcp.close();
  return results.every(({ status }) => status === "fulfilled");
}
