// One value of one parameter, out of the words of a file or an option.
//
// Below: host/params/row.ts, which knows the ranges. Above: draft.ts.

import type { ChoiceShape, NumberShape, Shape, TextShape, Value } from "../params/row.ts";
import { allowed, allowsZero } from "../params/row.ts";
import type { ConfigCode } from "./error.ts";
import { isHost } from "./host.ts";

/** As a reader found it: TOML has types, the other forms have texts only. */
export type Raw = string | number | boolean;

export type Parsed =
  | { readonly kind: "value"; readonly value: Value }
  | {
      readonly kind: "problem";
      readonly code: ConfigCode;
      /** Goes behind `name = raw`: ` is no number`, or nothing when the range says all. */
      readonly tail: string;
      readonly allowed?: string;
      readonly remedy: string;
    };

const ON = ["on", "true", "yes", "enable", "enabled", "1", "开启", "启用"];
const OFF = ["off", "false", "no", "disable", "disabled", "0", "禁止", "关闭", "禁用"];

/**
 * @param raw    what the file says
 * @param factor their unit in ours, for a vendor's name
 */
export function parseValue(row: Shape, raw: Raw, factor: number): Parsed {
  switch (row.kind) {
    case "number":
      return parseNumber(row, raw, factor);
    case "switch":
      return parseSwitch(row, raw);
    case "choice":
      return parseChoice(row, raw);
    case "text":
      return parseText(row, raw);
  }
}

function parseNumber(row: NumberShape, raw: Raw, factor: number): Parsed {
  const isNumber = typeof raw === "number" || /^[+-]?\d+(\.\d+)?$/.test(String(raw));
  if (!isNumber) {
    const remedy = `write a whole number${row.unit === "" ? "" : ` of ${row.unit}`}`;
    return problem(row, "wrong-type", " is no number", remedy);
  }
  const value = Math.round(Number(raw) * factor * 1e6) / 1e6;
  const inRange = value >= row.min && value <= row.max;
  if (Number.isInteger(value) && (inRange || (value === 0 && allowsZero(row)))) return taken(value);
  return problem(row, "out-of-range", "", rangeRemedy(row));
}

function rangeRemedy(row: NumberShape): string {
  const zero = row.zero === undefined ? "" : `; 0 means: ${row.zero}`;
  return `choose a whole number in that range${zero}`;
}

function parseSwitch(row: Shape, raw: Raw): Parsed {
  const word = String(raw).toLowerCase();
  if (ON.includes(word)) return taken(true);
  if (OFF.includes(word)) return taken(false);
  return problem(row, "wrong-type", " is neither on nor off", "write on or off");
}

function parseChoice(row: ChoiceShape, raw: Raw): Parsed {
  const word = String(raw).toLowerCase();
  const found = wordOf(row.choices, word);
  if (found !== undefined) return taken(found);
  return problem(row, "out-of-range", "", "choose one of these words");
}

/** The word itself, or the one that a number stands for; undefined when it is neither. */
function wordOf(choices: Readonly<Record<string, number>>, word: string): string | undefined {
  return Object.keys(choices).find((key) => key === word || String(choices[key]) === word);
}

function parseText(row: TextShape, raw: Raw): Parsed {
  if (typeof raw === "boolean") {
    return problem(row, "wrong-type", " is no text", "put the text in quotes");
  }
  const text = String(raw);
  if (/[\x00-\x1f\x7f]/.test(text)) {
    const remedy = "leave line ends, tabs and other control characters out";
    return problem(row, "text", " holds a control character", remedy);
  }
  const bytes = new TextEncoder().encode(text).length;
  if (row.bytes !== undefined && bytes > row.bytes) {
    return problem(row, "text", ` is ${bytes} bytes long`, "shorten it");
  }
  if (text !== "" && row.form === "host" && !isHost(text)) {
    const remedy = "write a name or an address alone; its port has a parameter of its own";
    return problem(row, "text", " is no host name or address", remedy);
  }
  if (text !== "" && row.form === "user" && !USER.test(text)) {
    const remedy = "use letters, digits and - _ . ! ~ * ' ( ) & = + $ , ; ? / only";
    return problem(row, "text", " is no user of a SIP address", remedy);
  }
  return taken(text);
}

// What may stand in the user part of a SIP URI unescaped. RFC 3261 §25.1.
const USER = /^[A-Za-z0-9\-_.!~*'()&=+$,;?/]+$/;

function taken(value: Value): Parsed {
  return { kind: "value", value };
}

function problem(row: Shape, code: ConfigCode, tail: string, remedy: string): Parsed {
  const range = row.kind === "text" ? {} : { allowed: allowed(row) };
  const limit = row.kind === "text" && row.bytes !== undefined && tail.endsWith("bytes long");
  return {
    kind: "problem",
    code,
    tail,
    remedy,
    ...(limit ? { allowed: `up to ${row.bytes} bytes` } : range),
  };
}
