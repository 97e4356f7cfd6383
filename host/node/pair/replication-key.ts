// The PBX password as the key of replication. Slow by intent: whoever tries passwords pays as much for each.
//
// Below: pbx/directory/handshake.ts. Above: node.ts.
import { randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { KEY_COST, KEY_SALT } from "../../pbx/directory/handshake.ts";

const derive = promisify<string, string, number, object, Buffer>(scrypt);

/** 32 bytes; takes 16 MiB and a while, not on this thread. */
export function replicationKey(password: string): Promise<Uint8Array> {
  const { length, ...cost } = KEY_COST;
  return derive(password, KEY_SALT, length, cost);
}

/** For one connection: 64 random hex digits. */
export function newNonce(): string {
  return randomBytes(32).toString("hex");
}
