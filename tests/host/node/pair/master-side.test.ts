// What a standby hands back: every binding of a large site, over one connection, and each once.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Authority } from "../../../../host/node/certificates.ts";
import { MasterSide } from "../../../../host/node/pair/master-side.ts";
import { type Heard, listenStream } from "../../../../host/node/pbx-listen.ts";
import { Locations } from "../../../../host/pbx/locations.ts";
import { readPairSettings } from "../../../../host/pbx/pair/settings.ts";
import { all, readRequest, writeAnswer } from "../../../../host/sip/message.ts";
import { readUri, type SipUri } from "../../../../host/sip/uri.ts";
import { temporaryFolder } from "../../folder.ts";
import { until } from "../../until.ts";

const USERS = Array.from({ length: 1000 }, (_, at) => String(6000 + at));

/**
 * A standby with two phones of each of these users, and a master that answers each request like that.
 * Timers pass only when the test says so: each binding is offered once, however long it takes.
 */
async function siteOf(t: TestContext, users: readonly string[], statusFor: (contact: string) => number) {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const folder = temporaryFolder();
  const authority = await Authority.create();
  writeFileSync(join(folder, "ca.pem"), authority.certificate);
  const identity = await authority.issue({ names: [{ type: "ip", value: "127.0.0.1" }] });
  const asked: string[] = [];
  const onHeard = ({ bytes, from, answer }: Heard): void => {
    const request = readRequest(bytes);
    assert.ok(request);
    const contact = (all(request, "contact")[0] ?? "").replace(/;expires.*/, "");
    asked.push(contact);
    answer(writeAnswer(request, from, statusFor(contact), "tag", [`Server: ${"x".repeat(700)}`]), from);
  };
  const master = await listenStream({ address: "127.0.0.1", port: 0, onHeard }, "tls", { identity });
  const text = `
    mode = "standby"
    name = "pbx-standby"
    address = "127.0.0.2"
    master = "127.0.0.1"
    masterTlsPort = ${master.port}
    realm = "pbx.example"
    dataFolder = "data"
    pbxPasswordFile = "secret"
    certificateFile = "a.pem"
    keyFile = "a.key"
    authorityFile = "ca.pem"`;
  const reading = readPairSettings(new TextEncoder().encode(text), "standby.toml");
  assert.ok(reading.kind === "settings", JSON.stringify(reading));
  const locations = new Locations();
  const wanted = users.flatMap((user) =>
    [5060, 5062].map((port) => ({ user, uri: `sip:${user}@192.0.2.9:${port}` })),
  );
  for (const { user, uri } of wanted)
    locations.grant(user, [{ contact: `<${uri}>`, uri: readUri(uri) as SipUri, seconds: 60 }], uri, 1, 0);
  const told: string[] = [];
  const side = new MasterSide({
    config: {
      settings: reading.settings,
      pbxPassword: "shared",
      identity,
      authorityFile: join(folder, "ca.pem"),
      dataFolder: folder,
    },
    instance: "0123456789abcdef",
    locations,
    held: () => locations.users(0),
    now: () => 0,
    onHandedBack: (user) => told.push(user),
  });
  t.after(() => {
    side.close();
    master.close();
  });
  return { side, asked, told, locations, contacts: wanted.map(({ uri }) => `<${uri}>`) };
}

test("a thousand users with two phones each are handed back", async (t) => {
  const { side, asked, told, locations, contacts } = await siteOf(t, USERS, () => 200);
  side.handBack();
  await until(() => told.length === contacts.length);
  assert.deepEqual(locations.users(0), []);
  assert.deepEqual(asked.sort(), contacts.sort());
});

test("what the master cannot take now is kept, offered again after 5 s and not before, and holds up nobody", async (t) => {
  const users = USERS.slice(0, 100);
  const [full, ...others] = users;
  let isFull = true;
  const isOfFull = (contact: string): boolean => contact.includes(`:${full}@`);
  const statusFor = (contact: string): number => (isFull && isOfFull(contact) ? 500 : 200);
  const { side, asked, told, locations, contacts } = await siteOf(t, users, statusFor);
  side.handBack();
  await until(() => told.length === 2 * others.length);
  assert.deepEqual(asked.sort(), contacts.sort(), "each was asked for once");
  t.mock.timers.tick(4999);
  assert.deepEqual(locations.users(0), [full]);
  isFull = false;
  t.mock.timers.tick(1);
  await until(() => told.length === contacts.length);
  assert.equal(asked.length, contacts.length + 2);
  assert.deepEqual(locations.users(0), []);
});
