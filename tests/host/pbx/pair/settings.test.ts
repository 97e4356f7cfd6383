// The configuration of a node: every key, both sides of each range, and a message for every mistake.
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeError } from "../../../../host/config/error.ts";
import { KEYS } from "../../../../host/pbx/pair/keys.ts";
import { type PairSettings, readPairSettings } from "../../../../host/pbx/pair/settings.ts";

const MASTER: Readonly<Record<string, string>> = {
  mode: '"master"',
  name: '"pbx-a"',
  address: '"192.0.2.1"',
  realm: '"example.test"',
  dataFolder: '"data"',
  pbxPasswordFile: '"secret"',
  certificateFile: '"a.pem"',
  keyFile: '"a.key"',
  authorityFile: '"ca.pem"',
};
const STANDBY = {
  ...MASTER,
  mode: '"standby"',
  name: '"pbx-b"',
  address: '"192.0.2.2"',
  master: '"192.0.2.1"',
};

function read(keys: Readonly<Record<string, string>>, more = ""): PairSettings | readonly string[] {
  const text = `${Object.entries(keys)
    .map(([key, value]) => `${key} = ${value}`)
    .join("\n")}\n${more}`;
  const reading = readPairSettings(new TextEncoder().encode(text), "b.toml");
  return reading.kind === "settings" ? reading.settings : reading.errors.map(describeError);
}

function accepted(keys: Readonly<Record<string, string>>, more = ""): PairSettings {
  const settings = read(keys, more);
  assert.ok("mode" in settings, JSON.stringify(settings));
  return settings;
}

test("a master and a standby need few keys; all others have defaults", () => {
  const master = accepted(MASTER);
  assert.equal(master.master, undefined);
  assert.deepEqual(master.ports, { udp: 5060, tcp: 5060, tls: 5061, replication: 5062 });
  assert.deepEqual(master.http, { address: "127.0.0.1", port: 8060 });
  assert.deepEqual([master.takeoverDelayMs, master.returnDelayMs], [30_000, 30_000]);
  assert.deepEqual(master.expires, { default: 3600, min: 60, max: 3600 });
  const standby = accepted(STANDBY);
  assert.deepEqual(standby.master, { address: "192.0.2.1", ports: master.ports });
  assert.deepEqual(standby.general, master.general);
});

test("each key that is missing is named", () => {
  const needed = KEYS.filter(({ needed }) => needed === "always" || needed === "registrar").map(
    (row) => row.name,
  );
  assert.match(String(read({})), /^b\.toml: the file is empty; docs\/pair\.md shows what belongs in it$/);
  const all = read({ udpPort: "5070" }) as readonly string[];
  assert.deepEqual(
    all.map((line) => /^b\.toml: (\w+) is missing; set /.exec(line)?.[1]),
    needed,
  );
  const { master: _, ...orphan } = STANDBY;
  assert.match(
    String(read(orphan)),
    /^b\.toml: master is missing; set master: the IP address of the master; never a name$/,
  );
});

test("where a Kamailio is the registrar, what only a registrar needs may be missing", () => {
  // Empty: as if nothing was said.
  const rest = { ...STANDBY, dataFolder: '""', certificateFile: '""', keyFile: '""' };
  const kamailio = '"http://127.0.0.1:8090/RPC"';
  const { kamailio: is } = accepted({ ...rest, kamailio });
  assert.deepEqual(is, { url: "http://127.0.0.1:8090/RPC", table: "location" });
  assert.equal(accepted({ ...rest, kamailio, kamailioTable: '"phones"' }).kamailio?.table, "phones");
  assert.equal(accepted(STANDBY).kamailio, undefined);
  assert.match(
    String(read({ ...MASTER, kamailio })),
    /kamailio = http:\S+ at a master, allowed a standby; a Kamailio that is the master needs nothing of this program$/,
  );
});

