// standfast.c and standfast.h: the translated module, what it stands on and the C calls around it, in two files.
//
// The sources stay apart in host/firmware; here each #include of a file of ours becomes its text. Below: translate.ts,
// facts.ts. Above: host/tools/firmware.ts, build/targets.ts, tests/firmware/.

import { existsSync, readFileSync } from "node:fs";
import { pathsOf, readMap } from "../build/core.ts";
import { fingerprint, unlessFresh } from "../build/stamp.ts";
import { place } from "../bundle.mjs";
import { buildHeader } from "./facts.ts";
import { translate } from "./translate.ts";

const SOURCES = "host/firmware";
/** What is looked through for a file that is included. */
const FOLDERS = [`${SOURCES}/api`, `${SOURCES}/runtime`, `${SOURCES}/include`];
const MADE_FROM = [...FOLDERS, "host/tools/firmware", "host/version.ts", "package.json", "package-lock.json"];

/** Where the shipped ones go. */
export const DROP_IN = "build/firmware";

/**
 * Writes standfast.c and standfast.h of a module, unless they are fresh.
 * @param wasm a module of build/core.ts, its memory map beside it
 * @throws Error when the module cannot be translated
 */
export async function writeDropIn(wasm: string, folder = DROP_IN): Promise<void> {
  const outputs = ["c", "h"].map((end) => `${folder}/standfast.${end}`);
  await unlessFresh(`${folder}/.stamp`, fingerprint([wasm, ...MADE_FROM]), outputs, async () => {
    const made = new Map([
      [
        "standfast_build.h",
        buildHeader(readFileSync(wasm), readMap(pathsOf(wasm.replace(/\.wasm$/, "")).map)),
      ],
      ["translation.h", await translate(wasm, `${folder}/.wasm2c`)],
    ]);
    await place(`${folder}/standfast.h`, joined("standfast.h", made));
    await place(`${folder}/standfast.c`, joined("standfast.c", made, ["standfast.h"]));
    return [];
  });
}

/** A source with the files it includes in place. @param apart those that stay apart */
function joined(name: string, made: ReadonlyMap<string, string>, apart: readonly string[] = []): string {
  const text = made.get(name) ?? readFileSync(find(name), "utf8");
  return text.replace(/^#include "(.+)"$/gm, (line, included: string) =>
    apart.includes(included) ? line : joined(included, made, apart).trimEnd(),
  );
}

function find(name: string): string {
  const path = FOLDERS.map((folder) => `${folder}/${name}`).find(existsSync);
  if (path === undefined) throw new Error(`${name} is included and stands in none of ${FOLDERS.join(", ")}`);
  return path;
}
