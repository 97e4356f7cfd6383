// A configuration out of the bytes of a file: the one way in for every form.
//
// Pure: host/config/file.ts reads the disk. Below: text.ts, toml.ts, keyvalue.ts, build.ts.

import { build, type Reading } from "./build.ts";
import { Draft } from "./draft.ts";
import { readKeyValue } from "./keyvalue.ts";
import { decode } from "./text.ts";
import { readToml } from "./toml.ts";

export interface Extras {
  /** For lines to which the file gives no password. */
  readonly password?: string;
  /** `NAME=VALUE` from the command line; each replaces what the file says. */
  readonly params?: readonly string[];
}

/**
 * Reads a configuration. A name that ends in `.toml` is TOML, any other the phone's `key = value`.
 * @param name the file, as messages call it
 */
export function readConfig(bytes: Uint8Array, name: string, extras: Extras = {}): Reading {
  const decoded = decode(bytes, name);
  if (decoded.kind === "refused") return { kind: "refused", errors: [decoded.error] };
  const draft = new Draft();
  const read = name.toLowerCase().endsWith(".toml") ? readToml : readKeyValue;
  if (!read(decoded.text, name, draft)) return { kind: "refused", errors: draft.errors };
  enterParams(draft, extras.params ?? []);
  return build(draft, name, extras.password ?? "");
}

/** `--param NAME=VALUE`, each in place of what was said before. */
export function enterParams(draft: Draft, params: readonly string[]): void {
  for (const param of params) {
    const equals = param.indexOf("=");
    if (equals > 0) {
      const key = param.slice(0, equals).trim();
      draft.replace(key.split("."), param.slice(equals + 1).trim(), `--param ${key}`);
      continue;
    }
    const message = `${param} is no NAME=VALUE`;
    const remedy = "write --param primaryDetectInterval=90";
    draft.errors.push({ code: "syntax", where: "--param", message, remedy });
  }
}
