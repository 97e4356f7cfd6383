// The AssemblyScript compiler, as far as the tools use it; compiler.d.mts says with which types.

export { main } from "assemblyscript/asc";
export {
  AssertionKind,
  CommonFlags,
  LiteralKind,
  NodeKind,
  Token,
} from "assemblyscript/dist/assemblyscript.js";
