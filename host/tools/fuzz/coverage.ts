// Which functions of the core no input of the corpus reaches.
//
// The checked build keeps every function of the sources, so a name is one of assembly/. Above: ../fuzz.ts, tests/fuzz/.

/** Makes libFuzzer print what unreached() reads. */
export const WITH_COVERAGE = "-print_coverage=1";

/**
 * Functions by path and name, such as `wire/scan/readCseq`, sorted.
 * @param outputs what replays WITH_COVERAGE printed: reached in one of them is reached
 */
export function unreached(outputs: readonly string[]): string[] {
  const reached = new Set<string>();
  const all = new Set<string>();
  for (const output of outputs) {
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

/** The translation has `_` for each `/`; the sources have no `_` in their names. */
function fromC(name: string): string {
  return name.replaceAll("_", "/");
}

/** `COVERED_FUNC: hits: 3 edges: 4/5 assembly_wire_scan_scan translation.h:123`; those of index.ts are `core_wake`. */
const FUNCTION = /^(COVERED|UNCOVERED)_FUNC: .* (?:assembly|core)_(\S+)/gm;
