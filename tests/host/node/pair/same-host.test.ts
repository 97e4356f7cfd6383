// Whether an address is one of this machine.

import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { isOfThisMachine } from "../../../../host/node/pair/same-host.ts";

test("every address of an interface, and all of the loopback network", () => {
  const listed = Object.values(networkInterfaces()).flatMap((entries = []) =>
    entries.map(({ address }) => address),
  );
  for (const address of [
    ...listed,
    "127.0.0.1",
    "127.0.0.2",
    "127.255.255.254",
    "::1",
    "[::1]",
    "::ffff:127.0.0.3",
  ])
    assert.equal(isOfThisMachine(address), true, address);
});

test("addresses of documentation are nobody's", () => {
  // RFC 5737, RFC 3849.
  for (const address of ["192.0.2.1", "198.51.100.7", "2001:db8::1", "128.0.0.1"])
    assert.equal(isOfThisMachine(address), false, address);
});
