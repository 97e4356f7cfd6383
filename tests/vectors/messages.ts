// Reads messages.txt: the messages of RFC 4475 and RFC 5118 as bytes, each with its verdict.

import { readFileSync } from "node:fs";

export type Verdict = "ok" | "malformed" | "truncated";

export type Vector = {
  readonly name: string;
  readonly verdict: Verdict;
  readonly bytes: Uint8Array;
};

/** What the reader returns for each verdict: assembly/abi.ts, REFUSED_BASE - R_*. */
export const RESULTS: Readonly<Record<Verdict, number>> = { ok: 0, malformed: -32, truncated: -33 };

export function readVectors(): Vector[] {
  const [, ...parts] = readFileSync("tests/vectors/messages.txt", "utf8").split(/^=== /m);
  return parts.map((part) => {
    const [head = "", ...lines] = part.split("\n");
    const [name = "", verdict = ""] = head.split(" ");
    return { name, verdict: verdict as Verdict, bytes: bytesOf(lines) };
  });
}

/** Lines, each with CRLF; ‹07› is a byte. What follows the last line feed is no line. */
function bytesOf(lines: readonly string[]): Uint8Array {
  const text = lines
    .slice(0, -1)
    .map((line) => `${line}\r\n`)
    .join("");
  const pieces = text.split(/‹([0-9a-f]{2})›/);
  return Buffer.concat(pieces.map((piece, index) => Buffer.from(piece, index % 2 === 0 ? "utf8" : "hex")));
}
