// Joins TypeScript files with esbuild so that Node 20 can run them. Packages stay in node_modules.
//
// Above: run.mjs for one tool, tests/run.ts for the tests. The published programs are bundled by build.ts.

import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import esbuild from "esbuild";

/**
 * Options of every bundle. Without `target` esbuild would decode the module with a function Node 20 lacks.
 * @satisfies {import("esbuild").BuildOptions}
 */
export const COMMON = /** @type {const} */ ({
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  loader: { ".wasm": "binary" },
  logLevel: "error",
});

/**
 * @param {string} entry TypeScript file
 * @param {string} out where the bundle goes
 * @returns {Promise<string | undefined>} `out`, or nothing when esbuild has already said what is wrong
 */
export async function bundleOne(entry, out) {
  try {
    const { outputFiles } = await esbuild.build({
      ...COMMON,
      entryPoints: [entry],
      packages: "external",
      sourcemap: "inline",
      write: false,
      outfile: out,
    });
    const bytes = outputFiles[0]?.contents ?? new Uint8Array();
    await place(out, bytes);
    return out;
  } catch (error) {
    if (error instanceof Error && "errors" in error) return undefined;
    throw error;
  }
}

let drafts = 0;

/**
 * Writes a file in one step: two runs at once, or two suites of one run, never read half of it.
 * @param {string} path
 * @param {Uint8Array | string} content
 */
export async function place(path, content) {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.${drafts++}.draft`;
  await writeFile(draft, content);
  await rename(draft, path);
}
