// A node without rivals: no etcd is configured, and nothing is asked.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type OwnerEvent, Ownership } from "../../../../host/session.ts";

test("a single node owns from its start to its stop, under epoch 0", () => {
  const ownership = new Ownership({ etcd: [], name: "alone" });
  const told: OwnerEvent[] = [];
  ownership.on("event", (event) => told.push(event));
  assert.equal(ownership.permit(), undefined);
  ownership.start();
  ownership.start();
  assert.equal(ownership.permit(), 0);
  ownership.stop();
  assert.equal(ownership.permit(), undefined);
  assert.deepEqual(told, [
    { type: "owner", epoch: 0 },
    { type: "notOwner", epoch: 0, cause: "stopped" },
  ]);
});
