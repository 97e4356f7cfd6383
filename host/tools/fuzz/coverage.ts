// Which functions of the core no input of the corpus reaches.
//
// The checked build keeps every function of the sources, so a name is one of assembly/. Below: fuzzer.ts.

import { type Programs, TARGETS } from "./checked.ts";
import { corpusFile, replay } from "./session.ts";

/** Functions by path and name, such as `wire/scan/readCseq`, sorted. */
export async function unreached(programs: Programs): Promise<string[]> {
  const reached = new Set<string>();
  const all = new Set<string>();
  for (const target of TARGETS) {
    const { output } = await replay(target, programs[target], corpusFile(target), ["-print_coverage=1"]);
    for (const [, how, name = ""] of output.matchAll(FUNCTION)) {
      all.add(name);
      if (how === "COVERED") reached.add(name);
    }
  }
  if (all.size === 0)
    throw new Error("no function has a name: is llvm-symbolizer there (Debian package llvm)?");
  return [...all]
    .filter((name) => !reached.has(name))
    .map(fromC)
    .sort();
}

/** wasm2c writes `_` for what a name in C may not hold; the sources have no `_` in theirs. */
function fromC(name: string): string {
  return name.replaceAll("_", "/");
}

/** `COVERED_FUNC: hits: 3 edges: 4/5 w2c_assembly_wire_scan_scan checked.c:123` */
const FUNCTION = /^(COVERED|UNCOVERED)_FUNC: .* w2c_assembly_(\S+)/gm;
