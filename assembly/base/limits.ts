// How much one instance carries. Constants of the build: ABI.md, "Sizes".
//
// One instance is one server set and the lines that use it. A host that carries thousands of lines
// builds the same sources with a larger LINES.

/** Lines, 1..1024. */
export const LINES: u32 = 8;
/** Servers of the set: the primary and up to three backups, 1..4. */
export const SERVERS: u32 = 4;
/** Bytes of the longest message that is read, a multiple of 8, 1024..2048. RFC 3261 §18.1.1 keeps UDP below 1300. */
export const INPUT_SIZE: u32 = 2048;
/** 1: TCP and TLS are spoken too; 0: UDP only, and a server with another transport is refused. */
export const STREAMS: u32 = 1;
/** 1: SHA-256 is spoken beside MD5; 0: MD5 only, and of challenges with SHA-256 none is answered. RFC 8760 §2. */
export const STRONG_DIGEST: u32 = 1;
/**
 * Bytes between any two regions and records. 0 in what is shipped; a checked build puts some there that nobody may
 * touch, so that a load or store that leaves its record is seen. docs/fuzzing.md.
 */
export const GAP: u32 = 0;