/** Each mistake, in a standby's file: the key, what it says, and the message. */
const MISTAKES: readonly [key: string, value: string, message: RegExp][] = [
  [
    "kamailio",
    '"127.0.0.1:8090"',
    /kamailio = 127\.0\.0\.1:8090, allowed http:\/\/ADDRESS:PORT\/RPC; write where/,
  ],
  ["mode", '"slave"', /^b\.toml:1: mode = slave, allowed master or standby; choose one of these words$/],
  [
    "master",
    '"pbx.example.test"',
    /master = pbx\.example\.test, allowed an IP address; no name: the standby must find/,
  ],
  [
    "master",
    '"192.0.2.2"',
    /master = 192\.0\.2\.2 is this node itself, allowed the address of the other node; /,
  ],
  ["address", '"here"', /address = here, allowed an IP address; write the address/],
  ["httpAddress", '"localhost"', /httpAddress = localhost, allowed an IP address; write 127/],
  ["name", '"a b"', /name = a b, allowed letters, digits and \. _ - inside; choose another name/],
  ["realm", '"a b"', /realm = a b is no host name or address; write a name/],
  ["takeoverDelay", "4", /takeoverDelay = 4, allowed 5\.\.600 s; choose a whole number in that range/],
  ["takeoverDelay", "601", /takeoverDelay = 601, allowed 5\.\.600 s/],
  ["returnDelay", "4", /returnDelay = 4, allowed 5\.\.600 s/],
  ["returnDelay", "601", /returnDelay = 601, allowed 5\.\.600 s/],
  ["returnDelay", '"soon"', /returnDelay = soon is no number, allowed 5\.\.600 s; write a whole number of s/],
  ["udpPort", "65536", /udpPort = 65536, allowed 0 or 1\.\.65535; .* 0 means: no SIP over UDP/],
  ["tlsPort", "0", /tlsPort = 0, allowed 1\.\.65535/],
  [
    "tlsPort",
    "5062",
    /replicationPort = 5062 is tlsPort too, allowed a port of its own; choose another port/,
  ],
  ["httpPort", "5060", /httpPort = 5060 is tcpPort too/],
  ["divert", '"proxy"', /divert = proxy, allowed redirect or relay/],
  ["replicateFromMaster", '"maybe"', /replicateFromMaster = maybe is neither on nor off/],
  ["minExpires", "3601", /minExpires = 3601 is more than maxExpires, allowed 0\.\.3600 s/],
  ["platformLicence", "100001", /platformLicence = 100001, allowed 0 or 1\.\.100000/],
  ["takeOverDelay", "30", /unknown key takeOverDelay; did you mean takeoverDelay\?/],
  ["password", '"x"', /unknown key password; docs\/pair\.md lists the keys/],
  ["backup-init-check-timeout", "14", /backup-init-check-timeout = 14, allowed 15\.\.3600 s/],
];

for (const [key, value, message] of MISTAKES) {
  test(`${key} = ${value} is refused`, () => {
    const said = read({ ...STANDBY, [key]: value });
    assert.ok(Array.isArray(said), JSON.stringify(said));
    assert.equal(said.length, 1, said.join("\n"));
    assert.match(said[0], message);
  });
}

test("the edges of the delays are allowed", () => {
  for (const seconds of ["5", "600"]) {
    const { takeoverDelayMs, returnDelayMs } = accepted({
      ...STANDBY,
      takeoverDelay: seconds,
      returnDelay: seconds,
    });
    assert.deepEqual([takeoverDelayMs, returnDelayMs], [Number(seconds) * 1000, Number(seconds) * 1000]);
  }
});

test("both nodes may be on one host: the port tells them apart", () => {
  const { master } = accepted({ ...STANDBY, master: '"192.0.2.2"', tlsPort: "5071" });
  assert.equal(master?.ports.tls, 5061);
});

test("a virtual node carries what its own licence says, and nothing without one", () => {
  assert.equal(accepted({ ...STANDBY, platform: '"virtual"' }).registrationsMax, 0);
  assert.equal(accepted({ ...STANDBY, platform: '"virtual"', platformLicence: "7" }).registrationsMax, 7);
});

test("[TServer] is accepted, and says what of it means nothing here", () => {
  const { readiness, remarks } = accepted(STANDBY, "[TServer]\nbackup-init-check = true\nserver-id = 1\n");
  assert.equal(readiness.backupInitCheck, true);
  assert.match(String(remarks), /^b\.toml:\d+: server-id is ignored: /);
  assert.match(String(read(STANDBY, "[tserver]\nx = 1\n")), /unknown key tserver\.x/);
});
