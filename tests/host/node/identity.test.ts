// The seed and the name of the device.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bootSeed, deviceName } from "../../../host/node/identity.ts";

test("a seed has 32 bytes and is another one at every boot", () => {
  const [a, b] = [bootSeed(), bootSeed()];
  assert.equal(a.length, 32);
  assert.notDeepEqual(a, b);
});

test("the name of a device is 8 hex digits, the same over restarts, another one for another port", () => {
  assert.match(deviceName(5060), /^[0-9a-f]{8}$/);
  assert.equal(deviceName(5060), deviceName(5060));
  assert.notEqual(deviceName(5060), deviceName(5062));
});
