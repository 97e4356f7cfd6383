// The module writes its records and nothing else: constants, configuration and the rest of the page stay as they are.
//
// Where what lies is read off two instances that were configured differently, so no map of the memory is needed.
// ABI.md, "Sizes"; DESIGN.md D3.

import * as abi from "../../../assembly/abi.ts";
import type { Core } from "../../core/core.ts";
import { type CompiledModule, load } from "../../core/load.ts";
import { coreRange } from "../../params/row.ts";
import { CORE } from "../../params/table.ts";
import type { Invariant } from "../watcher.ts";

/** What is written stays written, so not every moment has to be looked at. */
const EVERY = 16;
/** The first page; what a counting build adds lies behind it. */
const PAGE = 65_536;

/** Where a module keeps what never changes. */
export interface Layout {
  readonly constants: readonly number[];
  /** Their values, by address. */
  readonly pristine: Uint8Array;
  /** Parameters, and texts that only the configuration sets. */
  readonly configured: readonly number[];
  /** One past the last byte in use. */
  readonly end: number;
}

const layouts = new WeakMap<CompiledModule, Layout>();

export const conserved: Invariant = {
  name: "conserved",
  source: "DESIGN.md D3; ABI.md, Exports (__heap_base)",
  says: "constants, parameters and texts are unchanged, and nothing is written behind the last record",
  watch({ module }, broken) {
    const layout = layoutOf(module);
    let configured: readonly number[] | undefined;
    let moments = 0;
    const check = (memory: ArrayBuffer): void => {
      const bytes = new Uint8Array(memory);
      configured ??= layout.configured.map((at) => bytes[at] ?? 0);
      const known = configured;
      const spoilt = layout.constants.find((at) => bytes[at] !== layout.pristine[at]);
      if (spoilt !== undefined) broken(`the constant at ${spoilt} is ${bytes[spoilt]}`);
      const changed = layout.configured.find((at, index) => bytes[at] !== known[index]);
      if (changed !== undefined) broken(`the configuration at ${changed} is ${bytes[changed]}`);
      const stray = strayWord(memory, layout.end);
      if (stray !== undefined) broken(`something was written behind the end, at ${stray}`);
    };
    return {
      moment({ memory }) {
        if (moments++ % EVERY === 0) check(memory());
      },
      healed({ memory }) {
        check(memory());
      },
      stopped({ memory }) {
        check(memory());
      },
    };
  },
};

function layoutOf(module: CompiledModule): Layout {
  const known = layouts.get(module) ?? readLayout(module);
  layouts.set(module, known);
  return known;
}

function readLayout(module: CompiledModule): Layout {
  const pristine = new Uint8Array(load(module).memory).slice();
  const constants = [...pristine.keys()].filter((at) => pristine[at] !== 0);
  const [one, other] = [configuredWith(module, 0, "a"), configuredWith(module, 1, "b")];
  return {
    constants,
    pristine,
    configured: [...one.keys()].filter((at) => one[at] !== other[at]),
    end: 8 * Math.ceil(((constants.at(-1) ?? 0) + 1) / 8),
  };
}

/** The memory of an instance in which every parameter is at its least or most, and every text a letter. */
function configuredWith(module: CompiledModule, bound: 0 | 1, letter: string): Uint8Array {
  const core = load(module);
  core.setSeed(new Uint8Array(32));
  for (const row of CORE) core.setParam(row.id, coreRange(row)[bound]);
  setTexts(core, letter);
  // The input buffer is the host's.
  return new Uint8Array(core.memory).slice();
}

function setTexts(core: Core, letter: string): void {
  const texts = [
    abi.TEXT_USER,
    abi.TEXT_DISPLAY,
    abi.TEXT_ACCOUNT,
    abi.TEXT_PASSWORD,
    abi.TEXT_HOST,
    abi.TEXT_DOMAIN,
  ];
  for (let server = 0; server < 4; server++) core.setServer(server, 5060, abi.TRANSPORT_UDP);
  for (let line = 0; line < 8; line++)
    for (let server = 0; server < 4; server++)
      for (const text of texts) core.setText(text, line, server, letter);
}

/** The address of the first word that is not 0 between `end` and the end of the page. */
function strayWord(memory: ArrayBuffer, end: number): number | undefined {
  const words = new Uint32Array(memory, end, (PAGE - end) / 4);
  for (let at = 0; at < words.length; at++) if (words[at] !== 0) return end + 4 * at;
  return undefined;
}
