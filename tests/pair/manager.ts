// A service manager that writes down what it hears: a real datagram socket of the local kind.
//
// It is Python's: Node has none, and socat keeps the descriptor that tells systemd-notify that its words were read.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { temporaryFolder } from "../host/folder.ts";
import { Running } from "../host/running.ts";

/** A line for each datagram, quoted as Python does it. */
const MANAGER = `
import socket, sys
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind(sys.argv[1])
while True: print(manager.recv(4096), flush=True)
`;

export interface Manager {
  readonly path: string;
  /** All that it heard, when this is among it. */
  heardUntil(words: string): Promise<string[]>;
}

export async function openManager(context: TestContext): Promise<Manager> {
  const path = join(temporaryFolder(), "notify");
  const manager = new Running("python3", ["-c", MANAGER, path]);
  context.after(() => manager.child.kill());
  await manager.until(() => existsSync(path));
  return {
    path,
    heardUntil: async (words) => {
      await manager.until(({ stdout }) => stdout.includes(`${words}'\n`));
      return manager.stdout.split("\n").filter((line) => line !== "" && !line.includes("BARRIER"));
    },
  };
}
