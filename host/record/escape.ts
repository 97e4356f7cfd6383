// Bytes as text of one line that people and grep can read, and back.
//
// Printable ASCII stands for itself; a backslash, CR and LF are `\\`, `\r`, `\n`, any other byte is `\x` and two
// hex digits. Each byte has one way to be written, so equal texts are equal bytes. Above: entry.ts, tap.ts.

const BACKSLASH = 0x5c;
const SHORT: ReadonlyMap<number, string> = new Map([
  [BACKSLASH, "\\\\"],
  [0x0d, "\\r"],
  [0x0a, "\\n"],
]);

export function escapeBytes(bytes: Uint8Array): string {
  return Array.from(
    bytes,
    (byte) => SHORT.get(byte) ?? (isPlain(byte) ? String.fromCharCode(byte) : hex(byte)),
  ).join("");
}

/** @returns undefined: nobody writes bytes in this way */
export function unescapeBytes(text: string): Uint8Array | undefined {
  const bytes = Array.from(
    text.matchAll(/\\(?:x([0-9a-f]{2})|([\\rn]))|[\s\S]/g),
    ([piece, digits, letter]) => {
      if (digits !== undefined) return Number.parseInt(digits, 16);
      if (letter !== undefined) return letter === "\\" ? BACKSLASH : letter === "r" ? 0x0d : 0x0a;
      return piece.charCodeAt(0);
    },
  );
  const all = Uint8Array.from(bytes);
  return escapeBytes(all) === text ? all : undefined;
}

function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f;
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}
