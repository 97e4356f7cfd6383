// Bundles the published programs: the command line tool and the TypeScript API, each one file with the core inside.
//
// Above: all.ts. Below: bundle.mjs.

import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import esbuild from "esbuild";
import { COMMON, place } from "../bundle.mjs";
import { run } from "../child.ts";

type Program = { readonly entry: string; readonly out: string; readonly isCommand: boolean };

export const PROGRAMS: readonly Program[] = [
  { entry: "host/cli.ts", out: "build/standfast.mjs", isCommand: true },
  { entry: "host/index.ts", out: "build/index.mjs", isCommand: false },
  { entry: "host/session.ts", out: "build/session.mjs", isCommand: false },
];

/** Libraries of CommonJS ask for `require` and for their folder, which an ES module lacks. */
const COMMON_JS =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url); ' +
  "const __folder = import.meta.dirname ?? require('node:path').dirname(require('node:url').fileURLToPath(import.meta.url));";

/** What a bundled library reads from its own folder, and no bundle can hold: the database of `standfast pair`. */
export const BESIDE: readonly { readonly from: string; readonly out: string }[] = [
  {
    from: "node_modules/node-sqlite3-wasm/dist/node-sqlite3-wasm.wasm",
    out: "build/node-sqlite3-wasm.wasm",
  },
];

/** What the makers of the bundled libraries ask to be told along with them. */
const NOTICES = "build/NOTICES.txt";

/** @returns what went wrong */
export async function bundlePrograms(): Promise<string[]> {
  const bundled = await Promise.all(PROGRAMS.filter(({ entry }) => existsSync(entry)).map(bundleProgram));
  const packages = [...new Set(bundled.flatMap((each) => each.packages))].sort();
  await place(NOTICES, packages.map(noticeOf).join("\n"));
  for (const { from, out } of BESIDE) await place(out, readFileSync(from));
  return bundled.flatMap((each) => each.problems);
}

async function bundleProgram({ entry, out, isCommand }: Program): Promise<Bundled> {
  try {
    const { outputFiles, metafile } = await esbuild.build({
      ...COMMON,
      entryPoints: [entry],
      outfile: out,
      logLevel: "silent",
      legalComments: "none",
      metafile: true,
      write: false,
      banner: { js: COMMON_JS },
      define: { __dirname: "__folder" },
    });
    for (const { contents } of outputFiles) await place(out, contents);
    if (isCommand) chmodSync(out, 0o755);
    const packages = Object.keys(metafile.inputs).flatMap((path) => PACKAGE.exec(path)?.[1] ?? []);
    return { problems: [], packages };
  } catch (error) {
    return { problems: [`${out}: ${error instanceof Error ? error.message : error}`], packages: [] };
  }
}

type Bundled = { readonly problems: string[]; readonly packages: string[] };

/** The folder of a package in the path of one of its files. */
const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

function noticeOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
  return `${name} ${version}, ${license}\n\n${text}\n`;
}

/** Of each entry of the package; `files` of api.tsconfig.json names their sources. */
export const DECLARATIONS = ["build/types/host/index.d.ts", "build/types/host/session.d.ts"];

/** Writes the declarations of the API below build/types/. Type errors are for the types suite to tell. */
export async function declareApi(): Promise<string[]> {
  if (!existsSync("host/index.ts")) return [];
  rmSync("build/types", { recursive: true, force: true });
  const words = ["--declaration", "--emitDeclarationOnly", "--noEmit", "false", "--outDir", "build/types"];
  await run("node_modules/.bin/tsc", ["--project", "host/tools/build/api.tsconfig.json", ...words]);
  return DECLARATIONS.filter((path) => !existsSync(path)).map((path) => `tsc wrote no ${path}`);
}
