// What may not stand in a recording, made unreadable without changing what the core makes of it.
//
// A digest response is as good as the password to whoever can guess (RFC 7616 §5.4), Basic credentials are the
// password, and bodies are other people's: keys of their calls, their messages. Of the credentials every letter
// and digit becomes 0, so that lengths and structure stay; of a body every byte becomes a dot. The core reads
// neither. Above: tap.ts.

/** Blanks, over the end of a line too where the next one goes on from it. RFC 3261 §25.1. */
const LWS = String.raw`[ \t]*(?:\r?\n[ \t]+)?`;

/** Their values follow from a password: RFC 7616 §3.4, §3.5. */
const PROOFS = new RegExp(String.raw`\b((?:response|rspauth)${LWS}=${LWS})("[^"\r\n]*|[^\s,;"]+)`, "gi");

/** Credentials of any other scheme, with the lines that continue them. */
const OTHER_SCHEMES = new RegExp(
  String.raw`^((?:proxy-)?authorization[ \t]*:${LWS}(?!digest\b)\S+)(.*(?:\r?\n[ \t].*)*)`,
  "gim",
);

const HEAD_END = "\r\n\r\n";

/** A message as a recording holds it: the same length, nothing secret. */
export function masked(bytes: Uint8Array): Uint8Array {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  // CRLFs may come before a start line: RFC 3261 §7.5.
  const start = /^[\r\n]*/.exec(text)?.[0].length ?? 0;
  const end = text.indexOf(HEAD_END, start);
  const bodyAt = end < 0 ? text.length : end + HEAD_END.length;
  const body = ".".repeat(text.length - bodyAt);
  return Uint8Array.from(maskedHead(text.slice(0, bodyAt)) + body, (letter) => letter.charCodeAt(0));
}

function maskedHead(text: string): string {
  return text
    .replace(PROOFS, (_, name: string, value: string) => name + zeros(value))
    .replace(OTHER_SCHEMES, (_, scheme: string, rest: string) => scheme + zeros(rest));
}

function zeros(value: string): string {
  return value.replace(/[^\W_]/g, "0");
}
