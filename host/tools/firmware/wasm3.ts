// The sources of the interpreter wasm3, fetched once into build/ and never part of this project.
//
// They lie in a package of npm that brings them for phones. It would bring React Native along as a peer, so npm fetches its
// archive alone. Above: interpreter.ts.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { run } from "../child.ts";

/** wasm3 0.5.0, MIT. */
const PACKAGE = "react-native-webassembly";
const VERSION = "0.3.3";
/** Of the archive. */
const SHA256 = "bf679888a4d498cd090c0c72dea54543cafb36a275b93effcaeb9735d11d5da7";

const FOLDER = "build/wasm3";
const SOURCES = `${FOLDER}/package/cpp`;
const LIMIT_MS = 120_000;
/** @returns the folder of its sources and headers; @throws Error when it is not there and cannot be fetched */
export async function fetchWasm3(): Promise<string> {
  if (!existsSync(SOURCES)) await download();
  return SOURCES;
}

/** Into a folder of our own first: several tests may begin at once. */
async function download(): Promise<void> {
  const own = `${FOLDER}-${process.pid}`;
  mkdirSync(own, { recursive: true });
  await demand("npm", ["pack", `${PACKAGE}@${VERSION}`, "--silent", "--pack-destination", own]);
  const archive = `${own}/${PACKAGE}-${VERSION}.tgz`;
  const sum = createHash("sha256").update(readFileSync(archive)).digest("hex");
  if (sum !== SHA256) throw missing(`${archive} has the SHA-256 ${sum}, not ${SHA256}`);
  await demand("tar", ["-xzf", archive, "-C", own]);
  if (existsSync(SOURCES)) rmSync(own, { recursive: true });
  else renameSync(own, FOLDER);
}

async function demand(command: string, words: readonly string[]): Promise<void> {
  const { code, output } = await run(command, words, { limitMs: LIMIT_MS });
  if (code !== 0) throw missing(`${command} ${words.join(" ")}: ${output.trim()}`);
}

function missing(why: string): Error {
  return new Error(
    `missing: ${PACKAGE}@${VERSION} of npm, with the sources of wasm3 (needed by firmware). ${why}`,
  );
}
