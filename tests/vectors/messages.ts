// The messages of RFC 4475 and RFC 5118 as bytes, each with the verdict of docs/torture.md.
//
// Those of RFC 4475 are the files of its archive, as the package `sip` carries them; those of RFC 5118 lie in
// messages.txt.

import { readFileSync } from "node:fs";

export type Verdict = "answered 200" | "handed back" | "refused: malformed" | "refused: truncated";

export type Vector = {
  readonly rfc: string;
  readonly name: string;
  readonly verdict: Verdict;
  readonly bytes: Uint8Array;
};

const ARCHIVE = "node_modules/sip/test/messages";

export function readVectors(): Vector[] {
  const [, ...pages] = readFileSync("docs/torture.md", "utf8").split(/^## RFC /m);
  const typed = readTyped();
  return pages.flatMap((page) => {
    const rfc = page.slice(0, 4);
    const rows = page.matchAll(/^\| [\d.]+ \| `(.+?)` \| .+? \| (.+?) \| .+ \|$/gm);
    return [...rows].map(([, name = "", verdict = ""]) => {
      const bytes = typed.get(name) ?? readFileSync(`${ARCHIVE}/${name}.dat`);
      return { rfc, name, verdict: verdict as Verdict, bytes };
    });
  });
}

/** The messages of messages.txt: lines, each with CRLF. What follows the last line feed is no line. */
function readTyped(): Map<string, Uint8Array> {
  const [, ...parts] = readFileSync("tests/vectors/messages.txt", "utf8").split(/^=== /m);
  return new Map(
    parts.map((part) => {
      const [name = "", ...lines] = part.split("\n");
      return [name, Buffer.from(lines.join("\r\n"))];
    }),
  );
}
