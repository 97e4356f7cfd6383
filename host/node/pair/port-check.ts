// Whether a port could be listened on: opened, nothing on it heard, closed at once.
//
// No listener is given to the sockets, so what arrives is dropped by the system or closed with the port; none of it is
// ever read. Below: error.ts, address.ts. Above: whoever starts a node; host/pbx/readiness decides what it means.
import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { type Endpoint, writeEndpoint } from "../address.ts";
import { codeOf } from "../error.ts";

/** A port as it is listened on; TLS is TCP here. */
export interface Port extends Endpoint {
  readonly transport: "udp" | "tcp" | "tls";
}

/**
 * Opens and closes each port in turn.
 * @param during runs while a port is open; tests look at the port then
 * @returns why the first one that does not open does not, with the way out; undefined: all of them do
 */
export async function checkPorts(
  ports: readonly Port[],
  during: (port: Port) => Promise<void> = async () => {},
): Promise<string | undefined> {
  for (const port of ports) {
    const why = await checkPort(port, during);
    if (why !== undefined) return why;
  }
  return undefined;
}

async function checkPort(port: Port, during: (port: Port) => Promise<void>): Promise<string | undefined> {
  try {
    const opened = await (port.transport === "udp" ? openDatagrams(port) : openStream(port));
    await during(port);
    await opened.close();
    return undefined;
  } catch (error) {
    return `${writeEndpoint(port)} over ${port.transport} cannot be opened: ${wayOut(codeOf(error))}`;
  }
}

interface Opened {
  close(): Promise<void>;
}

async function openDatagrams({ address, port }: Port): Promise<Opened> {
  const socket: DatagramSocket = createSocket(address.includes(":") ? "udp6" : "udp4");
  socket.bind({ address, port, exclusive: true });
  await once(socket, "listening");
  return { close: () => closed(socket) };
}

/** A connection that the system has taken meanwhile is reset unread. */
async function openStream({ address, port }: Port): Promise<Opened> {
  const server: Server = createServer({ pauseOnConnect: true }, (socket) => socket.resetAndDestroy());
  server.listen({ host: address, port, exclusive: true });
  await once(server, "listening");
  return { close: () => closed(server) };
}

async function closed(port: DatagramSocket | Server): Promise<void> {
  const end = once(port, "close");
  port.close();
  await end;
}

function wayOut(code: string): string {
  const ways: Readonly<Record<string, string>> = {
    EADDRINUSE: "another program holds it; end that one, or give this node another port",
    EACCES: "this user may not; choose a port above 1023, or give the right CAP_NET_BIND_SERVICE",
    EADDRNOTAVAIL: "this machine has no such address; correct the address of this node",
  };
  return `${code}${code in ways ? `: ${ways[code]}` : ""}`;
}
