// Who this device is: the secret seed of one boot, and a name that stays the same over boots.
import { createHash, randomBytes } from "node:crypto";
import { hostname, networkInterfaces } from "node:os";

/** 32 bytes of the system's randomness; everything unguessable in a boot comes from them. */
export function bootSeed(): Uint8Array {
  return randomBytes(32);
}

/**
 * A stable name of this device on this local port: 8 hex digits.
 * Two phones on one machine differ by their port; the same phone keeps its name over restarts.
 */
export function deviceName(localPort: number): string {
  const text = `${hardwareName()}:${localPort}`;
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** The lowest hardware address of the machine, or its host name when it shows none. */
function hardwareName(): string {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((entry) => !entry.internal && entry.mac !== "00:00:00:00:00:00")
    .map((entry) => entry.mac)
    .sort();
  return addresses[0] ?? hostname();
}
