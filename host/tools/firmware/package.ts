// What a firmware takes over: the two files in C, the module, an example, the port for POSIX, pages, checksums, and all of it
// as one zip.
//
// The same sources give the same zip, byte for byte. Below: drop-in.ts. Above: host/tools/firmware.ts.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { strToU8, type Zippable, zipSync } from "fflate";
import { VERSION } from "../../version.ts";
import { place } from "../bundle.mjs";
import { writeDropIn } from "./drop-in.ts";

const EXAMPLE = "host/firmware/example";
const SUMS = "SHA256SUMS";
/** The port for POSIX, with the tables it stands on. */
const POSIX = [
  ...readdirSync("host/firmware/port/posix").map((name) => `host/firmware/port/posix/${name}`),
  "host/firmware/include/standfast_keys.h",
];
/** The first day that a zip can name, in local time as a zip has it. */
const DATE = new Date(1980, 0, 1);

/** Writes all files into the folder. @returns the path of the zip */
export async function writePackage(wasm: string, folder: string): Promise<string> {
  await writeDropIn(wasm, folder);
  const files = new Map<string, Uint8Array>([
    ["standfast.c", readFileSync(`${folder}/standfast.c`)],
    ["standfast.h", readFileSync(`${folder}/standfast.h`)],
    ["standfast.wasm", readFileSync(wasm)],
    ["phone.c", readFileSync(`${EXAMPLE}/phone.c`)],
    ["README.md", readFileSync(`${EXAMPLE}/README.md`)],
    ...["ABI.md", "docs/porting.md", "docs/parameters.md", "LICENSE"].map(
      (path) => [path, readFileSync(path)] as const,
    ),
    ...POSIX.map((path) => [`posix/${basename(path)}`, readFileSync(path)] as const),
  ]);
  files.set(SUMS, strToU8([...files].map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`).join("")));
  for (const [name, bytes] of files) await place(`${folder}/${name}`, bytes);
  const stem = `standfast-${VERSION}`;
  const zip = zipSync(under(stem, files), { mtime: DATE, level: 9 });
  await place(`${folder}/${stem}.zip`, zip);
  await place(`${folder}/${stem}.zip.sha256`, `${sha256(zip)}  ${stem}.zip\n`);
  return `${folder}/${stem}.zip`;
}

function under(folder: string, files: ReadonlyMap<string, Uint8Array>): Zippable {
  return Object.fromEntries([...files].map(([name, bytes]) => [`${folder}/${name}`, bytes]));
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
