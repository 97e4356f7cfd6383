// The memory map as the compiler laid it out: every address constant of the core, with what lies there.
//
// Looks at the globals before they are optimised away, so it needs no second build and cannot differ from the
// shipped module. Above: compile.ts, size.ts.

import binaryen from "binaryen";

export type Region = {
  /** Constant that names the address: `RX`, `TABLE`. The texts of utf8() are `texts`. */
  readonly name: string;
  /** Source file below assembly/, without `.ts`. */
  readonly file: string;
  readonly address: number;
  /** Up to the next region: includes what aligns that one. */
  readonly bytes: number;
  /** Bytes of one of its records, without the gap behind it; of a region that is one record: without its gap. */
  readonly record: number;
};

type Program = {
  readonly elementsByName: ReadonlyMap<
    string,
    { readonly type?: object; readonly initializerNode?: Initializer }
  >;
};
type Initializer = { readonly range: { toString(): string } };
type Address = Omit<Region, "bytes" | "record">;

const DATA_END = "~lib/memory/__data_end";
/** Every `usize` constant of this file is an address of the map; elsewhere only what memory.data() gives is. */
const MAP_FILE = "base/memory";
const GAP = "assembly/base/limits/GAP";

/** A hook for asc that hands over the map of the program it compiles. */
export function layoutHook(take: (regions: Region[]) => void): new () => object {
  return class {
    declare readonly program: Program;
    afterCompile(module: binaryen.Module): void {
      take(regionsOf(module, this.program));
    }
  };
}

function regionsOf(module: binaryen.Module, program: Program): Region[] {
  const found: Address[] = [];
  const constants = new Map<string, number>();
  let end = 0;
  for (let index = 0; index < module.getNumGlobals(); index++) {
    const { name, init } = binaryen.getGlobalInfo(module.getGlobalByIndex(index));
    const address = constant(init);
    constants.set(name, address);
    if (name === DATA_END) end = address;
    else if (isAddress(name, program)) found.push({ ...split(name), address });
  }
  found.sort((a, b) => a.address - b.address);
  // Of several names for one address the last is the region itself: those before it name the block it opens.
  const regions = found.filter(
    ({ address }, index) => found[index + 1]?.address !== address && address < end,
  );
  return regions.map((region, index) => {
    const bytes = (regions[index + 1]?.address ?? end) - region.address;
    return { ...region, bytes, record: recordOf(region, bytes, constants) };
  });
}

/** `LINE_RECORDS` holds records of LINE_SIZE bytes, `RX` one of RX_SIZE; a region without such a constant is one. */
function recordOf({ file, name }: Address, bytes: number, constants: ReadonlyMap<string, number>): number {
  if (file !== MAP_FILE) return bytes;
  const isOwn = (key: string) =>
    key.startsWith(`assembly/${MAP_FILE}/`) &&
    key.endsWith("_SIZE") &&
    name.startsWith(split(key).name.slice(0, -5));
  const own = [...constants].find(([key]) => isOwn(key));
  return own?.[1] ?? bytes - (constants.get(GAP) ?? 0);
}

function isAddress(name: string, program: Program): boolean {
  const element = program.elementsByName.get(name);
  if (!name.startsWith("assembly/") || String(element?.type) !== "usize") return false;
  const { file, name: short } = split(name);
  if (file === MAP_FILE || short === "texts") return true;
  return element?.initializerNode?.range.toString().startsWith("memory.data") ?? false;
}

/** `assembly/session/registration/TABLE` into its file and its name. */
function split(name: string): { file: string; name: string } {
  const at = name.lastIndexOf("/");
  const short = name.slice(at + 1);
  return short === "__utf8"
    ? { file: "", name: "texts" }
    : { file: name.slice("assembly/".length, at), name: short };
}

function constant(expression: number): number {
  const info = binaryen.getExpressionInfo(expression);
  return "value" in info && typeof info.value === "number" ? info.value : 0;
}
