// The configuration of a node from the disk, with the password and the certificates that it names.
//
// Paths in it are relative to its own folder. Below: host/pbx/pair/settings.ts. Above: node.ts, host/cli/pair.ts.
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { createSecureContext } from "node:tls";
import type { ConfigError } from "../../config/error.ts";
import { readPasswordFile, unreadable } from "../../config/file.ts";
import { type PairSettings, readPairSettings } from "../../pbx/pair/settings.ts";
import type { Identity } from "../pbx-listen.ts";

/** What a standby starts from whose registrar is a Kamailio: settings.kamailio is there. */
export interface WatcherConfig {
  readonly settings: PairSettings;
  /** What the nodes of the pair share; never shown. */
  readonly pbxPassword: string;
  /** Paths are absolute. */
  readonly authorityFile: string;
}

/** All that a node starts from that is a registrar itself. */
export interface NodeConfig extends WatcherConfig {
  readonly identity: Identity;
  readonly dataFolder: string;
}

export type NodeReading =
  | { readonly kind: "config"; readonly config: NodeConfig }
  | { readonly kind: "watcher"; readonly config: WatcherConfig }
  | { readonly kind: "refused"; readonly errors: readonly ConfigError[] };

export function readNodeConfig(path: string): NodeReading {
  const bytes = read(path, "the configuration");
  if (!(bytes instanceof Uint8Array)) return { kind: "refused", errors: [bytes] };
  const reading = readPairSettings(bytes, path);
  if (reading.kind === "refused") return reading;
  const { settings } = reading;
  const placed = (file: string): string => resolve(dirname(path), file);
  const password = readPasswordFile(placed(settings.files.password));
  const authority = read(placed(settings.files.authority), "authorityFile");
  const errors = [...(password.kind === "refused" ? [password.error] : []), ...refusals(authority)];
  if (errors.length > 0 || password.kind === "refused") return { kind: "refused", errors };
  const watcher: WatcherConfig = {
    settings,
    pbxPassword: password.password,
    authorityFile: placed(settings.files.authority),
  };
  if (settings.kamailio !== undefined) return { kind: "watcher", config: watcher };
  const [certificate, key] = [
    read(placed(settings.files.certificate), "certificateFile"),
    read(placed(settings.files.key), "keyFile"),
  ];
  const missing = refusals(certificate, key);
  if (missing.length > 0) return { kind: "refused", errors: missing };
  const identity = { key: String(key), certificate: String(certificate) };
  const misfit = whyNoIdentity(identity, placed(settings.files.certificate));
  if (misfit !== undefined) return { kind: "refused", errors: [misfit] };
  return { kind: "config", config: { ...watcher, identity, dataFolder: placed(settings.files.data) } };
}

/** A node that showed them would end with the first connection over TLS. */
function whyNoIdentity({ key, certificate }: Identity, where: string): ConfigError | undefined {
  try {
    createSecureContext({ key, cert: new X509Certificate(certificate).toString() });
    return undefined;
  } catch (error) {
    const message = `certificateFile and keyFile do not fit: ${(error as Error).message}`;
    const remedy = "give a certificate and its own private key, both as PEM";
    return { code: "unreadable", where, message, remedy };
  }
}

function refusals(...files: readonly (Buffer | ConfigError)[]): readonly ConfigError[] {
  return files.flatMap((one) => (one instanceof Uint8Array ? [] : [one]));
}

function read(path: string, what: string): Buffer | ConfigError {
  try {
    return readFileSync(path);
  } catch (error) {
    return unreadable(path, what, error);
  }
}
