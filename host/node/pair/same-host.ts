// Whether an address is one of this machine: then the partner runs here too, and may hold the ports rightly.
//
// Below: node:os. Above: node.ts.
import { BlockList, isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";
import { plainAddress } from "../address.ts";

/** All of 127.0.0.0/8 is this machine, though only its first address is listed. RFC 1122 §3.2.1.3, RFC 4291 §2.5.3. */
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** @param address an IP address, never a name */
export function isOfThisMachine(address: string): boolean {
  const plain = plainAddress(address);
  if (LOOPBACK.check(plain, isIPv6(plain) ? "ipv6" : "ipv4")) return true;
  const own = Object.values(networkInterfaces()).flat();
  return own.some((entry) => entry !== undefined && plainAddress(entry.address) === plain);
}
