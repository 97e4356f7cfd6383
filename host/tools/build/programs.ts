// Bundles the published programs: the command line tool and the TypeScript API, each one file with the core inside.
//
// Above: all.ts. Below: bundle.mjs.

import { chmodSync, existsSync, rmSync } from "node:fs";
import esbuild from "esbuild";
import { COMMON, place } from "../bundle.mjs";
import { run } from "../child.ts";

type Program = { readonly entry: string; readonly out: string; readonly isCommand: boolean };

export const PROGRAMS: readonly Program[] = [
  { entry: "host/cli.ts", out: "build/standfast.mjs", isCommand: true },
  { entry: "host/index.ts", out: "build/index.mjs", isCommand: false },
];

/** Libraries of CommonJS ask for `require`, which an ES module lacks. */
const REQUIRE =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

/** @returns what went wrong */
export async function bundlePrograms(): Promise<string[]> {
  const problems = await Promise.all(PROGRAMS.filter(({ entry }) => existsSync(entry)).map(bundleProgram));
  return problems.flat();
}

async function bundleProgram({ entry, out, isCommand }: Program): Promise<string[]> {
  try {
    const { outputFiles } = await esbuild.build({
      ...COMMON,
      entryPoints: [entry],
      outfile: out,
      logLevel: "silent",
      minifySyntax: true,
      legalComments: "linked",
      write: false,
      banner: { js: isCommand ? `#!/usr/bin/env node\n${REQUIRE}` : REQUIRE },
    });
    for (const { path, contents } of outputFiles) await place(path, contents);
    if (isCommand) chmodSync(out, 0o755);
    return [];
  } catch (error) {
    return [`${out}: ${error instanceof Error ? error.message : error}`];
  }
}

/** Writes the declarations of the API below build/types/. Type errors are for the types suite to tell. */
export async function declareApi(): Promise<string[]> {
  if (!existsSync("host/index.ts")) return [];
  rmSync("build/types", { recursive: true, force: true });
  const words = ["--declaration", "--emitDeclarationOnly", "--noEmit", "false", "--outDir", "build/types"];
  await run("node_modules/.bin/tsc", ["--project", "host/tools/build/api.tsconfig.json", ...words]);
  return existsSync("build/types/host/index.d.ts") ? [] : ["tsc wrote no build/types/host/index.d.ts"];
}
