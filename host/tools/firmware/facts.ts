// What a module says of itself, as numbers for C: asked of the module, so that a variant tells its own.
//
// Above: drop-in.ts.

import { createHash } from "node:crypto";
import { E_SERVER, OK, TRANSPORT_UDP } from "../../../assembly/abi.ts";
import { type CoreExports, instantiate } from "../../core/load.ts";
import { VERSION } from "../../version.ts";
import type { Region } from "../build/layout.ts";

/** standfast_build.h. @param regions the memory map of the module */
export function buildHeader(module: Uint8Array, regions: readonly Region[]): string {
  const core = instantiate(module);
  core.setSeed();
  const rows: readonly (readonly [name: string, value: number | string, what: string])[] = [
    ["VERSION", `"${VERSION}"`, "of the package"],
    ["MODULE_SHA256", `"${createHash("sha256").update(module).digest("hex")}"`, "of the module in here"],
    ["LINES", linesOf(core), "of one instance"],
    ["SERVERS", serversOf(core), "of one instance"],
    ["MEMORY_USED", memoryUsedBy(core), "bytes of memory that the core needs"],
    ["SNAPSHOT", core.buffer(), "bytes of a snapshot"],
    ["INPUT_MAX", inputMaxOf(regions), "bytes of the longest datagram that is read"],
  ];
  return rows.map(([name, value, what]) => `#define STANDFAST_${name} ${value} /* ${what} */\n`).join("");
}

/** Bytes that must be there: ABI.md, "Exports". */
export function memoryUsedBy(core: CoreExports): number {
  return (core as unknown as { readonly __heap_base: { readonly value: number } }).__heap_base.value;
}

function linesOf(core: CoreExports): number {
  return first((line) => core.lineView(line) === 0);
}

function serversOf(core: CoreExports): number {
  return first((server) => {
    const result = core.setServer(server, 5060, TRANSPORT_UDP);
    if (result !== OK && result !== E_SERVER) throw new Error(`setServer(${server}) returned ${result}`);
    return result === E_SERVER;
  });
}

function inputMaxOf(regions: readonly Region[]): number {
  const input = regions.find(({ name }) => name === "RX");
  if (input === undefined) throw new Error("the memory map has no region RX: base/memory.ts");
  return input.record;
}

function first(holds: (n: number) => boolean): number {
  let n = 0;
  while (!holds(n)) n++;
  return n;
}
