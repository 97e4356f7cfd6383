// What a module is made of, read once: functions, memory, data, and its edge.
//
// Judges nothing: rules.ts does. binaryen reads the module; the engine's own reader tells the imports.

import binaryen from "binaryen";
import { type Func, readFunction } from "./functions.ts";

export type Export = { readonly name: string; readonly kind: string; readonly target: string };

export type Facts = {
  readonly functions: ReadonlyMap<string, Func>;
  /** `kind module.name` */
  readonly imports: readonly string[];
  readonly exports: readonly Export[];
  readonly mutableGlobals: readonly string[];
  readonly start: string | undefined;
  readonly tables: number;
  readonly passiveSegments: number;
  readonly memory:
    | { readonly initial: number; readonly max: number | undefined; readonly shared: boolean }
    | undefined;
  /** The exported constants that say where memory in use ends: `__heap_base`, `__data_end`. */
  readonly constants: Readonly<Record<string, number>>;
  /** One past the last byte of the data segments. */
  readonly dataEnd: number;
};

/** @throws Error with one line when the bytes are no module that binaryen reads and finds valid. */
export function readFacts(bytes: Uint8Array): Facts {
  const module = parse(bytes);
  const functions = numbered(module.getNumFunctions(), (index) =>
    readFunction(module.getFunctionByIndex(index)),
  );
  const globals = numbered(module.getNumGlobals(), (index) =>
    binaryen.getGlobalInfo(module.getGlobalByIndex(index)),
  );
  const exports = numbered(module.getNumExports(), (index) => readExport(module.getExportByIndex(index)));
  const segments = readSegments(module);
  const facts: Facts = {
    functions: new Map(functions.map((each) => [each.name, each])),
    imports: readImports(bytes),
    exports,
    mutableGlobals: globals.filter(({ mutable }) => mutable).map(({ name }) => name),
    start: module.getStart() === 0 ? undefined : binaryen.getFunctionInfo(module.getStart()).name,
    tables: module.getNumTables(),
    passiveSegments: segments.filter(({ passive }) => passive).length,
    memory: module.hasMemory() ? readMemory(module) : undefined,
    constants: readConstants(exports, globals),
    dataEnd: Math.max(0, ...segments.map(({ to }) => to)),
  };
  module.dispose();
  return facts;
}

/** binaryen's own exceptions carry its whole source: only one short line leaves here. */
function parse(bytes: Uint8Array): binaryen.Module {
  let module: binaryen.Module;
  try {
    new WebAssembly.Module(new Uint8Array(bytes));
    module = binaryen.readBinary(bytes);
  } catch (error) {
    throw new Error(String(error).split("\n")[0]?.slice(0, 200));
  }
  module.setFeatures(binaryen.Features.All);
  if (module.validate()) return module;
  throw new Error("binaryen finds it invalid");
}

function readImports(bytes: Uint8Array): string[] {
  const module = new WebAssembly.Module(new Uint8Array(bytes));
  return WebAssembly.Module.imports(module).map(({ kind, module: from, name }) => `${kind} ${from}.${name}`);
}

/** Kinds of exports by number, WebAssembly core specification §5.5.10. */
const KINDS = ["function", "table", "memory", "global"];

function readExport(reference: number): Export {
  const { name, kind, value } = binaryen.getExportInfo(reference);
  return { name, kind: KINDS[kind] ?? "tag", target: value };
}

/** binaryen's declarations are older than its code here. */
type Segments = {
  getNumDataSegments(): number;
  getDataSegmentByIndex(index: number): number;
  getDataSegmentInfo(segment: number): { offset: number | null; data: ArrayBuffer; passive: boolean };
};

function readSegments(module: binaryen.Module): { to: number; passive: boolean }[] {
  const reader = module as unknown as Segments;
  return numbered(reader.getNumDataSegments(), (index) => {
    const { offset, data, passive } = reader.getDataSegmentInfo(reader.getDataSegmentByIndex(index));
    return { to: Number(offset ?? 0) + data.byteLength, passive };
  });
}

function readMemory(module: binaryen.Module) {
  const { initial, max, shared } = module.getMemoryInfo();
  return { initial, max: max ?? undefined, shared };
}

function readConstants(
  exports: readonly Export[],
  globals: readonly binaryen.GlobalInfo[],
): Record<string, number> {
  const constants: Record<string, number> = {};
  for (const { name, kind, target } of exports) {
    const global = globals.find((each) => kind === "global" && each.name === target);
    if (global === undefined || global.mutable) continue;
    const init = binaryen.getExpressionInfo(global.init);
    if ("value" in init && typeof init.value === "number") constants[name] = init.value;
  }
  return constants;
}

function numbered<T>(count: number, read: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => read(index));
}
