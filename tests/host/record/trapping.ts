// A module that traps where it is told to.

import { readFileSync } from "node:fs";
import binaryen from "binaryen";

/** The shipped module, but for one export that traps. */
export function trapping(name: string): Uint8Array {
  const made = binaryen.readBinary(new Uint8Array(readFileSync("build/standfast.wasm")));
  const inner = binaryen.getExportInfo(made.getExport(name)).value;
  const { params, results } = binaryen.getFunctionInfo(made.getFunction(inner));
  made.removeFunction(inner);
  made.addFunction(inner, params, results, [], made.unreachable());
  const bytes = made.emitBinary();
  made.dispose();
  return bytes;
}
