// The file that outlives a crash: what is read back, what is refused, and how it is replaced.
import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { readState, writeState } from "../../../host/node/state-file.ts";
import { temporaryFolder } from "../folder.ts";

const DEVICE = "0123456789abcdef";
const KEPT = {
  instance: "0a0b0c0d",
  contacts: { "pbx.example:5060": "192.0.2.9:50000", "::1:5060": "[::1]:50000" },
  rests: { "0a1f": 1_800_000_000_000 },
};

/** What is said of a file with this in it. */
function said(content: string | Uint8Array | undefined): string {
  const path = join(temporaryFolder(), "state.json");
  if (content !== undefined) writeFileSync(path, content);
  const found = readState(path, DEVICE);
  return found.kind === "refused" ? `${found.why}${found.mayReplace ? " (ours)" : ""}` : found.kind;
}

function changed(change: object): string {
  return JSON.stringify({ format: "standfast state", version: 1, device: DEVICE, ...KEPT, ...change });
}

test("what is written is read back, and nobody else may read it", () => {
  const folder = temporaryFolder();
  const path = join(folder, "state.json");
  writeState(path, DEVICE, KEPT);
  assert.deepEqual(readState(path, DEVICE), { kind: "kept", kept: KEPT });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ["state.json"], "nothing is left beside it");
});

test("a file that cannot be replaced stays as it was", () => {
  const folder = temporaryFolder();
  const path = join(folder, "nowhere", "state.json");
  assert.throws(() => writeState(path, DEVICE, KEPT), /ENOENT/);
  assert.equal(existsSync(path), false);
});

for (const [content, words] of [
  [undefined, "none"],
  ["", "none"],
  [" \n", "none"],
  [changed({}), "kept"],
  [changed({ contacts: {} }), "kept"],
  ["{", "it is no state of standfast"],
  ["[]", "it is no state of standfast"],
  ["null", "it is no state of standfast"],
  ['proxyServer = "sip.example"', "it is no state of standfast"],
  [new Uint8Array(100_000).fill(0x61), "it is no state of standfast"],
  [changed({ version: 2 }), "it has version 2, this program knows 1"],
  [changed({ device: "another" }), "it was written on another machine (ours)"],
  [changed({ instance: "0a0b0c0" }), "it is damaged (ours)"],
  [changed({ contacts: null }), "it is damaged (ours)"],
  [changed({ rests: {} }), "kept"],
  [changed({ rests: null }), "it is damaged (ours)"],
  [changed({ rests: { "0a1": 5 } }), "it is damaged (ours)"],
  [changed({ rests: { "0a1f": "soon" } }), "it is damaged (ours)"],
  [changed({ contacts: ["192.0.2.9:5060"] }), "it is damaged (ours)"],
  [changed({ contacts: { "pbx:5060": 5 } }), "it is damaged (ours)"],
  [changed({ contacts: { "pbx:5060": "pbx.example:5060" } }), "it is damaged (ours)"],
  [changed({ contacts: { "pbx:5060": "192.0.2.9:65536" } }), "it is damaged (ours)"],
  [changed({ contacts: { "pbx:5060": "192.0.2.9:5060>\r\nRoute: x" } }), "it is damaged (ours)"],
] as const) {
  test(`a state of ${JSON.stringify(content?.slice(0, 120).toString() ?? "no file")} is: ${words}`, () => {
    assert.equal(said(content), words);
  });
}

test("a folder is no state", () => {
  assert.match(readState(temporaryFolder(), DEVICE).kind, /refused/);
});

test("whatever bytes a file holds, reading it throws nothing and keeps nothing that is not ours", () => {
  const some = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.json().map((text) => new TextEncoder().encode(text)),
  );
  const path = join(temporaryFolder(), "state.json");
  fc.assert(
    fc.property(some, (bytes) => {
      writeFileSync(path, bytes);
      assert.notEqual(readState(path, DEVICE).kind, "kept");
    }),
    { numRuns: 200 },
  );
});

test("a part of the file is damaged, never half believed", () => {
  const whole = changed({});
  const path = join(temporaryFolder(), "state.json");
  for (let length = 1; length < whole.length; length++) {
    writeFileSync(path, whole.slice(0, length));
    assert.equal(readState(path, DEVICE).kind, "refused", `${length} bytes`);
  }
});
