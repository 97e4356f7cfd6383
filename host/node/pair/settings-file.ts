// The configuration of a node from the disk, with the password and the certificates that it names.
//
// Paths in it are relative to its own folder. Below: host/pbx/pair/settings.ts. Above: node.ts, host/cli/pair.ts.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { ConfigError } from "../../config/error.ts";
import { readPasswordFile, unreadable } from "../../config/file.ts";
import { type PairSettings, readPairSettings } from "../../pbx/pair/settings.ts";
import type { Identity } from "../pbx-listen.ts";

/** All that a node starts from. */
export interface NodeConfig {
  readonly settings: PairSettings;
  /** What the nodes of the pair share; never shown. */
  readonly pbxPassword: string;
  readonly identity: Identity;
  /** Paths that are absolute. */
  readonly authorityFile: string;
  readonly dataFolder: string;
}

export type NodeReading =
  | { readonly kind: "config"; readonly config: NodeConfig }
  | { readonly kind: "refused"; readonly errors: readonly ConfigError[] };

export function readNodeConfig(path: string): NodeReading {
  const bytes = read(path, "the configuration");
  if (!(bytes instanceof Uint8Array)) return { kind: "refused", errors: [bytes] };
  const reading = readPairSettings(bytes, path);
  if (reading.kind === "refused") return reading;
  const { settings } = reading;
  const placed = (file: string): string => resolve(dirname(path), file);
  const password = readPasswordFile(placed(settings.files.password));
  const [certificate, key, authority] = [
    read(placed(settings.files.certificate), "certificateFile"),
    read(placed(settings.files.key), "keyFile"),
    read(placed(settings.files.authority), "authorityFile"),
  ];
  const errors = [
    ...(password.kind === "refused" ? [password.error] : []),
    ...[certificate, key, authority].flatMap((one) => (one instanceof Uint8Array ? [] : [one])),
  ];
  if (errors.length > 0 || password.kind === "refused") return { kind: "refused", errors };
  const config: NodeConfig = {
    settings,
    pbxPassword: password.password,
    identity: { key: String(key), certificate: String(certificate) },
    authorityFile: placed(settings.files.authority),
    dataFolder: placed(settings.files.data),
  };
  return { kind: "config", config };
}

function read(path: string, what: string): Buffer | ConfigError {
  try {
    return readFileSync(path);
  } catch (error) {
    return unreadable(path, what, error);
  }
}
