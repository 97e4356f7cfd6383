// Is a SIP server there? One raw OPTIONS after another from a socket of our own, until one is
// answered. Shares no code with the product, so that a mistake there cannot hide here.

import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";

export type Endpoint = { readonly address: string; readonly port: number };

const REPEAT_MS = 20;

export function endpointText({ address, port }: Endpoint): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}

/** True as soon as `endpoint` answers an OPTIONS; false after `timeoutMs` of silence. */
export async function isAnswering(endpoint: Endpoint, timeoutMs: number): Promise<boolean> {
  const isSix = isIPv6(endpoint.address);
  const socket = createSocket(isSix ? "udp6" : "udp4");
  socket.on("error", () => {}); // a refused port is a silence too
  socket.bind(0, isSix ? "::1" : "127.0.0.1");
  await once(socket, "listening");
  const ask = () => socket.send(options(endpoint, socket.address().port), endpoint.port, endpoint.address);
  const repeats = setInterval(ask, REPEAT_MS);
  ask();
  try {
    await once(socket, "message", { signal: AbortSignal.timeout(timeoutMs) });
    return true;
  } catch {
    return false;
  } finally {
    clearInterval(repeats);
    socket.close();
  }
}

/** RFC 3261 §11.1. */
function options(endpoint: Endpoint, localPort: number): string {
  const id = randomBytes(6).toString("hex");
  const local = isIPv6(endpoint.address) ? `[::1]:${localPort}` : `127.0.0.1:${localPort}`;
  return [
    `OPTIONS sip:${endpointText(endpoint)} SIP/2.0`,
    `Via: SIP/2.0/UDP ${local};rport;branch=z9hG4bK${id}`,
    "Max-Forwards: 70",
    `From: <sip:probe@test.invalid>;tag=${id}`,
    "To: <sip:probe@test.invalid>",
    `Call-ID: ${id}`,
    "CSeq: 1 OPTIONS",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}
