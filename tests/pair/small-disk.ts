// A file system of 1 MiB under the data folder of a node: a tmpfs in a mount namespace, which only that process sees.
//
// Below: unshare(1), mount(8), proc(5). Above: full-disk.test.ts.

import { execFileSync } from "node:child_process";
import { closeSync, openSync, rmSync, statSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import { EVENT_LOG } from "../../host/node/pair/event-log.ts";
import type { Ground } from "../real/ground.ts";
import type { PairNode } from "./two-nodes.ts";

const MAKE = `mount -t tmpfs -o size=1m,mode=700 standfast /mnt && cp -a "$1/." /mnt && mount --move /mnt "$1"`;

/** Words before the program of a node: what is in its data folder is copied to the small disk first. */
export function onSmallDisk(folder: string): Ground {
  return ["unshare", "--mount", "sh", "-c", `${MAKE} && shift && exec "$@"`, "sh", folder];
}

/** Why there can be none here; false: there can. */
export function whyNoSmallDisk(): string | false {
  try {
    execFileSync("unshare", ["--mount", "mount", "-t", "tmpfs", "standfast", "/mnt"], { stdio: "pipe" });
    return false;
  } catch (error) {
    return `net: no right to mount: ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`;
  }
}

/** The small disk of a node that runs. */
export class SmallDisk {
  /** Its data folder, as others see it. */
  readonly folder: string;
  readonly #ballast: string;

  constructor({ pid, dataFolder }: PairNode) {
    this.folder = join(`/proc/${pid}/root`, dataFolder);
    this.#ballast = join(this.folder, "ballast");
  }

  /** Until the kernel says ENOSPC to one byte more. In the event log there is room for the beginning of a line. */
  fill(): void {
    for (const size of [65_536, 4096, 1]) append(this.#ballast, size);
    const log = join(this.folder, EVENT_LOG);
    append(log, 1);
    truncateSync(log, statSync(log).size - 40);
  }

  free(): void {
    rmSync(this.#ballast);
  }
}

/** Empty lines, until there is no room for another piece. */
function append(path: string, size: number): void {
  const file = openSync(path, "a");
  try {
    for (;;) writeSync(file, "\n".repeat(size));
  } catch (error) {
    if ((error as { code?: string }).code !== "ENOSPC") throw error;
  } finally {
    closeSync(file);
  }
}
