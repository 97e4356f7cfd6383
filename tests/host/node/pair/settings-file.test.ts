// What a node starts from is judged before it starts: a key that fits nothing would end it with the first TLS connection.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { describeError } from "../../../../host/config/error.ts";
import { placeAt, writePair } from "../../../../host/node/pair/init.ts";
import { readNodeConfig } from "../../../../host/node/pair/settings-file.ts";
import { temporaryFolder } from "../../folder.ts";

const folder = join(temporaryFolder(), "pair");
await writePair({
  folder,
  realm: "pbx.example",
  master: placeAt("127.0.0.1", 5060),
  standby: placeAt("127.0.0.1", 5070),
  users: [],
  licences: { registrations: 1, standby: 1 },
});

/** The mistakes that are told while a file has another content. */
function told(file: string, content: string): readonly string[] {
  const path = join(folder, file);
  const before = readFileSync(path);
  writeFileSync(path, content);
  const reading = readNodeConfig(join(folder, "master.toml"));
  writeFileSync(path, before);
  return reading.kind === "refused" ? reading.errors.map(describeError) : [];
}

test("a certificate and its key are accepted", () => {
  assert.equal(readNodeConfig(join(folder, "master.toml")).kind, "config");
});

const MISFITS: readonly (readonly [what: string, file: string, content: string])[] = [
  ["a certificate that is none", "master.pem", "garbage\n"],
  ["a key that is none", "master.key", "garbage\n"],
  ["the key of another certificate", "master.key", readFileSync(join(folder, "standby.key"), "utf8")],
];
for (const [what, file, content] of MISFITS) {
  test(`${what} is refused with the way out`, () => {
    const [only = "", ...others] = told(file, content);
    assert.match(only, /master\.pem: certificateFile and keyFile do not fit: .*its own private key/);
    assert.deepEqual(others, []);
  });
}
