// Digest as the standards write it, over node:crypto: what the core is compared with.
//
// RFC 2617 §3.2.2, RFC 7616 §3.4. digest.test.ts holds it against the examples of both.

import { createHash } from "node:crypto";

export type Credentials = {
  readonly algorithm: string;
  readonly username: string;
  readonly realm: string;
  readonly password: string;
  readonly nonce: string;
  readonly cnonce: string;
  readonly nc: string;
  /** Empty: the form without qop. */
  readonly qop: string;
  readonly method: string;
  readonly uri: string;
};

export function response(it: Credentials): string {
  const [name] = it.algorithm.split("-sess");
  const h = (text: string) =>
    createHash(name === "MD5" ? "md5" : "sha256")
      .update(text)
      .digest("hex");
  const secret = h(`${it.username}:${it.realm}:${it.password}`);
  const a1 = it.algorithm.endsWith("-sess") ? h(`${secret}:${it.nonce}:${it.cnonce}`) : secret;
  const a2 = h(`${it.method}:${it.uri}`);
  if (it.qop === "") return h(`${a1}:${it.nonce}:${a2}`);
  return h(`${a1}:${it.nonce}:${it.nc}:${it.cnonce}:${it.qop}:${a2}`);
}

/** The parameters of a header such as Authorization, escapes of quoted strings undone. */
export function parametersOf(header: string): Map<string, string> {
  const found = header.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^",\s]*))/gs);
  return new Map([...found].map(([, name = "", quoted, token]) => [name, unescaped(quoted) ?? token ?? ""]));
}

function unescaped(quoted: string | undefined): string | undefined {
  return quoted?.replace(/\\(.)/gs, "$1");
}
