// What the shipped module may not be: one row per rule, each with its own words and the way out.
//
// ABI.md promises all of this to whoever embeds the module. Above: prove.ts. Below: facts.ts, stack.ts.

import type { Facts } from "./facts.ts";
import { depthsOf, loopsOf } from "./stack.ts";

/** What a build promises in numbers and names. */
export type Limits = {
  /** Names of everything the module exports; nothing when ABI.md does not say. */
  readonly exports: readonly string[] | undefined;
  readonly moduleBytes: number;
  /** Static data, records and buffers together. */
  readonly memoryBytes: number;
  readonly memoryPages: number;
  /** Of a C stack, below any export. */
  readonly stackBytes: number;
};

export type Violation = { readonly rule: string; readonly text: string };

type Rule = {
  readonly name: string;
  /** What is wrong, one text each. */
  find(facts: Facts, limits: Limits, moduleBytes: number): readonly string[];
  readonly remedy: string;
};

/** Names that only a runtime with an allocator or a collector has. */
const ALLOCATOR =
  /(^|[/~.])(__alloc|__realloc|__free|__new|__renew|__link|__pin|__unpin|__visit|__collect|malloc|free|realloc|calloc)\b|~lib\/rt\//;

const RULES: readonly Rule[] = [
  {
    name: "import",
    find: ({ imports }) => imports.map((each) => `imports ${each}`),
    remedy: "the core computes and the host carries: pass it in as an argument instead",
  },
  {
    name: "mutable-global",
    find: ({ mutableGlobals }) => mutableGlobals.map((name) => `has the mutable global ${name}`),
    remedy: "keep state in a record of base/memory.ts, so that a copy of the memory is a snapshot",
  },
  {
    name: "start",
    find: ({ start }) => (start === undefined ? [] : [`runs ${start} when it is instantiated`]),
    remedy: "make the initial value a constant, or set it in the export `start`",
  },
  {
    name: "table",
    find: ({ tables }) => (tables === 0 ? [] : ["has a table of functions"]),
    remedy: "do not use a function as a value: write a switch",
  },
  {
    name: "indirect-call",
    find: (facts) => withKinds(facts, INDIRECT, "calls through a table or a reference"),
    remedy: "call by name, so that the call graph can be walked",
  },
  {
    name: "passive-data",
    find: ({ passiveSegments }) =>
      passiveSegments === 0 ? [] : [`has ${passiveSegments} passive data segments`],
    remedy: "lay data out with memory.data() at compile time",
  },
  {
    name: "memory-grow",
    find: (facts) => withKinds(facts, ["MemoryGrow"], "asks for more memory"),
    remedy: "an allocator was inlined here: look for `new`, an array, a built string",
  },
  {
    name: "memory-size",
    find: ({ memory }, { memoryPages }) => wrongMemory(memory, memoryPages),
    remedy: "initialMemory and maximumMemory of asconfig.json must be equal",
  },
  {
    name: "allocator",
    find: ({ functions }) =>
      [...functions.keys()].filter((name) => ALLOCATOR.test(name)).map((name) => `contains ${name}`),
    remedy: "the runtime of asconfig.json must stay assembly/rt-none",
  },
  {
    name: "instruction",
    find: (facts) => otherKinds(facts),
    remedy:
      "allowed are the kinds of host/tools/proof/instructions.ts; ask whether each target has it before adding one",
  },
  {
    name: "not-integer",
    find: ({ functions }) =>
      [...functions.values()]
        .filter((each) => each.notIntegers.size > 0)
        .map((each) => `${each.name} uses ${list(each.notIntegers)}`),
    remedy: "compute with integers: small processors have nothing else",
  },
  {
    name: "wide-edge",
    find: (facts) => wideEdges(facts),
    remedy: "split it in two u32: i64 is a BigInt in JavaScript, and slow",
  },
  {
    name: "recursion",
    find: (facts) => loopsOf(facts).map((loop) => `calls itself: ${loop}`),
    remedy: "write a loop: a call graph without loops has a known depth",
  },
  {
    name: "stack",
    find: (facts, { stackBytes }) => tooDeep(facts, stackBytes),
    remedy: "flatten the path, or keep large intermediate values in a record",
  },
  {
    name: "export-list",
    find: (_facts, limits) => (limits.exports === undefined ? ["cannot be compared with ABI.md"] : []),
    remedy: "ABI.md must list its exports between <!-- exports --> and <!-- /exports -->",
  },
  {
    name: "missing-export",
    find: ({ exports }, limits) =>
      without(limits.exports ?? [], names(exports)).map((name) => `does not export ${name}`),
    remedy: "ABI.md lists it: an export is never taken back",
  },
  {
    name: "extra-export",
    find: ({ exports }, limits) =>
      without(names(exports), limits.exports ?? names(exports)).map((name) => `exports ${name}`),
    remedy: "describe it in the list of ABI.md, or do not export it",
  },
  {
    name: "memory-budget",
    find: (facts, { memoryBytes }) => overMemory(facts, memoryBytes),
    remedy: "size.json shows the memory map; a larger budget is a decision for DESIGN.md",
  },
  {
    name: "module-budget",
    find: (_facts, limits, bytes) =>
      bytes <= limits.moduleBytes ? [] : [`is ${bytes} bytes, allowed ${limits.moduleBytes}`],
    remedy:
      "what is not the phone's business belongs into the host; a larger budget is a decision for DESIGN.md",
  },
];

