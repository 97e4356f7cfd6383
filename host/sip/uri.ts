// SIP URIs as a registrar compares them. RFC 3261 §19.1.1, §19.1.4.
//
// Knows URIs only: no message, no table, no I/O. Above: host/regevent, host/pbx.

/** A parsed `sip:` or `sips:` URI; what may be escaped is kept unescaped. */
export interface SipUri {
  readonly scheme: string;
  readonly user: string;
  readonly password: string;
  /** Lower case, IPv6 with its brackets. */
  readonly host: string;
  /** 0: none was written. It is then not equal to 5060. */
  readonly port: number;
  /** Names in lower case; a parameter without a value has "". */
  readonly params: ReadonlyMap<string, string>;
  readonly headers: ReadonlyMap<string, string>;
}

const SHAPE = /^(sips?):(?:([^@]*)@)?(\[[0-9a-f:.]+\]|[^:;?[\]@]+)(?::(\d{1,5}))?((?:;[^?]*)?)(?:\?(.*))?$/i;

/** Parameters that never match when only one of the two URIs has them. RFC 3261 §19.1.4. */
const MUST_APPEAR_IN_BOTH = ["user", "ttl", "method", "maddr", "transport"];

/** Reads one URI. undefined: no SIP URI, or a broken one. */
export function readUri(text: string): SipUri | undefined {
  const found = SHAPE.exec(text.trim());
  if (found === null) return undefined;
  const [, scheme = "", userInfo = "", host = "", port = "0", params = "", headers = ""] = found;
  if (Number(port) > 65535) return undefined;
  const colon = userInfo.indexOf(":");
  return {
    scheme: scheme.toLowerCase(),
    user: unescaped(colon < 0 ? userInfo : userInfo.slice(0, colon)),
    password: colon < 0 ? "" : unescaped(userInfo.slice(colon + 1)),
    host: host.toLowerCase(),
    port: Number(port),
    params: pairs(params, ";"),
    headers: pairs(headers, "&"),
  };
}

/** Whether both name the same thing. RFC 3261 §19.1.4: not transitive, and stricter than it looks. */
export function sameUri(a: SipUri, b: SipUri): boolean {
  return (
    a.scheme === b.scheme &&
    a.user === b.user &&
    a.password === b.password &&
    a.host === b.host &&
    a.port === b.port &&
    sameParams(a.params, b.params) &&
    sameHeaders(a.headers, b.headers)
  );
}

function sameParams(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  if (MUST_APPEAR_IN_BOTH.some((name) => a.has(name) !== b.has(name))) return false;
  for (const [name, value] of a) {
    const other = b.get(name);
    if (other !== undefined && other.toLowerCase() !== value.toLowerCase()) return false;
  }
  return true;
}

/** Headers are never ignored: each has to be in both. */
function sameHeaders(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  if (a.size !== b.size) return false;
  for (const [name, value] of a) if (b.get(name) !== value) return false;
  return true;
}

function pairs(text: string, separator: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const part of text.split(separator)) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = equals < 0 ? part : part.slice(0, equals);
    found.set(unescaped(name).toLowerCase(), equals < 0 ? "" : unescaped(part.slice(equals + 1)));
  }
  return found;
}

/** `%HH` stands for its character; what is no escape stays as it is. */
function unescaped(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
