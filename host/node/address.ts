// Addresses as text: brackets, IPv4 inside IPv6, and what is the same as what.
import { isIP, SocketAddress } from "node:net";

/** An address (no brackets, never a name) and a port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/**
 * An address in the one form that can be compared: no brackets, IPv6 shortened (RFC 5952), an IPv4
 * address written as IPv6 (RFC 4291 §2.5.5.2) as IPv4. What is no address stays as it is.
 */
export function plainAddress(text: string): string {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  if (isIP(bare) !== 6) return bare;
  const [address = bare, zone] = bare.split("%");
  const short = new SocketAddress({ address, family: "ipv6" }).address;
  if (zone !== undefined) return `${short}%${zone}`;
  return short.startsWith("::ffff:") && short.includes(".") ? short.slice(7) : short;
}

/** "address:port", IPv6 in brackets and without its zone, which means nothing to anybody else. */
export function writeEndpoint(endpoint: Endpoint): string {
  const address = endpoint.address.replace(/%.*$/, "");
  return address.includes(":") ? `[${address}]:${endpoint.port}` : `${address}:${endpoint.port}`;
}

export function sameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && a.address.toLowerCase() === b.address.toLowerCase();
}
