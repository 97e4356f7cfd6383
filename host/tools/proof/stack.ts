// The call graph: loops in it, and the deepest stack below each export.
//
// Above: rules.ts. The graph is complete because rules.ts refuses every call that is not by name.

import type { Facts } from "./facts.ts";

export type Depth = {
  readonly export: string;
  /** Functions on the stack at once. */
  readonly calls: number;
  /** Estimated worst case of a C stack, bytes. */
  readonly bytes: number;
  /** The functions of that worst case, outermost first. */
  readonly path: readonly string[];
};

type Below = Omit<Depth, "export">;

/** The worst stack below each exported function; only for a graph without loops. */
export function depthsOf(facts: Facts): Depth[] {
  const known = new Map<string, Below>();
  const below = (name: string): Below => {
    const cached = known.get(name);
    if (cached !== undefined) return cached;
    const { calls = new Set<string>(), frameBytes = 0 } = facts.functions.get(name) ?? {};
    const callees = [...calls].map(below);
    const deepest = callees.reduce((worst, each) => (each.bytes > worst.bytes ? each : worst), NOTHING);
    const depth = {
      calls: 1 + Math.max(0, ...callees.map((each) => each.calls)),
      bytes: frameBytes + deepest.bytes,
      path: [name, ...deepest.path],
    };
    known.set(name, depth);
    return depth;
  };
  return facts.exports
    .filter(({ kind }) => kind === "function")
    .map(({ name, target }) => ({ export: name, ...below(target) }));
}

const NOTHING: Below = { calls: 0, bytes: 0, path: [] };

/** Every way that leads from a function back to itself, once each: `a > b > a`. */
export function loopsOf(facts: Facts): string[] {
  const loops: string[] = [];
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]) => {
    const start = path.indexOf(name);
    if (start >= 0) loops.push([...path.slice(start), name].join(" > "));
    if (start >= 0 || done.has(name)) return;
    for (const callee of facts.functions.get(name)?.calls ?? []) visit(callee, [...path, name]);
    done.add(name);
  };
  for (const name of facts.functions.keys()) visit(name, []);
  return loops;
}
