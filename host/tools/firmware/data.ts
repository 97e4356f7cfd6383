// The constants of a translation: what wasm2c writes as many small pieces, as few pieces of C.
//
// Each piece costs its copy into the memory some 20 bytes of code, so pieces with little between them become one, with
// zeros between, which are there anyway. Above: translate.ts.

interface Piece {
  readonly address: number;
  readonly bytes: readonly string[];
}

/** Bytes between two pieces that cost less than another copy. */
const GAP_MAX = 16;

/**
 * @returns C: the constants, and load_data(), which makes the memory as it is after instantiation
 * @throws Error when a piece is not loaded once, or in another order
 */
export function dataOf(translation: string): string {
  const pieces = join(read(translation));
  const arrays = pieces.map(({ bytes }, index) => `static const u8 d${index}[] = {\n${rows(bytes)}\n};`);
  const copies = pieces.map(
    ({ address, bytes }, index) => `  memcpy(memory + ${address}, d${index}, ${bytes.length});`,
  );
  return [
    ...arrays,
    `static u8 load_data(void) {\n  memset(memory, 0, sizeof memory);\n${copies.join("\n")}\n  return 1;\n}`,
  ].join("\n\n");
}

function read(translation: string): Piece[] {
  const arrays = [...translation.matchAll(/^static const u8 data_segment_data_(\w+)\[\] = \{([^}]*)\};$/gm)];
  const loads = [
    ...translation.matchAll(
      /^ {2}LOAD_DATA\(instance->w2c_memory, (\d+)u, data_segment_data_(\w+), (\d+)\);$/gm,
    ),
  ];
  const pieces = arrays.map(([, name, text = ""], index) => {
    const [, address, loaded, length] = loads[index] ?? [];
    const bytes = text.match(/0x[0-9a-f]{2}/g) ?? [];
    if (loaded !== name || bytes.length !== Number(length))
      throw new Error(`the data ${name} is not loaded as it stands`);
    return { address: Number(address), bytes };
  });
  if (pieces.length !== loads.length || pieces.length !== translation.match(/\bLOAD_DATA\(instance/g)?.length)
    throw new Error(`${pieces.length} pieces of data, ${loads.length} loaded: another version of wabt?`);
  return pieces;
}

function join(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of [...pieces].sort((a, b) => a.address - b.address)) {
    const before = joined.at(-1);
    const gap =
      before === undefined ? Number.POSITIVE_INFINITY : piece.address - before.address - before.bytes.length;
    if (before === undefined || gap > GAP_MAX) joined.push(piece);
    else
      joined[joined.length - 1] = {
        ...before,
        bytes: [...before.bytes, ...Array.from({ length: gap }, () => "0x00"), ...piece.bytes],
      };
  }
  return joined;
}

function rows(bytes: readonly string[]): string {
  const starts = Array.from({ length: Math.ceil(bytes.length / 20) }, (_, row) => 20 * row);
  return starts.map((start) => `  ${bytes.slice(start, start + 20).join(", ")},`).join("\n");
}
