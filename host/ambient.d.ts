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
