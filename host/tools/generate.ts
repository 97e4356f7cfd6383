// Writes what is derived from the one table of parameters, and the numbers of the ABI for C: `npm run generate`.
//
// With `--check` nothing is written and stale files are named; the tests run it so. The texts come from
// host/params and the others imported here, which write no files.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { keysHeader } from "../config/keys-header.ts";
import { provisioningPage } from "../config/vendors/page.ts";
import { cellsPage } from "../params/cells-page.ts";
import { renderings } from "../params/render.ts";
import { abiHeader } from "./abi-header.ts";

const checking = process.argv.includes("--check");
const stale = [...renderings(), abiHeader(), keysHeader(), provisioningPage(), cellsPage()].filter(
  ({ path, text }) => read(path) !== text,
);

for (const { path, text } of stale) {
  if (checking) {
    console.error(`${path} is stale: run "npm run generate" and commit it`);
    continue;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`wrote ${path}`);
}
if (checking && stale.length > 0) process.exitCode = 1;

/** The text of a file; undefined when it is not there. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
