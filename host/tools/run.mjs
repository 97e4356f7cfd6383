// Runs a TypeScript file: `node host/tools/run.mjs [--setup] FILE.ts [ARGUMENT..]`.
//
// Node 20 does not read TypeScript, so esbuild joins the file and what it imports into build/tmp/ and Node runs
// that. The one entry of every npm script: it must work before anything is installed, so it is plain JavaScript.
// The working directory is the root of the repository, whatever it was before.

import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isInstalled, setUp } from "./setup.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const [, , ...words] = process.argv;
const wantsSetup = words[0] === "--setup";
if (wantsSetup) words.shift();
const [entry, ...rest] = words;
if (entry === undefined) {
  console.error("usage: node host/tools/run.mjs [--setup] FILE.ts [ARGUMENT..]");
  process.exit(2);
}

process.chdir(root);
if (wantsSetup || !isInstalled()) setUp();
const { bundleOne } = await import("./bundle.mjs");
const file = await bundleOne(entry, `build/tmp/${entry.replace(/\.ts$/, "").replaceAll("/", "-")}.mjs`);
if (file === undefined) process.exit(1);
process.setSourceMapsEnabled(true);
process.argv = [process.argv[0] ?? "node", entry, ...rest];
await import(pathToFileURL(file).href);
