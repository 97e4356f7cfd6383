// A master and what is told to it by phones and standbys, in memory: markers, licences, what is handed back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Directory, emptySet } from "../../../../host/pbx/directory/directory.ts";
import { makeObject } from "../../../../host/pbx/directory/object.ts";
import { Guesses } from "../../../../host/pbx/guesses.ts";
import { Locations } from "../../../../host/pbx/locations.ts";
import { Asker } from "../../../../host/pbx/pair/asker.ts";
import { House } from "../../../../host/pbx/pair/house.ts";
import { agentOf } from "../../../../host/pbx/pair/marker.ts";
import { PairServer } from "../../../../host/pbx/pair/server.ts";
import { type PairSettings, readPairSettings } from "../../../../host/pbx/pair/settings.ts";
import { readAnswer, readRequest, type SipAnswer } from "../../../../host/sip/message.ts";
import { readUri } from "../../../../host/sip/uri.ts";
import { warningOf } from "../../../../host/sip/warning.ts";

const FROM = { address: "192.0.2.2", port: 40_000 };
const PASSWORD = "pbx";

function settings(mode: "master" | "standby"): PairSettings {
  const files = ["dataFolder", "pbxPasswordFile", "certificateFile", "keyFile", "authorityFile"];
  const lines = [
    `mode = "${mode}"`,
    'name = "pbx-a"',
    'address = "192.0.2.1"',
    'realm = "test.invalid"',
    ...(mode === "standby" ? ['master = "192.0.2.9"'] : []),
    ...files.map((key) => `${key} = "x"`),
  ];
  const reading = readPairSettings(new TextEncoder().encode(lines.join("\n")), "a.toml");
  assert.ok(reading.kind === "settings", JSON.stringify(reading));
  return reading.settings;
}

function node(mode: "master" | "standby" = "master", locations = new Locations()) {
  const journal = { append: () => {}, replace: () => {} };
  const directory = new Directory(journal, emptySet("0".repeat(64)));
  const object = makeObject({ user: "6000", password: "p" }, "test.invalid");
  directory.edit([
    { kind: "put", object },
    { kind: "licences", licences: { registrations: 1, standby: 1 } },
  ]);
  const house = new House({
    settings: settings(mode),
    pbxPassword: PASSWORD,
    directory,
    locations,
  });
  const server = new PairServer({
    settings: settings(mode),
    house,
    locations,
    role: undefined,
    key: "k",
    guesses: new Guesses(),
  });
  let drawn = 0;
  /** Somebody who knows the PBX password, over TLS. */
  const standby = (name: string, instance: string): Asker => {
    const asker: Asker = new Asker({
      realm: "test.invalid",
      pbxPassword: PASSWORD,
      name,
      sentBy: "192.0.2.2",
      userAgent: agentOf(instance),
      random: (bytes) => (++drawn).toString(16).padStart(2 * bytes, "0"),
      send: (bytes) => {
        const handled = server.handle(bytes, FROM, "tls", 0);
        assert.ok(handled.kind === "answered");
        queueMicrotask(() => handled.replies.every((reply) => asker.hear(reply.bytes)));
      },
    });
    return asker;
  };
  const ask = (asker: Asker, user: string, contact: string, seconds: number): Promise<SipAnswer> =>
    new Promise((resolve, reject) =>
      asker.ask({ user, contact, seconds }, (answer) =>
        answer ? resolve(answer) : reject(new Error("lost")),
      ),
    );
  return { directory, locations, house, server, standby, ask };
}

test("a standby is listed by its name; another of that name is refused, itself again is not", async () => {
  const { house, standby, ask } = node();
  const first = standby("pbx-b", "0001");
  assert.equal((await ask(first, "_STANDBY_", "<sip:_STANDBY_@192.0.2.2:1>", 20)).status, 200);
  assert.deepEqual(house.standbys(0), [{ name: "pbx-b", instance: "0001" }]);
  const other = await ask(standby("pbx-b", "0002"), "_STANDBY_", "<sip:_STANDBY_@192.0.2.3:1>", 20);
  assert.equal(other.status, 403);
  assert.match(warningOf(other), /Another standby is called pbx-b/);
  assert.equal((await ask(first, "_STANDBY_", "<sip:_STANDBY_@192.0.2.2:2>", 20)).status, 200);
  assert.equal(house.standbys(0).length, 1);
});

test("a standby that an earlier run of the master knew is listed again when it registers, and once", async () => {
  const before = node();
  await before.ask(before.standby("pbx-b", "0001"), "_STANDBY_", "<sip:_STANDBY_@192.0.2.2:1>", 20);
  const restarted = new Locations();
  restarted.restore("_STANDBY_", before.locations.of("_STANDBY_", 0));
  const { house, standby, ask } = node("master", restarted);
  assert.deepEqual(house.standbys(0), [], "the connection that it was bound with is gone");
  await ask(standby("pbx-b", "0001"), "_STANDBY_", "<sip:_STANDBY_@192.0.2.2:2>", 20);
  assert.deepEqual(house.standbys(0), [{ name: "pbx-b", instance: "0001" }]);
});

test("a standby that asks is told the general settings and what is held here, and nothing else", async () => {
  const { locations, standby } = node();
  const uri = readUri("sip:6000@192.0.2.7");
  assert.ok(uri);
  locations.grant("6000", [{ contact: "<sip:6000@192.0.2.7>", uri, seconds: 60 }], "c", 1, 0);
  const answer = await new Promise<SipAnswer | undefined>((resolve) =>
    standby("pbx-b", "0001").ask({ user: "_STANDBY_" }, resolve),
  );
  const { general } = settings("master");
  assert.deepEqual(JSON.parse(answer?.body ?? ""), { general, objects: 1, used: 1 });
});

