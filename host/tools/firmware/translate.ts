// The functions and constants of a module as C, without all that wasm2c writes around them.
//
// wasm2c (package wabt) translates for any module and any host. The core has one memory, no import, no table and no float,
// so of what it writes only the functions and the data stay, and an access names the memory no more: what is left stands
// on host/firmware/runtime/memory.h. A text that no rule knows is an error, so another version of wabt is noticed.
// Below: data.ts. Above: drop-in.ts, fuzz/checked.ts.

import { mkdirSync, readFileSync } from "node:fs";
import { run } from "../child.ts";
import { dataOf } from "./data.ts";

const WASM2C = "node_modules/wabt/bin/wasm2c";
const NAME = "standfast";

/** Each operation of the translation, and what memory.h calls it. */
const OPERATIONS: Readonly<Record<string, string>> = {
  i32_load8_u: "load8",
  i32_load8_s: "load8_signed",
  i32_load16_u: "load16",
  i32_load: "load32",
  i64_load8_u: "load8",
  i64_load32_u: "load32",
  i64_load: "load64",
  i32_store8: "store8",
  i32_store16: "store16",
  i32_store: "store32",
  memory_fill: "fill",
  memory_copy: "copy",
  I32_ROTL: "rotate_left",
  I32_ROTR: "rotate_right",
  DIV_U: "divide",
  REM_U: "remainder_of",
  I32_DIV_S: "divide_signed",
};

/**
 * Translates a module.
 * @param folder where wasm2c writes
 * @throws Error when it cannot, or writes something unknown
 */
export async function translate(wasm: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const written = `${folder}/wasm2c.c`;
  const { code, output } = await run(process.execPath, [WASM2C, wasm, "-n", NAME, "-o", written]);
  if (code !== 0) throw new Error(`${WASM2C} ended with code ${code}\n${output.trim()}`);
  return reduce(readFileSync(written, "utf8"));
}

/** What stays of a translation. A module with names keeps them: `assembly_wire_scan_scan`. */
export function reduce(translation: string): string {
  const all = (pattern: RegExp) => [...translation.matchAll(pattern)];
  const prototypes = all(/^static \w+ (w2c_standfast_\w+)\(w2c_standfast\*.*\);$/gm);
  const declared = new Set(prototypes.map(([, name]) => name));
  const bodies = all(/^\w+ (w2c_standfast_\w+)\(w2c_standfast\* instance[^)]*\) \{\n[\s\S]*?^\}$/gm).filter(
    ([, name]) => declared.has(name),
  );
  if (prototypes.length !== bodies.length || bodies.length === 0)
    throw new Error(
      `${prototypes.length} functions declared, ${bodies.length} found: another version of wabt?`,
    );
  const text = [
    ...prototypes.map(([prototype]) => prototype),
    dataOf(translation),
    ...bodies.map(([body]) => `static ${body}`),
  ];
  return known(renamed(`${text.join("\n\n")}\n`));
}

function renamed(text: string): string {
  return text
    .replace(/^ *FUNC_(PROLOGUE|EPILOGUE);\n/gm, "")
    .replaceAll("UNREACHABLE;", "trap();")
    .replace(
      /(\w+?)(?:_default32)?\((?:&instance->w2c_memory, )+(?:\(u64\)\((\w+)\)(?: \+ (\d+))?)?/g,
      access,
    )
    .replace(/\b(I32_ROTL|I32_ROTR|DIV_U|REM_U|I32_DIV_S)\(/g, (_, name: string) => `${operation(name)}(`)
    .replace(/\bw2c_standfast_(?:assembly0x2Findex0x2F(\w+)|(\w+)_0)\(/g, "core_$1$2(")
    .replace(
      /\bw2c_standfast_(f\d+|assembly0x2F\w+)\(/g,
      (_, name: string) => `${name.replaceAll("0x2F", "_")}(`,
    )
    .replace(/\((?:w2c_standfast\* instance|instance|w2c_standfast\*)(?:, )?/g, "(")
    .replace(/^(static \w+ \w+)\(\)/gm, "$1(void)")
    .replace(/[ \t]+$/gm, "");
}

/** An access to the memory: address and offset apart, so that their sum need not be formed in 64 bits. */
function access(_: string, name: string, address: string | undefined, offset = "0"): string {
  return address === undefined ? `${operation(name)}(` : `${operation(name)}(${address}, ${offset}`;
}

function operation(name: string): string {
  const known = OPERATIONS[name];
  if (known === undefined)
    throw new Error(`the translation uses ${name}: give it a row here and memory.h a function`);
  return known;
}

function known(text: string): string {
  const strange = /\b(instance|w2c_\w+|wasm_rt\w*|WASM\w*|[fi](?:32|64)_\w+|[FI](?:32|64)_\w+)\b/.exec(text);
  if (strange === null) return text;
  throw new Error(
    `the translation has ${strange[0]}, which no rule of host/tools/firmware/translate.ts knows`,
  );
}
