// Configurations and passwords on disk. The only file of this folder that touches it.

import { readFileSync } from "node:fs";
import { paramOf } from "../params/table.ts";
import type { Reading } from "./build.ts";
import type { ConfigError } from "./error.ts";
import { type Extras, readConfig } from "./read.ts";
import { decode } from "./text.ts";
import { parseValue } from "./value.ts";

/** Reads the configuration at `path`. */
export function readConfigFile(path: string, extras: Extras = {}): Reading {
  const bytes = read(path, "the configuration");
  if (!(bytes instanceof Uint8Array)) return { kind: "refused", errors: [bytes] };
  return readConfig(bytes, path, extras);
}

export type Password =
  | { readonly kind: "password"; readonly password: string }
  | { readonly kind: "refused"; readonly error: ConfigError };

/** The first line of the file at `path`, without its end. */
export function readPasswordFile(path: string): Password {
  const bytes = read(path, "the password file");
  if (!(bytes instanceof Uint8Array)) return { kind: "refused", error: bytes };
  const decoded = decode(bytes, path);
  if (decoded.kind === "text") {
    const [password = ""] = decoded.text.split(/\r\n|\n|\r/);
    if (password !== "") return checked(password, path);
  } else if (decoded.error.code !== "empty") {
    return decoded;
  }
  const message = "the password file has nothing on its first line";
  const remedy = "write the password there";
  return { kind: "refused", error: { code: "empty", where: path, message, remedy } };
}

// The same bounds as for a password in the configuration; the message never shows it.
function checked(password: string, path: string): Password {
  const parsed = parseValue(paramOf("password"), password, 1);
  if (parsed.kind === "value") return { kind: "password", password };
  const message = `the password${parsed.tail}`;
  const { code, remedy, allowed } = parsed;
  const where = `${path}:1`;
  return {
    kind: "refused",
    error: { code, where, message, remedy, ...(allowed !== undefined && { allowed }) },
  };
}

function read(path: string, what: string): Uint8Array | ConfigError {
  try {
    return readFileSync(path);
  } catch (error) {
    return unreadable(path, what, error);
  }
}

/** Why the system did not read `what` at `path`. */
export function unreadable(path: string, what: string, error: unknown): ConfigError {
  const cause = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const message = `${what} cannot be read: ${CAUSES[cause] ?? cause}`;
  return { code: "unreadable", where: path, message, remedy: "check the path and its permissions" };
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EISDIR: "it is a directory",
};
