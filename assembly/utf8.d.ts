// What asc-utf8.transform.mjs turns into constants while compiling. Each takes one string literal.

/** Address of the UTF-8 bytes of `text` in static memory. Equal texts share their bytes. */
declare function utf8(text: string): usize;
/** How many bytes `utf8(text)` has. */
declare function utf8len(text: string): u32;
/** The four bytes of `text` as `load<u32>` reads them. */
declare function u32le(text: string): u32;
/** The eight bytes of `text` as `load<u64>` reads them. */
declare function u64le(text: string): u64;
