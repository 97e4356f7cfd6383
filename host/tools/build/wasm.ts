// The sections of a WebAssembly module, as bytes. WebAssembly core specification §5.5.
//
// Above: all.ts, which ships the module without the names that the proof reads.

/** Magic number and version. */
const HEADER_LENGTH = 8;
const CUSTOM = 0;

export type Section = {
  /** 0: custom; 1..12 as in the specification. */
  readonly id: number;
  readonly from: number;
  readonly to: number;
  /** Where its content starts, after the id and the length. */
  readonly contentFrom: number;
};

export function sectionsOf(module: Uint8Array): Section[] {
  const sections: Section[] = [];
  for (let at = HEADER_LENGTH; at < module.length; ) {
    const { value: length, to: contentFrom } = readNumber(module, at + 1);
    const to = contentFrom + length;
    sections.push({ id: module[at] ?? CUSTOM, from: at, to, contentFrom });
    at = to;
  }
  return sections;
}

/** The same module without custom sections: names, source map, what the compiler says of itself. */
export function strip(module: Uint8Array): Uint8Array {
  const kept = sectionsOf(module).filter((section) => section.id !== CUSTOM);
  const parts = [module.subarray(0, HEADER_LENGTH), ...kept.map(({ from, to }) => module.subarray(from, to))];
  return Buffer.concat(parts);
}

/** An unsigned LEB128 number at `at`. */
function readNumber(bytes: Uint8Array, at: number): { value: number; to: number } {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value, to: at };
  }
}
