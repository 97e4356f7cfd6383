// Bytes of a file to text. Phones' tools write a byte order mark, and sometimes no UTF-8 at all.

import type { ConfigError } from "./error.ts";

export type Decoded =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "refused"; readonly error: ConfigError };

/** A phone's own files have some hundred lines; one that is larger is something else. */
const BYTES_MAX = 1 << 20;

/**
 * @param name    the file, as messages call it
 * @param example what shows how such a file looks
 */
export function decode(bytes: Uint8Array, name: string, example = "docs/example.toml"): Decoded {
  if (bytes.length > BYTES_MAX) {
    const message = `the file has ${bytes.length} bytes`;
    const remedy = "give the configuration alone";
    return refused({ code: "too-large", where: name, message, allowed: `up to ${BYTES_MAX} bytes`, remedy });
  }
  const bad = firstBadLine(bytes);
  if (bad > 0) {
    const message = "the text is not UTF-8";
    const remedy = "save the file as UTF-8";
    return refused({ code: "not-utf8", where: `${name}:${bad}`, message, remedy });
  }
  const text = new TextDecoder("utf-8").decode(bytes); // leaves a byte order mark out
  if (text.trim() !== "") return { kind: "text", text };
  const remedy = `${example} shows what belongs in it`;
  return refused({ code: "empty", where: name, message: "the file is empty", remedy });
}

/** The first line that holds a byte sequence UTF-8 does not have, from 1; 0: none. */
function firstBadLine(bytes: Uint8Array): number {
  let from = 0;
  for (let line = 1; from < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, from);
    const to = end < 0 ? bytes.length : end;
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(from, to));
    } catch {
      return line;
    }
    from = to + 1;
  }
  return 0;
}

function refused(error: ConfigError): Decoded {
  return { kind: "refused", error };
}
