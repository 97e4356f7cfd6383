// Names to addresses, with the system's own look-up only for names that the hosts file has.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError } from "../../../host/node/error.ts";
import { resolveHost } from "../../../host/node/resolve.ts";

const never = (): Promise<string[]> => assert.fail("a literal address needs no look-up");

for (const [text, address] of [
  ["192.0.2.7", "192.0.2.7"],
  ["2001:DB8:0:0::7", "2001:db8::7"],
  ["[2001:db8::7]", "2001:db8::7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["::ffff:c000:207", "192.0.2.7"],
] as const) {
  test(`${text} is an address already: ${address}`, async () => {
    assert.deepEqual(await resolveHost(text, 5060, never), { address, port: 5060 });
  });
}

test("of several addresses the first that this machine has a way to is taken", async () => {
  // Connecting to the broadcast address is refused by the system, so it stands for "no way there".
  const ask = async (): Promise<string[]> => ["255.255.255.255", "127.0.0.1", "127.0.0.2"];
  assert.deepEqual(await resolveHost("pbx.example", 5070, ask), { address: "127.0.0.1", port: 5070 });
});

test("without a way to any of them the first is taken: the network may come later", async () => {
  const ask = async (): Promise<string[]> => ["255.255.255.255"];
  assert.equal((await resolveHost("pbx.example", 5060, ask)).address, "255.255.255.255");
});

test("a name without an address is refused with the name, the cause and the way out", async () => {
  const ask = (): Promise<string[]> => Promise.reject(Object.assign(new Error(), { code: "ENOTFOUND" }));
  await assert.rejects(resolveHost("pbx.invalid", 5060, ask), (error) => {
    assert.ok(error instanceof HostError);
    assert.equal(error.code, "unresolved");
    assert.match(error.message, /^pbx\.invalid: no address found \(ENOTFOUND\); .*write the address itself/);
    return true;
  });
});

test("a name server that keeps silent is told apart from an unknown name", async () => {
  const ask = (): Promise<string[]> => Promise.reject(Object.assign(new Error(), { code: "EAI_AGAIN" }));
  await assert.rejects(resolveHost("pbx.example", 5060, ask), /the name server does not answer/);
});

test("the system is asked by default", async () => {
  const { address } = await resolveHost("localhost", 5060);
  assert.ok(address === "127.0.0.1" || address === "::1");
});