/** Kinds that have a rule of their own. */
const INDIRECT = ["CallIndirect", "CallRef"];

/** Everything that is wrong with a module of `moduleBytes` bytes. */
export function judge(facts: Facts, limits: Limits, moduleBytes: number): Violation[] {
  return RULES.flatMap(({ name, find, remedy }) =>
    find(facts, limits, moduleBytes).map((what) => ({ rule: name, text: `${what}; ${remedy}` })),
  );
}

function withKinds({ functions }: Facts, kinds: readonly string[], what: string): string[] {
  return [...functions.values()]
    .filter(({ forbidden }) => kinds.some((kind) => forbidden.has(kind)))
    .map(({ name }) => `${name} ${what}`);
}

function otherKinds({ functions }: Facts): string[] {
  return [...functions.values()].flatMap(({ name, forbidden }) => {
    const others = without([...forbidden], [...INDIRECT, "MemoryGrow"]);
    return others.length === 0 ? [] : [`${name} has ${list(others)}`];
  });
}

function wrongMemory(memory: Facts["memory"], pages: number): string[] {
  if (memory === undefined) return ["has no memory"];
  const { initial, max, shared } = memory;
  if (initial === pages && max === pages && !shared) return [];
  const limits = `${initial} to ${max === undefined || max > 65_536 ? "any number of" : max} pages`;
  return [`has a memory of ${limits}${shared ? ", shared" : ""}, not of exactly ${pages}`];
}

function wideEdges({ functions, exports }: Facts): string[] {
  return exports
    .filter(({ kind, target }) => {
      const { params = [], results = [] } = (kind === "function" && functions.get(target)) || {};
      return [...params, ...results].includes("i64");
    })
    .map(({ name }) => `passes i64 through ${name}`);
}

function tooDeep(facts: Facts, stackBytes: number): string[] {
  if (loopsOf(facts).length > 0) return []; // recursion has no depth
  return depthsOf(facts)
    .filter(({ bytes }) => bytes > stackBytes)
    .map(
      (deep) =>
        `needs ${deep.bytes} bytes of stack below ${deep.export}, allowed ${stackBytes}: ${deep.path.join(" > ")}`,
    );
}

function overMemory({ constants, dataEnd }: Facts, memoryBytes: number): string[] {
  const used = Math.max(constants.__heap_base ?? 0, dataEnd);
  return used <= memoryBytes ? [] : [`uses ${used} bytes of memory, allowed ${memoryBytes}`];
}

function names(exports: Facts["exports"]): string[] {
  return exports.map(({ name }) => name);
}

function without(all: readonly string[], some: readonly string[]): string[] {
  return all.filter((each) => !some.includes(each));
}

function list(items: Iterable<string>): string {
  return [...items].join(", ");
}
