// What a TOML file of other keys than a phone's has said so far: each value judged by its row, and the mistakes.
//
// A reader of such a file extends it by what each key means. Below: value.ts, nearest.ts. Above: host/pbx/pair/settings.ts,
// host/session/soap/config.ts.

import { isSecret, type Shape, type Value } from "../params/row.ts";
import type { ConfigError } from "./error.ts";
import { nearest } from "./nearest.ts";
import { parseValue, type Raw } from "./value.ts";

export class Sheet {
  readonly errors: ConfigError[] = [];
  readonly file: string;
  /** The page that shows all keys. */
  readonly example: string;
  readonly #said = new Map<string, { readonly value: Value; readonly where: string }>();
  readonly #refused = new Set<string>();

  constructor(file: string, example: string) {
    this.file = file;
    this.example = example;
  }

  /** What was said of a key; undefined: nothing. */
  said(name: string): Value | undefined {
    return this.#said.get(name)?.value;
  }

  /** Where that stands; the file, when nothing was said. */
  where(name: string): string {
    return this.#said.get(name)?.where ?? this.file;
  }

  /** True also when what was said is wrong: it is not missing. */
  wasSaid(name: string): boolean {
    return this.#said.has(name) || this.#refused.has(name);
  }

  /** Takes one value. Empty text is as if nothing was said. */
  protected take(row: Shape, name: string, raw: Raw, where: string): void {
    if (raw === "") return;
    const parsed = parseValue(row, raw, 1);
    if (parsed.kind === "value") {
      this.#said.set(name, { value: parsed.value, where });
      return;
    }
    const { code, tail, allowed, remedy } = parsed;
    this.#refused.add(name);
    const message = isSecret(row) ? `${name}${tail}` : `${name} = ${raw}${tail}`;
    this.errors.push({ code, where, message, ...(allowed !== undefined && { allowed }), remedy });
  }

  /** @param word what of `name` may be misspelt, one of `known` */
  protected refuseUnknown(name: string, word: string, known: readonly string[], where: string): void {
    const near = nearest(word, known);
    const remedy = near === undefined ? `${this.example} lists the keys` : `did you mean ${near}?`;
    this.errors.push({ code: "unknown-key", where, message: `unknown key ${name}`, remedy });
  }
}
