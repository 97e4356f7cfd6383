// How often a run took each row of the core's four state tables, read from the memory of a counting variant.
//
// Names nothing of Node, so that it runs wherever a simulation does. Below: counting.ts makes the variant and the
// places. Above: whoever runs it.

/** A row of a state table, and where its count lies. */
export type RowPlace = {
  /** `transaction`, `registration`, `health` or `line`. */
  readonly table: string;
  /** As the source of the table calls them. */
  readonly state: string;
  readonly input: string;
  /** Address of a u32 that wraps, little-endian. */
  readonly counter: number;
};

export type RowCount = RowPlace & { readonly count: number };

/**
 * The counts of one instance since it was made, in the order of the tables.
 * @param memory of an instance of the counting variant
 */
export function readCounts(memory: ArrayBuffer, places: readonly RowPlace[]): RowCount[] {
  const view = new DataView(memory);
  return places.map((place) => ({ ...place, count: view.getUint32(place.counter, true) }));
}

/** `health DOWN + RECOVERED`. */
export function rowName({ table, state, input }: RowPlace): string {
  return `${table} ${state} + ${input}`;
}
