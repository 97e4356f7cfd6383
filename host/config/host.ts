// Names and addresses of servers as people write them.

/** Where a server is, as an option of the command line gives it. */
export interface HostPort {
  readonly host: string;
  /** Absent: the default port. */
  readonly port?: string;
}

/** True for a host name, an IPv4 address, or an IPv6 address with or without brackets. */
export function isHost(text: string): boolean {
  const bare = withoutBrackets(text);
  if (bare.includes(":")) return URL.canParse(`http://[${bare.replace(/%[\w.-]+$/, "")}]/`);
  if (bare !== text) return false;
  const labels = bare.replace(/\.$/, "").split(".");
  if (!labels.every((label) => /^[\w]([\w-]*\w)?$/.test(label))) return false;
  const isNumeric = /^\d+$/.test(labels.at(-1) ?? "");
  return !isNumeric || (labels.length === 4 && labels.every(isOctet));
}

function isOctet(label: string): boolean {
  return /^\d{1,3}$/.test(label) && Number(label) <= 255;
}

/** True for an IPv4 address, or an IPv6 address with or without brackets; never for a name. */
export function isAddress(text: string): boolean {
  return isHost(text) && (text.includes(":") || /^[\d.]*\d$/.test(text));
}

/** True for `ADDRESS` or `ADDRESS:PORT`; IPv6 with a port stands in brackets. */
export function isNameServer(text: string): boolean {
  const { host, port = "53" } = splitHostPort(text);
  return isAddress(host) && isPort(port);
}

/** True for 1..65535 in digits. */
export function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

/** An IPv6 address without its brackets; anything else as it is. */
export function withoutBrackets(text: string): string {
  return text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
}

/** The one form in which two spellings of a host are equal. */
export function comparable(host: string): string {
  const bare = withoutBrackets(host).toLowerCase();
  if (!bare.includes(":")) return bare.replace(/\.$/, "");
  const [address = bare, zone = ""] = bare.split("%");
  return `${new URL(`http://[${address}]/`).hostname}%${zone}`;
}

/** Splits `HOST[:PORT]`; the brackets of `[2001:db8::1]:5070` keep the address apart from the port. */
export function splitHostPort(text: string): HostPort {
  const found = /^(\[[^\]]*\]|[^:]*):([^:]*)$/.exec(text);
  if (found === null) return { host: text };
  return { host: found[1] ?? "", port: found[2] ?? "" };
}
