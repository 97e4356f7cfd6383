// Opens one connection to a server, TCP or TLS, and says how that went.
//
// How long it may take is not decided here: the core gives up, and then calls it off. Below: tls.ts.
// Above: flows.ts.
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Endpoint } from "./address.ts";
import { codeOf } from "./error.ts";
import { type Security, type TlsFailure, tlsFailure, tlsOptions, tlsRemark } from "./tls.ts";

export interface Opening {
  readonly to: Endpoint;
  /** undefined: TCP. */
  readonly security: Security | undefined;
  /** Connected, and over TLS verified. The socket is the caller's from now on. */
  readonly onUp: (socket: Socket) => void;
  readonly onFailure: (failure: OpeningFailure, remark: string) => void;
}

/** refused: nobody there, or no way there. The others: it is there, and the handshake failed. */
export type OpeningFailure = "refused" | TlsFailure;

/**
 * Exactly one of the two callbacks comes, later, unless it is called off before.
 * @returns what calls it off
 */
export function open({ to, security, onUp, onFailure }: Opening): () => void {
  const where = { host: to.address, port: to.port, noDelay: true };
  const socket = security ? connectTls({ ...where, ...tlsOptions(security) }) : connectTcp(where);
  const upEvent = security ? "secureConnect" : "connect";
  let isConnected = false;
  socket.once("connect", () => {
    isConnected = true;
  });
  const up = (): void => {
    socket.off("error", fail);
    onUp(socket);
  };
  const fail = (error: Error): void => {
    socket.off(upEvent, up).destroy();
    if (security && isConnected) {
      const failure = tlsFailure(codeOf(error));
      onFailure(failure, tlsRemark(failure, security.host, error, new Date()));
    } else onFailure("refused", refusal(to, codeOf(error)));
  };
  socket.once(upEvent, up).once("error", fail);
  return () => {
    socket.off(upEvent, up).off("error", fail);
    socket.on("error", () => {}).destroy();
  };
}

const REFUSALS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "there is no way to that network",
  ETIMEDOUT: "nobody answers",
};

function refusal({ address, port }: Endpoint, code: string): string {
  return `no connection to ${address} port ${port}: ${REFUSALS[code] ?? code}`;
}
