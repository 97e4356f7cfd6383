// What the compilers of this repository add to plain TypeScript.

// esbuild puts the bytes of an imported module into the bundle.
declare module "*.wasm" {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

// Files of assembly/ that the host reads too (abi.ts, generated/) hold constants of these types.
type i32 = number;
type u32 = number;
type u16 = number;
type u8 = number;
type usize = number;

// The part of WebAssembly that the host uses: neither TypeScript's es2023 nor Node's types have it.
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
    static imports(module: Module): { module: string; name: string; kind: string }[];
    static exports(module: Module): { name: string; kind: string }[];
    static customSections(module: Module, name: string): ArrayBuffer[];
  }
  class Instance {
    constructor(module: Module, imports?: Record<string, Record<string, unknown>>);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number });
    readonly buffer: ArrayBuffer;
  }
  class Global {
    readonly value: number;
  }
  class RuntimeError extends Error {}
  class CompileError extends Error {}
}
