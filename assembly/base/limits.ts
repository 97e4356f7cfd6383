// How much one instance carries. Constants of the build: ABI.md, "Sizes".
//
// One instance is one server set and the lines that use it. A host that carries thousands of lines
// builds the same sources with a larger LINES.

/** Lines, 1..1024. */
export const LINES: u32 = 8;
/** Servers of the set: the primary and up to three backups, 1..4. */
export const SERVERS: u32 = 4;
/**
 * Bytes between any two regions and records. 0 in what is shipped; a checked build puts some there that nobody may
 * touch, so that a load or store that leaves its record is seen. docs/fuzzing.md.
 */
export const GAP: u32 = 0;
