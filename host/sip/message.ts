// Messages read, answers written: as much of SIP as the host and the embedded registrar need. RFC 3261
// §7, §8.2.6, §18.2.
//
// It is written apart from the reader and the writer of the core on purpose: one checks the other.
// Bytes are carried as Latin-1 text, one character a byte, so that what is echoed is echoed exactly.
// Above: host/regevent, host/pbx.

/** Where a datagram came from or goes to. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface SipMessage {
  /** In the order of arrival, names in lower case and in their long form, folds undone. */
  readonly headers: readonly Header[];
  /** What follows the empty line, at most Content-Length. */
  readonly body: string;
}

export interface SipRequest extends SipMessage {
  readonly method: string;
  readonly uri: string;
}

export interface SipAnswer extends SipMessage {
  readonly status: number;
}

export interface Header {
  readonly name: string;
  readonly value: string;
}

/** RFC 3261 §7.3.3, and those of later RFCs that a registrar may meet. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  v: "via",
  f: "from",
  t: "to",
  i: "call-id",
  m: "contact",
  l: "content-length",
  c: "content-type",
  s: "subject",
  k: "supported",
  e: "content-encoding",
  o: "event",
  u: "allow-events",
};

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  301: "Moved Permanently",
  302: "Moved Temporarily",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  407: "Proxy Authentication Required",
  408: "Request Timeout",
  415: "Unsupported Media Type",
  423: "Interval Too Brief",
  481: "Call/Transaction Does Not Exist",
  483: "Too Many Hops",
  489: "Bad Event",
  500: "Server Internal Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Server Time-out",
  513: "Message Too Large",
  603: "Decline",
};

/** Reads one request. undefined: not a request, or nothing that could be answered. */
export function readRequest(bytes: Uint8Array): SipRequest | undefined {
  const read = readMessage(latin1(bytes), /^([^\s:]+) (\S+) SIP\/2\.0\s*$/i);
  if (read === undefined || first(read.message, "via") === undefined) return undefined;
  return { ...read.message, method: read.start[1] ?? "", uri: read.start[2] ?? "" };
}

/** Reads one answer. undefined: it is none. */
export function readAnswer(bytes: Uint8Array): SipAnswer | undefined {
  const read = readMessage(latin1(bytes), /^SIP\/2\.0 ([1-6]\d\d)(?: |\s*$)/i);
  return read && { ...read.message, status: Number(read.start[1]) };
}

/** @param startLine what the first line has to look like */
function readMessage(
  text: string,
  startLine: RegExp,
): { readonly start: RegExpExecArray; readonly message: SipMessage } | undefined {
  const end = /\r?\n\r?\n/.exec(text);
  if (end === null) return undefined;
  const [head = "", ...lines] = text
    .slice(0, end.index)
    .replace(/\r?\n[ \t]+/g, " ")
    .split(/\r?\n/);
  const start = startLine.exec(head);
  if (start === null) return undefined;
  const headers: Header[] = [];
  for (const one of lines) {
    const colon = one.indexOf(":");
    if (colon < 1) return undefined;
    const name = one.slice(0, colon).trim().toLowerCase();
    headers.push({ name: LONG_NAMES[name] ?? name, value: one.slice(colon + 1).trim() });
  }
  const rest = text.slice(end.index + end[0].length);
  const length = /^\d{1,9}$/.exec(first({ headers, body: "" }, "content-length") ?? "")?.[0];
  return { start, message: { headers, body: length === undefined ? rest : rest.slice(0, Number(length)) } };
}

/** The first value of a header as it was written; undefined when the message has none. */
export function first(message: SipMessage, name: string): string | undefined {
  return message.headers.find((header) => header.name === name)?.value;
}

/** Every value of a header that allows several, over all its lines. RFC 3261 §7.3.1. */
export function all(message: SipMessage, name: string): readonly string[] {
  return message.headers
    .filter((header) => header.name === name)
    .flatMap((header) => splitValues(header.value));
}

/** Splits at the commas that stand neither in quotes nor in angle brackets. */
export function splitValues(text: string, separator = ","): readonly string[] {
  const parts: string[] = [];
  let part = "";
  let quoted = false;
  let angled = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quoted && char === "\\") part += text.charAt(at++);
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === "<") angled = true;
    else if (!quoted && char === ">") angled = false;
    else if (!quoted && !angled && char === separator) {
      parts.push(part.trim());
      part = "";
      continue;
    }
    part += text.charAt(at);
  }
  return [...parts, part.trim()].filter((one) => one !== "");
}

