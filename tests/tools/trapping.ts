// The shipped module with a trap in it.

import binaryen from "binaryen";

/** One export that always traps. */
export function trappingAt(shipped: Uint8Array, name: string): Uint8Array {
  return changed(shipped, name, (module) => module.unreachable());
}

/** `receive` traps when the datagram begins with that word, of 4 bytes or more. */
export function trappingAtWord(shipped: Uint8Array, word: string): Uint8Array {
  const magic = new DataView(new TextEncoder().encode(word).buffer).getInt32(0, true);
  return changed(shipped, "receive", (module, inner) => {
    const first = module.i32.load(0, 1, module.call(innerOf(module, "buffer"), [], binaryen.i32));
    const args = [0, 1, 2].map((index) => module.local.get(index, binaryen.i32));
    return module.block(null, [
      module.if(module.i32.eq(first, module.i32.const(magic)), module.unreachable()),
      module.return(module.call(inner, args, binaryen.i32)),
    ]);
  });
}

function innerOf(module: binaryen.Module, name: string): string {
  return binaryen.getExportInfo(module.getExport(name)).value;
}

/** The module, with another function under that name; `inner` is the one that was there. */
function changed(
  shipped: Uint8Array,
  name: string,
  body: (module: binaryen.Module, inner: string) => number,
): Uint8Array {
  const module = binaryen.readBinary(shipped);
  const inner = innerOf(module, name);
  const { params, results } = binaryen.getFunctionInfo(module.getFunction(inner));
  module.removeExport(name);
  module.addFunction("planted", params, results, [], body(module, inner));
  module.addFunctionExport("planted", name);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}
