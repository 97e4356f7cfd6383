// Where the commands of this machine reach a node that runs: a socket in its data folder, for its owner alone.
//
// The store belongs to one process, so an edit is asked of that one. A line of JSON in, a line of JSON out. Below:
// host/pbx/directory. Above: node.ts; host/cli/pair-objects.ts asks.
import { once } from "node:events";
import { rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Directory } from "../../pbx/directory/directory.ts";
import { type Edit, readEdit } from "../../pbx/directory/edit.ts";
import type { Licences } from "../../pbx/directory/licences.ts";
import { codeOf, HostError } from "../error.ts";

export type Order = { readonly order: "edit"; readonly edits: readonly Edit[] } | { readonly order: "show" };

/** What a node, or the store of one that does not run, says to an order. */
export type OrderAnswer =
  | {
      readonly kind: "done";
      readonly changes: number;
      readonly version: number;
      readonly licences: Licences;
      readonly objects: readonly {
        readonly user: string;
        readonly account: string;
        readonly display?: string;
      }[];
    }
  | { readonly kind: "refused"; readonly why: string };

export interface Control {
  close(): Promise<void>;
}

const NAME = "control";
/** Longest path of such a socket on any system we run on. unix(7). */
const PATH_MAX = 100;

function pathIn(folder: string): string {
  return join(folder, NAME);
}

/** @throws HostError "control" */
export async function openControl(folder: string, directory: Directory): Promise<Control> {
  const path = pathIn(folder);
  if (path.length > PATH_MAX)
    throw new HostError(
      "control",
      `the path of dataFolder is too long (${folder}); choose one of up to 90 characters`,
    );
  rmSync(path, { force: true }); // left by one that was killed: the folder is ours
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    createInterface({ input: socket }).on("line", (line) => {
      socket.end(`${JSON.stringify(carryOut(line, directory))}\n`);
    });
  });
  const before = process.umask(0o077);
  server.listen(path);
  try {
    await once(server, "listening");
  } catch (error) {
    throw new HostError(
      "control",
      `${path} cannot be opened (${codeOf(error)}); is the folder on a local disk?`,
    );
  } finally {
    process.umask(before);
  }
  return {
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

function carryOut(line: string, directory: Directory): OrderAnswer {
  try {
    const { order, edits } = Object(JSON.parse(line));
    if (order === "show") return answerTo({ order }, directory);
    if (order !== "edit" || !Array.isArray(edits)) return { kind: "refused", why: "no such order" };
    const read = edits.map(readEdit);
    const wrong = read.find((edit) => typeof edit === "string");
    if (wrong !== undefined) return { kind: "refused", why: String(wrong) };
    return answerTo({ order, edits: read as readonly Edit[] }, directory);
  } catch (error) {
    return { kind: "refused", why: (error as Error).message };
  }
}

/** Carries an order out on a directory that is at hand. */
export function answerTo(order: Order, directory: Directory): OrderAnswer {
  try {
    const changes = order.order === "edit" ? directory.edit(order.edits) : 0;
    const objects = Array.from(directory.objects(), ({ user, account, display }) => ({
      user,
      account,
      ...(display !== undefined && { display }),
    }));
    return { kind: "done", changes, version: directory.version, licences: directory.licences, objects };
  } catch (error) {
    return { kind: "refused", why: (error as Error).message };
  }
}

/** Asks the node that runs on that folder; undefined: none does. */
export async function askNode(folder: string, order: Order): Promise<OrderAnswer | undefined> {
  const socket = connect(pathIn(folder));
  try {
    await once(socket, "connect");
  } catch {
    return undefined;
  }
  socket.write(`${JSON.stringify(order)}\n`);
  for await (const line of createInterface({ input: socket })) {
    socket.destroy();
    return JSON.parse(line);
  }
  return undefined;
}
