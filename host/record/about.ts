// What a recording says of the phone before its first call, made from its configuration.
//
// Below: recorder.ts. Above: host/node/record-file.ts, host/cli.

import { bytesToHex } from "@noble/hashes/utils.js";
import { ABI_VERSION } from "../../assembly/abi.ts";
import { LINES_MAX, type PhoneConfig, SERVERS_MAX } from "../config/model.ts";
import { type CompiledModule, moduleHash } from "../core/load.ts";
import { VERSION } from "../version.ts";
import type { About } from "./recorder.ts";

/** @param date of now, ISO 8601 */
export function aboutPhone(config: PhoneConfig, module: CompiledModule, date: string): About {
  return {
    module: fingerprint(module),
    abi: ABI_VERSION,
    program: VERSION,
    date,
    limits: [LINES_MAX, SERVERS_MAX],
    servers: config.servers.map(({ name }) => name),
    lines: config.lines.map(({ number }) => number),
  };
}

/** SHA-256 of a module, 64 hex digits. */
export function fingerprint(module: CompiledModule): string {
  return bytesToHex(moduleHash(module));
}
