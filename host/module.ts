// The module that is shipped inside the programs, compiled once.
import bytes from "../build/standfast.wasm";
import { type CompiledModule, compile } from "./core/load.ts";

let compiled: CompiledModule | undefined;

export function shippedModule(): CompiledModule {
  compiled ??= compile(bytes);
  return compiled;
}
