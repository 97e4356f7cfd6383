// Every key of a session's configuration: of the two servers, and of the session itself. docs/session.md lists them.
//
// Below: host/params/row.ts, login/settings.ts. Above: config.ts.

import type { Shape } from "../../params/row.ts";
import { SETTINGS } from "../login/settings.ts";

export type KeyRow = Shape & {
  readonly name: string;
  /** Without it a server cannot be used. */
  readonly needed?: true;
  readonly help: string;
};

const TEXT = { kind: "text", default: "" } as const;

/** In [main] and in [standby], each for itself. */
// biome-ignore format: one key, one or two lines
export const SERVER_KEYS: readonly KeyRow[] = [
  { name: "host", ...TEXT, empty: "standby: there is none", form: "host", help: "name or address of the PBX" },
  { name: "scheme", kind: "choice", default: "https", choices: { http: 0, https: 1 }, help: "with TLS or without" },
  { name: "port", kind: "number", unit: "", default: 0, min: 1, max: 65_535, zero: "443 for https, 80 for http", help: "its port" },
  { name: "path", ...TEXT, empty: "/PBX0/user.soap", bytes: 200, help: "where the SOAP service is" },
  { name: "tlsCaFile", ...TEXT, empty: "those that Node brings", help: "the authorities that may have signed its certificate, PEM" },
  { name: "account", ...TEXT, empty: "refused", bytes: 127, needed: true, help: "account of the HTTP requests" },
  { name: "password", ...TEXT, empty: "refused without passwordFile", bytes: 127, secret: true, help: "its password" },
  { name: "passwordFile", ...TEXT, empty: "refused without password", help: "its first line is the password" },
  { name: "pbxUser", ...TEXT, empty: "refused", bytes: 127, needed: true, help: "the user object that is logged in to" },
  { name: "application", ...TEXT, empty: "standfast", bytes: 127, help: "what the PBX shows of us" },
];

/** At the top. */
export const SESSION_KEYS: readonly KeyRow[] = SETTINGS;

export const DEFAULT_PATH = "/PBX0/user.soap";
export const DEFAULT_APPLICATION = "standfast";
