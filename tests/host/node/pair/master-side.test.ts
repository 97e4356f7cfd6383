// What a standby hands back: every binding of a large site, over one connection, and each once.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
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

test("a thousand users with two phones each are handed back", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] }); // each is offered once, however long it takes
  const folder = temporaryFolder();
  const authority = await Authority.create();
  writeFileSync(join(folder, "ca.pem"), authority.certificate);
  const identity = await authority.issue({ names: [{ type: "ip", value: "127.0.0.1" }] });
  const taken: string[] = [];
  const onHeard = ({ bytes, from, answer }: Heard): void => {
    const request = readRequest(bytes);
    assert.ok(request);
    taken.push(...all(request, "contact").map((contact) => contact.replace(/;expires.*/, "")));
    answer(writeAnswer(request, from, 200, "tag", [`Server: ${"x".repeat(700)}`]), from);
  };
  const conduct = { stallsHandshake: false, hangsUp: false, identity, isSilent: () => false };
  const master = await listenStream({ address: "127.0.0.1", port: 0, onHeard }, "tls", conduct);
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
  const wanted = USERS.flatMap((user) =>
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
  side.handBack();
  await until(() => told.length === wanted.length);
  assert.deepEqual(locations.users(0), []);
  assert.deepEqual(taken.sort(), wanted.map(({ uri }) => `<${uri}>`).sort());
});