/** The parameters after a value such as `<sip:a@b>;tag=1`; names in lower case, quotes taken off. */
export function paramsOf(value: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const part of splitValues(value, ";").slice(1)) {
    const [name = "", ...rest] = part.split("=");
    found.set(name.trim().toLowerCase(), unquote(rest.join("=").trim()));
  }
  return found;
}

/** The URI of a value such as `"Ann" <sip:a@b>;tag=1` or `sip:a@b;tag=1`. */
export function uriOf(value: string): string {
  const bare = value.replace(/"(?:[^"\\]|\\.)*"/g, "");
  const angled = /<([^>]*)>/.exec(bare);
  return (angled?.[1] ?? bare.split(";")[0] ?? "").trim();
}

/** A quoted string without its quotes and escapes; anything else as it is. RFC 3261 §25.1. */
export function unquote(text: string): string {
  if (!text.startsWith('"') || !text.endsWith('"') || text.length < 2) return text;
  return text.slice(1, -1).replace(/\\(.)/g, "$1");
}

/**
 * Writes the answer to `request`. RFC 3261 §8.2.6.2, §18.2.1; RFC 3581 §4.
 * @param toTag put on To when the request has none there
 * @param body one character a byte
 */
export function writeAnswer(
  request: SipRequest,
  from: Endpoint,
  status: number,
  toTag: string,
  extra: readonly string[] = [],
  body = "",
): Uint8Array {
  const vias = request.headers.filter((header) => header.name === "via").map((header) => header.value);
  const to = first(request, "to") ?? "";
  const lines = [
    `SIP/2.0 ${status} ${REASONS[status] ?? "Answer"}`,
    ...vias.map((via, at) => `Via: ${at === 0 ? markVia(via, from) : via}`),
    `From: ${first(request, "from") ?? ""}`,
    `To: ${paramsOf(to).has("tag") ? to : `${to};tag=${toTag}`}`,
    `Call-ID: ${first(request, "call-id") ?? ""}`,
    `CSeq: ${first(request, "cseq") ?? ""}`,
    ...extra,
    `Content-Length: ${body.length}`,
  ];
  return fromLatin1(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

/** Where the answer goes: the source, or the port of the Via when no rport was asked for. RFC 3261 §18.2.2. */
export function answerTo(request: SipRequest, from: Endpoint): Endpoint {
  const via = splitValues(first(request, "via") ?? "")[0] ?? "";
  if (paramsOf(via).has("rport")) return from;
  const port = /^SIP\s*\/\s*2\.0\s*\/\s*\w+\s+(?:\[[^\]]*\]|[^\s:;]+)\s*:\s*(\d+)/i.exec(via)?.[1];
  return { address: from.address, port: port === undefined ? 5060 : Number(port) };
}

/** Adds what the server saw to the first value of a Via line. RFC 3261 §18.2.1, RFC 3581 §4. */
export function markVia(line: string, from: Endpoint): string {
  const [top = "", ...rest] = splitValues(line);
  const asked = paramsOf(top).has("rport");
  const filled = asked ? top.replace(/;\s*rport(?=\s*(;|$))/i, `;rport=${from.port}`) : top;
  const marked = asked || sentBy(top) !== from.address ? `${filled};received=${from.address}` : filled;
  return [marked, ...rest].join(", ");
}

/** Host of a value of Via, without brackets; "": there is none. */
export function sentBy(via: string): string {
  const host = /^\S+\s+(\[[^\]]*\]|[^\s:;]+)/.exec(via)?.[1] ?? "";
  return host.replace(/^\[|\]$/g, "");
}

export function latin1(bytes: Uint8Array): string {
  // More arguments than this at once overflow some engines.
  if (bytes.length <= 4096) return String.fromCharCode.apply(null, bytes as unknown as number[]);
  return latin1(bytes.subarray(0, 4096)) + latin1(bytes.subarray(4096));
}

export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** A text of ours as it goes on the wire: its UTF-8 bytes, one character each. RFC 3261 §7.3.1. */
export function carried(text: string): string {
  return latin1(new TextEncoder().encode(text));
}
