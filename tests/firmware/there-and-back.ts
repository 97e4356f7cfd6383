// The story that every phone of the firmware has to live through at a pair of registrars.

import assert from "node:assert/strict";
import type { Pair } from "../host/pair.ts";
import type { Running } from "../host/running.ts";

/** Registers, moves to the backup when the primary dies, returns, and leaves nothing. @returns what it said, and its exit code */
export async function thereAndBack(pair: Pair, phone: Running): Promise<Awaited<ReturnType<Running["end"]>>> {
  await phone.until(() => pair.boundAt("primary").length === 1);
  pair.primary.die();
  await phone.until(() => pair.boundAt("backup1").length === 1);
  await pair.primary.comeBack();
  await phone.until(() => pair.boundAt("backup1").length === 0);
  assert.deepEqual(pair.boundAt("primary"), ["6000"]);
  phone.interrupt();
  const ended = await phone.end();
  assert.deepEqual(pair.boundAt("primary"), []);
  return ended;
}
