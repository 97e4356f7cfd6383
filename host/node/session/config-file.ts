// The configuration of an application session from the disk, with the passwords and authorities that it names.
//
// Paths in it are relative to its own folder. Below: host/session/soap/config.ts. Above: host/cli/session.ts.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { ConfigError } from "../../config/error.ts";
import { readPasswordFile, unreadable } from "../../config/file.ts";
import type { Settings } from "../../session/login/settings.ts";
import { readSessionConfig, type ServerConfig } from "../../session/soap/config.ts";
import { CaFileError, readAuthorities } from "../tls.ts";
import type { SoapServer } from "./soap-driver.ts";

/** All that a session starts from. */
export interface SessionFile {
  readonly main: SoapServer;
  readonly standby: SoapServer | undefined;
  readonly settings: Settings;
}

export type SessionFileReading =
  | { readonly kind: "file"; readonly file: SessionFile }
  | { readonly kind: "refused"; readonly errors: readonly ConfigError[] };

export function readSessionFile(path: string): SessionFileReading {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return { kind: "refused", errors: [unreadable(path, "the configuration", error)] };
  }
  const reading = readSessionConfig(bytes, path);
  if (reading.kind === "refused") return reading;
  const { main, standby, settings } = reading.config;
  const errors: ConfigError[] = [];
  const complete = (server: ServerConfig): SoapServer => completed(server, dirname(path), errors);
  const file = { main: complete(main), standby: standby && complete(standby), settings };
  return errors.length > 0 ? { kind: "refused", errors } : { kind: "file", file };
}

function completed(server: ServerConfig, folder: string, errors: ConfigError[]): SoapServer {
  const { host, port, path, account, pbxUser, application, secure } = server;
  const security = secure ? { host, ca: authorities(server.tlsCaFile, folder, errors) } : undefined;
  return {
    host,
    port,
    path,
    account,
    pbxUser,
    application,
    security,
    password: passwordOf(server, folder, errors),
  };
}

function passwordOf({ password, passwordFile }: ServerConfig, folder: string, errors: ConfigError[]): string {
  if (passwordFile === "") return password;
  const read = readPasswordFile(resolve(folder, passwordFile));
  if (read.kind === "password") return read.password;
  errors.push(read.error);
  return "";
}

function authorities(file: string, folder: string, errors: ConfigError[]): readonly string[] | undefined {
  if (file === "") return undefined;
  try {
    return readAuthorities(resolve(folder, file));
  } catch (error) {
    if (!(error instanceof CaFileError)) throw error;
    errors.push({
      code: "ca-file",
      where: resolve(folder, file),
      message: error.mistake,
      remedy: error.remedy,
    });
    return undefined;
  }
}
