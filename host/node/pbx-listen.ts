// Where a server of ours hears and answers: one UDP socket, or the connections of a TCP or TLS port.
//
// An answer goes back on the connection that the request came on (RFC 3261 §18.2.2). What a server does wrong with its
// connections is a `Conduct`, which may change at any time and counts for what comes next. Below: stream.ts.
// Above: pair/listeners.ts, the servers of tests.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { unitLength } from "../sip/framing.ts";
import { type Endpoint, plainAddress, writeEndpoint } from "./address.ts";
import { Stream } from "./stream.ts";
import { letIn, type Visit, type Visitors } from "./visitors.ts";

/** What shows who a server is, as PEM. */
export interface Identity {
  readonly key: string;
  readonly certificate: string;
}

/** Two of them from a phone ask whether the connection lives; one answers. RFC 5626 §4.4.1. */
const CRLF = Buffer.from("\r\n");

/** What a server does with its connections; all that is wrong is for the servers of tests. */
export interface Conduct {
  /** What it shows over TLS; undefined: nothing, so that no handshake ends. */
  identity: Identity | undefined;
  /** Accepts connections, and never says a word of TLS. */
  stallsHandshake?: boolean;
  /** Closes each connection after its first answer. */
  hangsUp?: boolean;
  /** Whether it answers no keepalive either. */
  readonly isSilent?: () => boolean;
}

export interface Heard {
  readonly bytes: Uint8Array;
  readonly from: Endpoint;
  readonly answer: (bytes: Uint8Array, to: Endpoint) => void;
  /** Whoever sent it has proven who it is: its connection is kept. */
  readonly prove: () => void;
}

export interface Listener {
  readonly port: number;
  /** Sends what answers nothing; over TCP and TLS on the connection from there, if it stands. */
  send(bytes: Uint8Array, to: Endpoint): void;
  /** Closes the port and every connection. */
  close(): void;
}

export interface Listening {
  readonly address: string;
  /** 0: any free one. */
  readonly port: number;
  readonly onHeard: (heard: Heard) => void;
  /** Who may be connected; undefined: everybody, for ever. */
  readonly visitors?: Visitors;
}

const NOTHING = (): void => {};

export async function listenUdp({ address, port, onHeard }: Listening): Promise<Listener> {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  socket.bind({ address, port, exclusive: true });
  await once(socket, "listening");
  // An answer to a phone that has gone is refused too; that is nobody's trouble here.
  socket.on("error", () => {});
  const answer = (bytes: Uint8Array, to: Endpoint): void => {
    if (isOpen) socket.send(bytes, to.port, to.address);
  };
  let isOpen = true;
  socket.on("message", (bytes, from) =>
    onHeard({ bytes, from: endpointOf(from.address, from.port), answer, prove: NOTHING }),
  );
  return {
    port: socket.address().port,
    send: answer,
    close: () => {
      isOpen = false;
      socket.close();
    },
  };
}

/** @param security "tls": what `conduct.identity` says at the moment is shown */
export async function listenStream(
  { address, port, onHeard, visitors }: Listening,
  security: "tcp" | "tls",
  conduct: Conduct,
): Promise<Listener> {
  const sockets = new Set<Socket>();
  const streams = new Map<string, Stream>();
  const visits = new Map<string, Visit>();
  const converse = (socket: Socket): void => {
    const from = endpointOf(socket.remoteAddress ?? "", socket.remotePort ?? 0);
    const answer = (bytes: Uint8Array): void => {
      stream.send(bytes);
      if (conduct.hangsUp) socket.destroySoon();
    };
    const visit = visits.get(writeEndpoint(from));
    const prove = (): void => visit?.prove();
    let pings = 0;
    const onUnit = (bytes: Uint8Array): void => {
      visit?.heard();
      pings = bytes.length === CRLF.length ? pings + 1 : 0;
      if (pings === 0) onHeard({ bytes, from, answer, prove });
      else if (pings % 2 === 0 && !conduct.isSilent?.()) stream.send(CRLF);
    };
    const stream = new Stream(socket, {
      frame: unitLength,
      onUnit,
      onEnd: () => streams.delete(writeEndpoint(from)),
    });
    socket.on("data", () => visit?.reading(stream.isMidway)); // behind the stream's own
    streams.set(writeEndpoint(from), stream);
  };
  const secure = createTlsServer({ minVersion: "TLSv1.2" }, converse);
  secure.on("tlsClientError", () => {});
  /** Whether there is room for it. */
  const admit = (socket: Socket): boolean => {
    const visit = visitors && letIn(visitors, socket);
    if (visit === undefined) return visitors === undefined;
    const place = writeEndpoint(endpointOf(socket.remoteAddress ?? "", socket.remotePort ?? 0));
    visits.set(place, visit);
    socket.on("close", () => visits.delete(place));
    return true;
  };
  const server = createServer((socket) => {
    if (!admit(socket)) return;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
    if (security === "tcp") return converse(socket);
    if (conduct.stallsHandshake || !conduct.identity) return;
    secure.setSecureContext({ key: conduct.identity.key, cert: conduct.identity.certificate });
    secure.emit("connection", socket);
  });
  server.listen({ host: address, port, exclusive: true });
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    send: (bytes, to) => streams.get(writeEndpoint(to))?.send(bytes),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function endpointOf(address: string, port: number): Endpoint {
  return { address: plainAddress(address), port };
}
