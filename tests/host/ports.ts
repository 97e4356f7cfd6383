// Ports for the servers of tests: nobody else takes them, neither before their server is up nor while it is down.
//
// They lie below those that the system gives to clients: ip(7), ip_local_port_range. Each process of tests has a block of
// its own, and keeps it by listening at a port that stands for it, for as long as it lives.

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import type { Endpoint } from "../../host/node/address.ts";

const FIRST = 10_000;
const BLOCK = 200;
const BLOCKS = 100;
/** One for each block, behind them all. */
const FIRST_LOCK = FIRST + BLOCKS * BLOCK;

let block: Promise<number> | undefined;
let taken = 0;

/** @returns the first of `count` ports in a row, free over UDP and TCP */
export async function freePorts(count = 1): Promise<number> {
  block ??= takeBlock();
  const start = await block;
  for (;;) {
    if (taken + count > BLOCK) taken = 0; // those of the first tests are free again
    const first = start + taken;
    taken += count;
    const ports = Array.from({ length: count }, (_, index) => first + index);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
  }
}

/** A place where nobody listens. */
export async function freeEndpoint(address: string): Promise<Endpoint> {
  return { address, port: await freePorts() };
}

async function takeBlock(): Promise<number> {
  for (let tried = 0; tried < BLOCKS; tried += 1) {
    const index = (process.pid + tried) % BLOCKS;
    const lock = await listening(FIRST_LOCK + index);
    lock?.unref();
    if (lock !== undefined) return FIRST + BLOCK * index;
  }
  throw new Error(`${BLOCKS} files of tests hold ports already`);
}

async function isFree(port: number): Promise<boolean> {
  const server = await listening(port);
  const socket = createSocket("udp4");
  try {
    socket.bind({ port, exclusive: true });
    await once(socket, "listening");
    return server !== undefined;
  } catch {
    return false;
  } finally {
    socket.close();
    if (server !== undefined) await once(server.close(), "close");
  }
}

/** @returns undefined where somebody else listens */
async function listening(port: number): Promise<Server | undefined> {
  const server = createServer().listen({ port, exclusive: true });
  return await once(server, "listening").then(
    () => server,
    () => undefined,
  );
}
