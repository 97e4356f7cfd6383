// Which boot of the machine this is, and the moment in it: what times are compared by that outlive the process.
//
// Above: owner.ts, bindings.ts.
import { readFileSync } from "node:fs";
import { uptime } from "node:os";
import type { Stamp } from "../../pbx/directory/elapsed.ts";

/** Drawn by Linux at each boot; "" elsewhere. random(4). */
export function bootName(): string {
  return textOf("/proc/sys/kernel/random/boot_id").trim();
}

export function stampNow(): Stamp {
  return { wallMs: Date.now(), uptimeMs: Math.round(uptime() * 1000), boot: bootName() };
}

/** "" when the file cannot be read. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
