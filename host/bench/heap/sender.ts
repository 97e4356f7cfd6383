// The other end of the wire, in a thread of its own so that the measured heap is the listener's alone.
//
// It is the phone's server until the phone is in service, and then sends datagrams no faster than they are heard.
// Below: host/pbx. Above: child.ts.

import { createSocket } from "node:dgram";
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { Registrar } from "../../pbx/registrar.ts";

/** What the listener's thread asks for. */
export interface Order {
  readonly port: number;
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** What it is told: the port of the server, and that all was heard. */
export type News = { readonly kind: "open"; readonly port: number } | { readonly kind: "heard" };

/** Datagrams on their way at most: a fraction of what a socket buffers by default. */
const WINDOW = 32;
/** Nothing is heard for so long: a datagram is lost. */
const PATIENCE_MS = 5_000;

export function serve(): void {
  const port = parentPort;
  if (port === null) throw new Error("the sender is a thread of another program");
  const heard: Int32Array = workerData;
  const socket = createSocket("udp4");
  const registrar = new Registrar({
    realm: "example.test",
    accounts: [{ user: "6000", account: "6000", secret: { kind: "password", password: "secret" } }],
  });
  socket.on("message", (bytes, from) => {
    for (const { to, bytes: answer } of registrar.handle(bytes, from, performance.now())) {
      socket.send(answer, to.port, to.address);
    }
  });
  const tell = (news: News): void => port.postMessage(news);
  port.on("message", async (order: Order) => {
    const before = Atomics.load(heard, 0);
    for (let sent = 0; sent < order.count; sent++) {
      await heardBy(heard, before + sent - WINDOW);
      socket.send(order.bytes, order.port, "127.0.0.1");
    }
    await heardBy(heard, before + order.count);
    tell({ kind: "heard" });
  });
  socket.bind(0, "127.0.0.1", () => tell({ kind: "open", port: socket.address().port }));
}

/** Waits until so many are heard. @throws Error when none is heard any more */
async function heardBy(heard: Int32Array, wanted: number): Promise<void> {
  let last = -1;
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs++) {
    const count = Atomics.load(heard, 0);
    if (count >= wanted) return;
    if (count !== last) waitedMs = 0;
    last = count;
    await sleep(1);
  }
  throw new Error(`${wanted - last} datagrams were lost`);
}
