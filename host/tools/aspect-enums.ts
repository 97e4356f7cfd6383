// Fits as-pect to the compiler it runs with.
//
// as-pect 8.1.0 and as-covers carry numbers of the compiler's enums, frozen when they were built; from
// AssemblyScript 0.28.17 on those numbers have moved. Each still has its name beside it in a comment, so the right
// number can be put in from the installed compiler. Doing it twice changes nothing.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { place } from "./bundle.mjs";
import { AssertionKind, CommonFlags, LiteralKind, NodeKind, Token } from "./compiler.mjs";

const FOLDERS = [
  "node_modules/@as-pect/transform/lib",
  "node_modules/@as-covers/transform/lib",
  "node_modules/visitor-as/dist",
];
const ENUMS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  NodeKind,
  Token,
  CommonFlags,
  LiteralKind,
  AssertionKind,
};
const FROZEN = new RegExp(`\\b(\\d+) /\\* (${Object.keys(ENUMS).join("|")})\\.(\\w+) \\*/`, "g");

/** @returns how many numbers were moved. */
export async function alignAspect(): Promise<number> {
  let moved = 0;
  for (const folder of FOLDERS.filter(existsSync)) {
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".js"))) {
      const path = join(folder, name);
      const before = readFileSync(path, "utf8");
      const after = before.replace(FROZEN, (whole, number, type, member) => {
        const now = ENUMS[type]?.[member];
        if (now === undefined) throw new Error(`${path}: the compiler has no ${type}.${member}`);
        if (Number(number) === now) return whole;
        moved++;
        return `${now} /* ${type}.${member} */`;
      });
      if (after !== before) await place(path, after);
    }
  }
  return moved;
}
