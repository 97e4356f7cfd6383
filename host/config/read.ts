// A configuration out of the bytes of a file: the one way in for every form.
//
// Pure: host/config/file.ts reads the disk. Below: text.ts, toml.ts, keyvalue.ts, build.ts.

import { isSecret } from "../params/row.ts";
import { build, type Reading } from "./build.ts";
import { Draft } from "./draft.ts";
import { meaningOf } from "./key.ts";
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
      enterParam(draft, param.slice(0, equals).trim(), param.slice(equals + 1).trim());
      continue;
    }
    const message = `${param} is no NAME=VALUE`;
    const remedy = "write --param primaryDetectInterval=90";
    draft.errors.push({ code: "syntax", where: "--param", message, remedy });
  }
}

/** Whoever lists the processes of a machine reads their command lines, so a password is refused there. */
function enterParam(draft: Draft, key: string, value: string): void {
  const where = `--param ${key}`;
  const path = key.split(".");
  const meaning = meaningOf(path);
  if (meaning.kind === "param" && isSecret(meaning.row)) {
    const message = "a password never stands on the command line";
    const remedy = "give --password-file FILE, or write it into the configuration file";
    draft.errors.push({ code: "secret", where, message, remedy });
  } else {
    draft.replace(path, value, where);
  }
}