test("one name for both nodes, and a standby of a standby, are refused with a Warning", async () => {
  const master = node();
  const same = await master.ask(master.standby("pbx-a", "0001"), "_STANDBY_", "<sip:a@192.0.2.2>", 20);
  assert.match(warningOf(same), /Both nodes are called pbx-a/);
  const second = node("standby");
  const chained = await second.ask(second.standby("pbx-b", "0001"), "_STANDBY_", "<sip:a@192.0.2.2>", 20);
  assert.equal(chained.status, 403);
  assert.match(warningOf(chained), /pbx-a is a standby itself/);
});

test("a binding is handed back with less left than minExpires, and ends when its phone speaks here", async () => {
  const { locations, house, standby, ask } = node();
  const asker = standby("pbx-b", "0001");
  assert.equal((await ask(asker, "6000", "<sip:6000@192.0.2.7:5060;sf=0>", 7)).status, 200);
  assert.equal(locations.of("6000", 0)[0]?.expiresAt, 7000);
  const message = [
    "REGISTER sip:test.invalid SIP/2.0",
    "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKx",
    "Contact: <sip:6000@192.0.2.7:5060;sf=1>",
    "Contact: <sip:6000@192.0.2.8:5060>",
  ];

  const request = readRequest(new TextEncoder().encode(`${message.join("\r\n")}\r\n\r\n`));
  assert.ok(request);
  house.speaks(request, "6000", "_STANDBY_", 0);
  assert.equal(locations.of("6000", 0).length, 1, "the standby is not the phone");
  house.speaks(request, "6000", "6000", 0);
  assert.equal(locations.of("6000", 0).length, 0);
});

test("what the phone has said at the master is not overwritten by what is handed back, nor cut short", async () => {
  const { locations, standby, ask } = node();
  const uri = { scheme: "sip", user: "6000", password: "", host: "192.0.2.7", port: 5060 };
  const wish = {
    contact: "<sip:6000@192.0.2.7>",
    uri: { ...uri, params: new Map(), headers: new Map() },
    seconds: 60,
  };
  locations.grant("6000", [wish], "own", 1, 0);
  const back = "<sip:6000@192.0.2.7:4000;transport=tcp>";
  const asker = standby("pbx-b", "0001");
  const held = () => locations.of("6000", 0).map(({ contact, expiresAt }) => `${contact} ${expiresAt}`);
  assert.equal((await ask(asker, "6000", back, 30)).status, 200);
  assert.deepEqual(held(), ["<sip:6000@192.0.2.7> 60000"]);
  // It registered here before the outage and at the standby during it: that was promised to it, and it need not come sooner.
  assert.equal((await ask(asker, "6000", back, 99)).status, 200);
  assert.deepEqual(held(), ["<sip:6000@192.0.2.7> 99000"]);
  assert.equal(locations.grant("6000", [wish], "own", 2, 0), true, "the phone itself goes on counting");
});

for (const [mode, licences] of [
  ["master", { registrations: 1, standby: 0 }],
  ["standby", { registrations: 0, standby: 1 }],
] as const) {
  test(`a ${mode} has licences of its own kind: one carries one phone, which renews; the next is refused and told`, () => {
    const { directory, house, locations } = node(mode);
    directory.edit([
      { kind: "put", object: makeObject({ user: "6001", password: "p" }, "test.invalid") },
      { kind: "licences", licences },
    ]);
    const ask = (user: string) => {
      const via = "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKz";
      const head = ["REGISTER sip:test.invalid SIP/2.0", via, `Contact: <sip:${user}@192.0.2.7>`, "\r\n"];
      const request = readRequest(new TextEncoder().encode(head.join("\r\n")));
      assert.ok(request);
      return house.admit(request, user, user, 0);
    };
    assert.equal(ask("6000"), undefined);
    const uri = { scheme: "sip", user: "6000", password: "", host: "192.0.2.7", port: 5060 };
    const wish = { contact: "<sip:6000@192.0.2.7>", uri: { ...uri, params: new Map(), headers: new Map() } };
    locations.grant("6000", [{ ...wish, seconds: 60 }], "c", 1, 0);
    assert.equal(ask("6000"), undefined, "who is bound renews without a second one");
    const refused = ask("6001");
    assert.equal(refused?.status, 403);
    const text = /Warning: 399 pbx-a "No licence for 6001: all 1 registrations of this PBX are in use/;
    assert.match(refused?.extra?.[0] ?? "", text);
    assert.equal(house.refused.noLicence, 1);
  });
}

test("no object is 404 before any challenge, with a Warning", () => {
  const { server, house } = node();
  const message = [
    "REGISTER sip:test.invalid SIP/2.0",
    "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKy",
    "From: <sip:7@test.invalid>;tag=1",
    "To: <sip:7@test.invalid>",
    "Call-ID: c",
    "CSeq: 1 REGISTER",
  ];
  const handled = server.handle(new TextEncoder().encode(`${message.join("\r\n")}\r\n\r\n`), FROM, "udp", 0);
  assert.ok(handled.kind === "answered");
  const answer = readAnswer(handled.replies[0]?.bytes ?? new Uint8Array());
  assert.equal(answer?.status, 404);
  assert.match(answer ? warningOf(answer) : "", /No object 7 at this PBX/);
  assert.equal(house.refused.noObject, 1);
});
