// Who this device is: the secret seed of one boot, and a name that stays the same over boots.
import { createHash, randomBytes } from "node:crypto";
import { hostname, networkInterfaces } from "node:os";

/** 32 bytes of the system's randomness; everything unguessable in a boot comes from them. */
export function bootSeed(): Uint8Array {
  return randomBytes(32);
}

/** That many bytes of the system's randomness, as hex digits. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}

/**
 * A stable name of this device on this local port: 8 hex digits.
 * Two phones on one machine differ by their port; the same phone keeps its name over restarts.
 */
export function deviceName(localPort: number): string {
  const text = `${hardwareName()}:${localPort}`;
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

/** This machine, in a form that tells nothing about it: 16 hex digits. */
export function machineName(): string {
  return createHash("sha256").update(hardwareName()).digest("hex").slice(0, 16);
}

/**
 * The lowest hardware address of the machine, or its host name when it shows none. Addresses that software has given
 * come last: they change from boot to boot.
 */
function hardwareName(): string {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((entry) => !entry.internal && entry.mac !== "00:00:00:00:00:00")
    .map((entry) => entry.mac)
    .sort();
  return addresses.find((mac) => !isGiven(mac)) ?? addresses[0] ?? hostname();
}

/** IEEE 802c: the second lowest bit of the first octet says "locally administered". */
function isGiven(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 2) !== 0;
}
