// The state as bytes: what was written is read again, and what is not exactly ours is refused in words.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import { compile, moduleHash } from "../../../host/core/load.ts";
import {
  type Fit,
  ownerOf,
  readSnapshot,
  type Snapshot,
  SnapshotError,
  writeSnapshot,
} from "../../../host/core/snapshot.ts";
import { module, phoneConfig } from "../../sim/fixture.ts";

const CONFIG = phoneConfig();
const FIT: Fit = { module: moduleHash(module()), owner: ownerOf(CONFIG, "here") };
const TAKEN: Snapshot = {
  image: { memory: Uint8Array.from({ length: 300 }, (_, index) => index), clock: 0xffff_fff0 },
  instance: "0a0b0c0d",
  localPort: 50_123,
};
const BYTES = writeSnapshot(TAKEN, FIT);

function refusal(bytes: Uint8Array, fit = FIT): [string, boolean] {
  try {
    readSnapshot(bytes, fit);
  } catch (error) {
    assert.ok(error instanceof SnapshotError, String(error));
    return [error.message, error.isOurs];
  }
  assert.fail("it was taken");
}

/** Changes bytes and mends the checksum, as another program would have written it. */
function written(change: (view: DataView) => void): Uint8Array {
  const bytes = Uint8Array.from(BYTES);
  change(new DataView(bytes.buffer));
  bytes.set(sha256(bytes.subarray(0, -32)), bytes.length - 32);
  return bytes;
}

test("what was written is read again, wherever it lies", () => {
  assert.deepEqual(readSnapshot(BYTES, FIT), TAKEN);
  const shifted = new Uint8Array(BYTES.length + 3);
  shifted.set(BYTES, 3);
  assert.deepEqual(readSnapshot(shifted.subarray(3), FIT), TAKEN);
});

test("its bytes are those of ABI.md, on every host", () => {
  const text = (from: number, to: number) => new TextDecoder().decode(BYTES.subarray(from, to));
  assert.equal(text(0, 8), "sfsnap\r\n");
  assert.deepEqual(
    [...BYTES.subarray(8, 24)],
    [1, 0, 1, 0, 0xf0, 255, 255, 255, 44, 1, 0, 0, 0xcb, 0xc3, 0, 0],
  );
  assert.equal(text(24, 32), "0a0b0c0d");
  assert.deepEqual(BYTES.subarray(32, 64), FIT.module);
  assert.deepEqual(BYTES.subarray(64, 80), FIT.owner);
  assert.equal(BYTES.length, 80 + 300 + 32);
});

test("any byte that was changed, lost or added is noticed", () => {
  for (let at = 0; at < BYTES.length; at++) {
    const bytes = Uint8Array.from(BYTES);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    refusal(bytes);
    refusal(BYTES.subarray(0, at));
  }
  assert.deepEqual(refusal(Uint8Array.from([...BYTES, 0])), ["it is damaged: its checksum is wrong", true]);
});

test("each refusal says why, and whether the file is one of ours", () => {
  const other = new Uint8Array(32);
  assert.deepEqual(refusal(new TextEncoder().encode("precious")), ["it is no snapshot of standfast", false]);
  assert.deepEqual(refusal(BYTES.subarray(0, 79)), ["it is cut off: 79 bytes", true]);
  assert.deepEqual(refusal(BYTES.subarray(0, 200)), ["it is cut off: 200 of 412 bytes", true]);
  assert.deepEqual(refusal(written((view) => view.setUint16(8, 2, true))), [
    "it has format 2, this program knows 1",
    true,
  ]);
  assert.deepEqual(refusal(written((view) => view.setUint16(10, 2, true))), [
    "it is of a module with interface 2, this program speaks 1",
    true,
  ]);
  assert.deepEqual(refusal(BYTES, { ...FIT, module: other }), [
    "it was taken from another build of the module",
    true,
  ]);
  assert.deepEqual(refusal(BYTES, { ...FIT, owner: other.subarray(16) }), [
    "it belongs to another configuration or another machine",
    true,
  ]);
});

test("an owner is a configuration with its credentials on one machine", () => {
  const base = ownerOf(CONFIG, "here");
  const [line] = CONFIG.lines;
  assert.ok(line);
  const withPassword = (password: string) => ({
    ...CONFIG,
    lines: [{ ...line, credentials: [{ account: "6000", password }] }],
  });
  const others = [
    ownerOf(CONFIG, "there"),
    ownerOf(phoneConfig({ servers: 3 }), "here"),
    ownerOf(phoneConfig({ lines: 2 }), "here"),
    ownerOf(phoneConfig({ params: { registerRefreshInterval: 77 } }), "here"),
    ownerOf(withPassword("a"), "here"),
    ownerOf(withPassword("b"), "here"),
  ];
  assert.equal(new Set([base, ...others].map(String)).size, 7);
  assert.deepEqual(ownerOf(phoneConfig(), "here"), base);
});

test("a build is known by its bytes, and only where these are known", () => {
  assert.equal(moduleHash(compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))).length, 32);
  assert.throws(() => moduleHash({}), /was not compiled by compile\(\)/);
});
