// Measures one listener in a process of its own: `node --expose-gc CHILD.mjs bare|refused|handedBack COUNT`.
//
// The young generation is large enough for everything (heap.ts sets it), so that nothing is collected between two
// looks at the heap and each object is counted once. The last line on stdout is the result, as JSON.
// The same file is the sender's thread. Above: ../heap.ts.

import { once } from "node:events";
import { PerformanceObserver, performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isMainThread, Worker } from "node:worker_threads";
import { bytesOf, INVITE, STRAY_ANSWER } from "../messages.ts";
import { type Listener, listenBare, listenWithPhone } from "./listener.ts";
import { type News, type Order, serve } from "./sender.ts";

export type Who = "bare" | "refused" | "handedBack";

export interface HeapFigures {
  readonly who: Who;
  readonly datagrams: number;
  /** Of one datagram. */
  readonly heapBytes: number;
  /** Outside of the JavaScript heap: the bytes of the datagrams themselves. */
  readonly externalBytes: number;
  /** Has to be 0. */
  readonly collections: number;
}

/** Until V8 has compiled what listens; compiled code lies on the heap too. */
const WARM_UP_PART = 0.5;

if (isMainThread) await main(process.argv[2] as Who, Number(process.argv[3]));
else serve();

async function main(who: Who, datagrams: number): Promise<void> {
  const heard = new Int32Array(new SharedArrayBuffer(4));
  const sender = new Worker(fileURLToPath(import.meta.url), { workerData: heard });
  sender.once("error", (error) => {
    console.error(error);
    process.exit(1);
  });
  const opened = await next(sender);
  if (opened.kind !== "open") throw new Error(opened.kind);
  const listener = await (who === "bare" ? listenBare(heard) : listenWithPhone(heard, opened.port));
  const bytes = bytesOf(who === "handedBack" ? INVITE : STRAY_ANSWER);
  const send = (count: number): Promise<News> => {
    sender.postMessage({ port: listener.port, bytes, count } satisfies Order);
    return next(sender);
  };
  await send(Math.ceil(datagrams * WARM_UP_PART));
  const figures = await measure(() => send(datagrams));
  console.log(JSON.stringify({ who, datagrams, ...perDatagram(figures, datagrams) } satisfies HeapFigures));
  end(listener, sender);
}

async function next(sender: Worker): Promise<News> {
  const [news] = await once(sender, "message");
  return news;
}

type Totals = { readonly heap: number; readonly external: number; readonly collections: number };

async function measure(work: () => Promise<unknown>): Promise<Totals> {
  collect();
  const startedAt = performance.now();
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().filter((entry) => entry.startTime >= startedAt).length;
  });
  observer.observe({ entryTypes: ["gc"] });
  const before = process.memoryUsage();
  await work();
  const after = process.memoryUsage();
  await sleep(20); // entries of collections come later than the collections
  observer.disconnect();
  return {
    heap: after.heapUsed - before.heapUsed,
    external: after.arrayBuffers - before.arrayBuffers,
    collections,
  };
}

function collect(): void {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("start it with --expose-gc");
  gc();
  gc();
}

function perDatagram({ heap, external, collections }: Totals, datagrams: number) {
  return { heapBytes: heap / datagrams, externalBytes: external / datagrams, collections };
}

function end(listener: Listener, sender: Worker): void {
  listener.close();
  void sender.terminate();
}
