// What `standfast pair init` says a newcomer should type, for either kind of address, and who may read what it writes.
import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../folder.ts";
import { runProgram } from "../program.ts";

async function init(...options: readonly string[]) {
  const folder = join(temporaryFolder(), "pair");
  return { folder, ended: await runProgram(["pair", "init", folder, ...options]) };
}

test("IPv4 and IPv6, on one machine and on two", async () => {
  const one = await init("--port", "7060");
  assert.match(one.ended.stdout, / --primary 127\.0\.0\.1:7060 --backup 127\.0\.0\.1:7070 /);
  const two = await init("--master", "2001:db8::1", "--standby", "2001:db8::2");
  assert.match(two.ended.stdout, / --primary \[2001:db8::1\]:5060 --backup \[2001:db8::2\]:5060 /);
});

test("nobody else reads what it writes; a second time writes over nothing", async () => {
  const { folder } = await init();
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  const secret = readdirSync(folder).filter((name) => !name.endsWith(".pem"));
  assert.deepEqual(secret.sort(), [
    "master-data",
    "master.key",
    "master.toml",
    "pbx-password",
    "phone-password",
    "standby.key",
    "standby.toml",
  ]);
  for (const name of secret) assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name);
  const again = await runProgram(["pair", "init", folder]);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /has a pair already; name another folder, or remove that one/);
});
