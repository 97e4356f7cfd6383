// The instructions the core may have, each with the names of its operands in binaryen's description of it.
//
// A list of what is allowed, not of what is forbidden: whatever a compiler learns to emit one day is refused until
// it stands here. So memory.grow, calls through a table or a reference, threads, vectors and exceptions are out.

import binaryen from "binaryen";

/** Operands by kind; a name may stand for one expression or for a list of them. */
export const OPERANDS: Readonly<Record<string, readonly string[]>> = {
  Nop: [],
  Unreachable: [],
  Block: ["children"],
  If: ["condition", "ifTrue", "ifFalse"],
  Loop: ["body"],
  Break: ["condition", "value"],
  Switch: ["condition", "value"],
  Return: ["value"],
  Call: ["operands"],
  LocalGet: [],
  LocalSet: ["value"],
  GlobalGet: [],
  Load: ["ptr"],
  Store: ["ptr", "value"],
  Const: [],
  Unary: ["value"],
  Binary: ["left", "right"],
  Select: ["ifTrue", "ifFalse", "condition"],
  Drop: ["value"],
  MemoryCopy: ["dest", "source", "size"],
  MemoryFill: ["dest", "value", "size"],
};

/** binaryen declares its kinds as a const enum, which has no names to list. */
const { ExpressionIds } = binaryen as unknown as { ExpressionIds: Readonly<Record<string, number>> };
const NAMES = new Map(Object.entries(ExpressionIds).map(([name, id]) => [id, name]));

/** The kind of an expression, as binaryen calls it: `Call`, `MemoryGrow`. */
export function kindOf(expression: number): string {
  const id = binaryen.getExpressionId(expression);
  return NAMES.get(id) ?? `kind ${id}`;
}
