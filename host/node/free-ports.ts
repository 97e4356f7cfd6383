// Ports of this machine that nobody has at the moment, for a demonstration or a test that starts programs.
//
// Above: host/cli/stage.ts, tests.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

/** So many ports that are free over UDP and TCP alike, all different. */
export async function freePorts(count: number, address = "127.0.0.1"): Promise<readonly number[]> {
  const found = new Map<number, () => void>();
  while (found.size < count) {
    const [port, close] = await freePort(address);
    if (port > 0) found.set(port, close);
  }
  for (const close of found.values()) close();
  return [...found.keys()];
}

/** One that stays taken until it is closed; 0: what was free over TCP is not over UDP. */
async function freePort(address: string): Promise<readonly [port: number, close: () => void]> {
  const server = createServer().listen(0, address);
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  const close = (): void => {
    server.close();
    socket.close();
  };
  socket.bind({ port, address, exclusive: true });
  try {
    await once(socket, "listening");
    return [port, close];
  } catch {
    close();
    return [0, () => {}];
  }
}
