// A small PBX service on a real socket, which can be killed, frozen and started again: for tests, and to try a session.
//
// Below: host/session/soap/pbx.ts, which answers. Above: host/cli/session-serve.ts, tests.
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { type PbxAnswer, type PbxOptions, SoapPbx } from "../../session/soap/pbx.ts";
import { after, monotonicMs } from "../clock.ts";
import { codeOf, HostError } from "../error.ts";

export interface PbxServiceOptions extends PbxOptions {
  /** PEM of its certificate and key; undefined: HTTP without TLS. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Of 127.0.0.1; 0: any free one. */
  readonly port: number;
  /** How long a poll stays open when nothing happens, ms. */
  readonly pollMs: number;
  /** Sees what arrives, decrypted. */
  readonly onBytes?: (piece: Buffer) => void;
}

/** A request is no longer than this, bytes. */
const REQUEST_MAX = 65_536;

interface Held {
  readonly session: string;
  readonly reply: ServerResponse;
  readonly forget: () => void;
}

export class PbxService {
  readonly pbx: SoapPbx;
  /** It answers this much later, ms. */
  delayMs = 0;
  /** true: it takes connections and says nothing, as a frozen process. */
  isFrozen = false;
  readonly #options: PbxServiceOptions;
  readonly #sockets = new Set<Socket>();
  readonly #held = new Set<Held>();
  #server: Server | undefined;
  #port: number;

  constructor(options: PbxServiceOptions) {
    this.#options = options;
    this.#port = options.port;
    this.pbx = new SoapPbx(options);
  }

  get port(): number {
    return this.#port;
  }

  /**
   * Listens on 127.0.0.1, after the first time on the same port again.
   * @throws HostError "listen": the port is not free
   */
  async start(): Promise<void> {
    const { tls, onBytes } = this.#options;
    const onRequest = (asked: IncomingMessage, reply: ServerResponse) => void this.#take(asked, reply);
    const server =
      tls === undefined
        ? createServer(onRequest)
        : createSecureServer({ cert: tls.certificate, key: tls.key }, onRequest);
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    if (onBytes)
      server.on(tls ? "secureConnection" : "connection", (socket: Socket) => socket.on("data", onBytes));
    server.listen({ host: "127.0.0.1", port: this.#port, exclusive: true });
    try {
      await once(server, "listening");
    } catch (error) {
      throw new HostError(
        "listen",
        `127.0.0.1, port ${this.#port}: ${codeOf(error)}; free it, or configure another port`,
      );
    }
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  /** As a process that is killed: its connections break, and it forgets what it knew. */
  async kill(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    for (const { forget } of this.#held) forget();
    this.#held.clear();
    const closed = once(server, "close");
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    this.pbx.forget();
  }

  /** Sets the state of a user, and answers the polls that wait for it; undefined: the user is gone. */
  set(user: string, state: string | undefined): void {
    this.pbx.set(user, state);
    for (const held of [...this.#held]) this.#answerPoll(held);
  }

  async #take(asked: IncomingMessage, reply: ServerResponse): Promise<void> {
    const body = await bodyOf(asked).catch(() => undefined);
    if (body === undefined) return void asked.socket.destroy();
    if (this.isFrozen) return;
    after(this.delayMs, () => this.#answer(asked, reply, body));
  }

  #answer(asked: IncomingMessage, reply: ServerResponse, body: string): void {
    const { authorization } = asked.headers;
    const answer = this.pbx.handle(
      {
        method: asked.method ?? "",
        path: asked.url ?? "",
        credentials: authorization === undefined ? [] : [authorization],
        body,
      },
      monotonicMs(),
    );
    if (answer.kind === "answer") send(reply, answer);
    else this.#hold(answer.session, reply);
  }

  #hold(session: string, reply: ServerResponse): void {
    const held: Held = {
      session,
      reply,
      forget: after(this.#options.pollMs, () => this.#answerPoll(held)),
    };
    this.#held.add(held);
    reply.on("close", () => this.#let(held));
    if (this.pbx.hasNews(session)) this.#answerPoll(held);
  }

  #answerPoll(held: Held): void {
    this.#let(held);
    if (!this.isFrozen) send(held.reply, this.pbx.news(held.session));
  }

  #let(held: Held): void {
    held.forget();
    this.#held.delete(held);
  }
}

async function bodyOf(asked: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of asked) {
    length += piece.length;
    if (length > REQUEST_MAX) throw new RangeError("too long");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

function send(reply: ServerResponse, { status, headers, body }: PbxAnswer): void {
  for (const [name, value] of headers) reply.appendHeader(name, value);
  reply.writeHead(status).end(body);
}
