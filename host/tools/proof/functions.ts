// The functions of a module: what each calls, which instructions it has, how much stack its frame takes.
//
// Above: facts.ts. Below: instructions.ts, the list of what is allowed.

import binaryen from "binaryen";
import { kindOf, OPERANDS } from "./instructions.ts";

export type Func = {
  readonly name: string;
  /** Names of the functions it calls. */
  readonly calls: ReadonlySet<string>;
  /** Kinds of instruction the core may not have, by name. */
  readonly forbidden: ReadonlySet<string>;
  /** Values other than integers, each with where it stands: `f64 Const`. */
  readonly notIntegers: ReadonlySet<string>;
  /** Estimate of its frame on a C stack, bytes. */
  readonly frameBytes: number;
  readonly params: readonly string[];
  readonly results: readonly string[];
};

export function readFunction(reference: number): Func {
  const info = binaryen.getFunctionInfo(reference);
  const params = binaryen.expandType(info.params);
  const results = binaryen.expandType(info.results);
  const found: Walk = { calls: new Set(), forbidden: new Set(), notIntegers: new Set(), nest: 0 };
  const isImport = info.module !== "" && info.module !== null;
  if (!isImport) walk(info.body, 1, found);
  for (const type of [...params, ...results, ...info.vars]) noteType(type, "local", found);
  return {
    name: info.name,
    calls: found.calls,
    forbidden: found.forbidden,
    notIntegers: found.notIntegers,
    frameBytes: isImport ? 0 : frameBytes([...params, ...info.vars], found.nest),
    params: params.map(typeName),
    results: results.map(typeName),
  };
}

type Walk = { calls: Set<string>; forbidden: Set<string>; notIntegers: Set<string>; nest: number };

/** A kind that OPERANDS does not list is forbidden itself, so no code can hide below it. */
function walk(expression: number, nest: number, found: Walk): void {
  if (expression === 0) return;
  found.nest = Math.max(found.nest, nest);
  const kind = kindOf(expression);
  const operands = OPERANDS[kind];
  if (operands === undefined) found.forbidden.add(kind);
  if (operands === undefined || kind === "Nop" || kind === "Unreachable") return; // the last two have no description
  const info = binaryen.getExpressionInfo(expression) as unknown as Record<string, unknown>;
  noteType(Number(info.type), kind, found);
  if (kind === "Call") found.calls.add(String(info.target));
  if (info.isReturn === true) found.forbidden.add("tail call");
  if (info.isAtomic === true) found.forbidden.add("atomic access");
  for (const operand of operands.flatMap((name) => info[name] ?? [])) walk(Number(operand), nest + 1, found);
}

function noteType(type: number, where: string, found: Walk): void {
  for (const each of binaryen.expandType(type)) {
    const name = typeName(each);
    if (!["i32", "i64", "none", "unreachable"].includes(name)) found.notIntegers.add(`${name} ${where}`);
  }
}

function typeName(type: number): string {
  const names: [number, string][] = [
    [binaryen.i32, "i32"],
    [binaryen.i64, "i64"],
    [binaryen.f32, "f32"],
    [binaryen.f64, "f64"],
    [binaryen.v128, "v128"],
    [binaryen.none, "none"],
    [binaryen.unreachable, "unreachable"],
  ];
  return names.find(([each]) => each === type)?.[1] ?? "reference";
}

/**
 * Locals, a return address with saved registers, and the operands that are alive at once, of which a compiler
 * keeps few in memory. Above what gcc -Os needs for its translation (docs/proof.md).
 */
function frameBytes(locals: readonly number[], nest: number): number {
  const bytes = locals.map((type) => (type === binaryen.i32 || type === binaryen.f32 ? 4 : 8));
  return bytes.reduce((sum, each) => sum + each, 0) + 16 + 8 * Math.min(nest, 8);
}
