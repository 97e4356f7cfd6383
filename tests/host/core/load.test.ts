// From bytes to an instance: a module of another version is refused in words.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ABI_VERSION } from "../../../assembly/abi.ts";
import { compile, instantiate, load } from "../../../host/core/load.ts";
import { module } from "../../sim/fixture.ts";

/** A module with nothing but `abiVersion`, which says `version`, 0..63. */
function moduleOf(version: number): Uint8Array {
  const name = new TextEncoder().encode("abiVersion");
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7f], // one type: () -> i32
    ...[0x03, 0x02, 0x01, 0x00], // one function of it
    ...[0x07, 4 + name.length, 0x01, name.length, ...name, 0x00, 0x00], // exported
    ...[0x0a, 0x06, 0x01, 0x04, 0x00, 0x41, version, 0x0b], // i32.const version
  ]);
}

test("the shipped module speaks the version of this host", () => {
  assert.equal(instantiate(module()).abiVersion(), ABI_VERSION);
});

test("a newer or older module is refused, with what to update", () => {
  assert.throws(() => load(moduleOf(ABI_VERSION + 1)), /speaks version \d+, this host \d+; update the host/);
  assert.throws(() => load(moduleOf(ABI_VERSION - 1)), /update the module/);
});

test("what is no module is no module", () => {
  assert.throws(() => compile(new TextEncoder().encode("not wasm")), /magic/);
});
