// The pages of a node over HTTP: /status, /health, /ready, /metrics. They are read, and change nothing.
//
// There is no password and no TLS: bound to this machine unless the operator says otherwise, and a reverse proxy stands
// before it then. Below: metrics.ts, pbx/status.ts. Above: node.ts.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type NodeStatus, PAGES, pageAt } from "../../pbx/status.ts";
import { codeOf, HostError } from "../error.ts";
import { letIn, type Visitors } from "../visitors.ts";
import { httpDoor } from "./doors.ts";
import { metricsOf } from "./metrics.ts";

export interface HttpOptions {
  readonly address: string;
  /** 0: any free one. */
  readonly port: number;
  /** Asked once for each request. */
  readonly status: () => NodeStatus;
  /** Left out: room of its own. */
  readonly visitors?: Visitors;
}

export interface Http {
  readonly port: number;
  close(): Promise<void>;
}

/** A reader takes a moment; whoever takes longer is closed. */
const PATIENCE_MS = 5000;

/** @throws HostError "http": it cannot be listened on */
export async function openHttp({ address, port, status, visitors = httpDoor() }: HttpOptions): Promise<Http> {
  const server = createServer(
    { requestTimeout: PATIENCE_MS, connectionsCheckingInterval: 1000 },
    (asked, reply) => {
      answer(asked, reply, status).catch((error) => say(reply, 500, { error: String(error) }));
    },
  );
  server.on("connection", (socket: Socket) => letIn(visitors, socket));
  server.headersTimeout = PATIENCE_MS;
  server.listen({ host: address, port, exclusive: true });
  try {
    await once(server, "listening");
  } catch (error) {
    const remedy = "free it, or give httpAddress and httpPort that are this machine's";
    throw new HostError("http", `HTTP on ${address}, port ${port}: ${codeOf(error)}; ${remedy}`);
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function answer(
  asked: IncomingMessage,
  reply: ServerResponse,
  status: () => NodeStatus,
): Promise<void> {
  asked.resume();
  const [path = ""] = (asked.url ?? "").split("?");
  if (asked.method !== "GET" && asked.method !== "HEAD") {
    reply.setHeader("allow", "GET, HEAD");
    say(reply, 405, { error: "these pages are read only", pages: PAGES });
  } else if (path === "/metrics") {
    const { type, text } = await metricsOf(status());
    reply.setHeader("content-type", type);
    reply.end(text);
  } else {
    const { code, body } = pageAt(path, status());
    say(reply, code, body);
  }
}

/** As JSON that people can read too. What is true now is not true later, so nobody keeps it. */
function say(reply: ServerResponse, code: number, body: unknown): void {
  reply.writeHead(code, { "content-type": "application/json", "cache-control": "no-store" });
  reply.end(`${JSON.stringify(body, null, 2)}\n`);
}
