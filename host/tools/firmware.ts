// `npm run firmware [-- --lines N] [--servers N] [--out FOLDER]`: what a firmware takes over, as files and as one zip.
//
// A variant goes to a folder of its own, such as build/firmware-2-lines. Needs npm packages only. Below: firmware/.

import { build } from "./build/all.ts";
import { buildVariant, SHIPPED } from "./build/core.ts";
import { readWords } from "./build/options.ts";
import { DROP_IN } from "./firmware/drop-in.ts";
import { writePackage } from "./firmware/package.ts";

const { sizes, suffix, out } = readWords();
const stem = `build/variant/standfast${suffix}`;
const problems = await (suffix === "" ? build() : buildVariant(sizes, stem));
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
const wasm = suffix === "" ? SHIPPED.wasm : `${stem}.wasm`;
console.log(`wrote ${await writePackage(wasm, out ?? `${DROP_IN}${suffix}`)}`);
