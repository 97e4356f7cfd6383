// One HTTP request to one server, with its time limit and its certificate. Nothing is followed, nothing is repeated.
//
// A redirection is an answer as any other: whoever followed it would carry one server's request to another host. Below:
// tls.ts, error.ts. Above: soap-driver.ts.
import { type Agent as HttpAgent, type IncomingMessage, Agent as PlainAgent, request } from "node:http";
import { request as requestSecure, Agent as SecureAgent } from "node:https";
import { codeOf } from "../error.ts";
import { type Security, type TlsFailure, tlsFailure, tlsOptions, tlsRemark } from "../tls.ts";

/** Where the requests go. */
export interface HttpPlace {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** undefined: HTTP without TLS. */
  readonly security: Security | undefined;
}

export interface HttpReply {
  readonly kind: "reply";
  readonly status: number;
  /** Names in lower case. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: string;
}

export interface HttpFailure {
  readonly kind: "failure";
  readonly cause: "refused" | "unreachable" | "tls" | "garbled";
  readonly text: string;
}

/** The connection of one call: a request, and one more if the first was challenged. */
export class HttpCall {
  readonly #place: HttpPlace;
  readonly #agent: HttpAgent;
  readonly #signal: AbortSignal;
  readonly #bodyMax: number;

  /** @param bodyMax bytes of an answer; a longer one is garbled */
  constructor(place: HttpPlace, signal: AbortSignal, bodyMax: number) {
    const one = { keepAlive: true, maxSockets: 1 };
    this.#place = place;
    this.#agent =
      place.security === undefined
        ? new PlainAgent(one)
        : new SecureAgent({ ...one, ...tlsOptions(place.security) });
    this.#signal = signal;
    this.#bodyMax = bodyMax;
  }

  post(
    headers: readonly (readonly [name: string, value: string])[],
    body: string,
  ): Promise<HttpReply | HttpFailure> {
    const { host, port, path, security } = this.#place;
    const start = security === undefined ? request : requestSecure;
    const sent = Buffer.from(body);
    return new Promise((resolve) => {
      const asked = start(
        {
          host,
          port,
          path,
          method: "POST",
          agent: this.#agent,
          signal: this.#signal,
          headers: { ...Object.fromEntries(headers), "content-length": sent.length },
        },
        (reply) => resolve(this.#read(reply)),
      );
      asked.on("error", (error) => resolve(this.#failure(error)));
      asked.end(sent);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  async #read(reply: IncomingMessage): Promise<HttpReply | HttpFailure> {
    const pieces: Buffer[] = [];
    let length = 0;
    try {
      for await (const piece of reply) {
        length += piece.length;
        if (length > this.#bodyMax)
          return { kind: "failure", cause: "garbled", text: "its answer is too long" };
        pieces.push(piece);
      }
    } catch (error) {
      return this.#failure(error as Error);
    }
    // A body that ends with its connection ends for Node with our giving up too.
    if (this.#signal.aborted) return this.#failure(this.#signal.reason);
    const headers = Object.entries(reply.headersDistinct).flatMap(([name, values]) =>
      (values ?? []).map((value) => ({ name, value })),
    );
    return { kind: "reply", status: reply.statusCode ?? 0, headers, body: Buffer.concat(pieces).toString() };
  }

  #failure(error: Error): HttpFailure {
    const code = codeOf(error);
    if (code === "ECONNREFUSED") return { kind: "failure", cause: "refused", text: "nobody listens there" };
    if (NO_HTTP.test(code)) return { kind: "failure", cause: "garbled", text: `it speaks no HTTP (${code})` };
    const failure = this.#place.security === undefined ? "tls" : tlsFailure(code);
    const isTls = failure !== "tls" || TLS_CODES.test(code);
    if (isTls) return { kind: "failure", cause: "tls", text: this.#tlsText(failure, error) };
    return { kind: "failure", cause: "unreachable", text: `the connection failed (${code})` };
  }

  #tlsText(failure: TlsFailure, error: Error): string {
    return tlsRemark(failure, this.#place.host, error, new Date());
  }
}

/** What Node's reader of HTTP says; headers without end among it. */
const NO_HTTP = /^HPE_/;
/** What Node says of a handshake that failed, and of a server that speaks no TLS. */
const TLS_CODES = /^(ERR_SSL|ERR_TLS|EPROTO)/;
