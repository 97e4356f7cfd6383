// Inputs of the fuzz targets as text: one a line, so that they can be read, compared and merged.
//
// What can be printed stands for itself; `\r`, `\n`, `\t`, `\\` and `\xHH` for the rest. Empty lines and those that
// begin with `#` are for the reader. Above: session.ts, tests/fuzz/.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const NAMED: Readonly<Record<string, string>> = { "\r": "\\r", "\n": "\\n", "\t": "\\t", "\\": "\\\\" };
const BYTES: Readonly<Record<string, number>> = { r: 13, n: 10, t: 9, "\\": 92 };

/** One input as a line. */
export function toLine(input: Uint8Array): string {
  const text = Buffer.from(input).toString("latin1");
  const line = text.replace(/[^ -~]|\\/g, (c) => NAMED[c] ?? hex(c));
  return line.replace(/^[# ]|^$| $/, (c) => (c === "" ? "" : hex(c)));
}

function hex(c: string): string {
  return `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

/** A line as an input. @throws Error at an escape that there is not */
export function fromLine(line: string): Uint8Array {
  const text = line.replace(/\\(x[0-9a-f]{2}|.?)/g, (whole, what: string) => {
    const code = what.startsWith("x") ? Number.parseInt(what.slice(1), 16) : BYTES[what];
    if (code === undefined || Number.isNaN(code))
      throw new Error(`no such escape: ${whole}; there are \\r \\n \\t \\\\ \\xHH`);
    return String.fromCharCode(code);
  });
  return Buffer.from(text, "latin1");
}

/** The inputs of a file. */
export function readVectors(file: string): Uint8Array[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("#")).map(fromLine);
}

/** Puts inputs into an empty folder, a file each, under the names that libFuzzer would give them. */
export function unpack(inputs: readonly Uint8Array[], folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const input of inputs)
    writeFileSync(join(folder, createHash("sha1").update(input).digest("hex")), input);
}

/** The files of a folder as lines, short ones first. */
export function pack(folder: string): string[] {
  const inputs = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  return inputs.sort((a, b) => a.length - b.length || Buffer.compare(a, b)).map(toLine);
}
