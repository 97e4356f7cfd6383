// Whom a limit counts as one. Above: pair/server.ts, host/node.

/**
 * An IPv4 address as it is; of an IPv6 address its /64, as one house has at least so much of it (RFC 6177).
 * @param address without brackets, shortened or not
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = (address.split("%")[0] ?? "").split("::");
  const left = head.split(":");
  if (tail === undefined || left.length >= 4) return `${left.slice(0, 4).join(":")}::/64`;
  const right = tail.split(":");
  const missing = Array.from({ length: 8 - left.length - right.length }, () => "0");
  const groups = [...(head === "" ? ["0"] : left), ...missing, ...right];
  return `${groups.slice(0, 4).join(":")}::/64`;
}
