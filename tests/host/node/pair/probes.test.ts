// Each component fails for a real reason: damaged bytes, a key of another certificate, an address of nobody, a full disk.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import wasm from "../../../../build/standfast.wasm";
import { Authority } from "../../../../host/node/certificates.ts";
import { EVENT_LOG, EventLog } from "../../../../host/node/pair/event-log.ts";
import {
  type Finding,
  probeModule,
  probeTransport,
  type TransportGround,
} from "../../../../host/node/pair/probes.ts";
import { temporaryFolder } from "../../folder.ts";

const THERE: Finding = { kind: "initialised" };
const why = (found: Finding): string => (found.kind === "initialised" ? "" : found.why);

test("core module: as it is shipped it starts; with one byte damaged anywhere in its head it does not", () => {
  assert.deepEqual(probeModule(wasm), THERE);
  for (const at of [0, 4, 8]) {
    const damaged = Uint8Array.from(wasm, (byte, index) => (index === at ? byte ^ 0xff : byte));
    const found = probeModule(damaged);
    assert.equal(found.kind, "failed", `byte ${at}`);
    assert.match(why(found), /; install the program again$/);
  }
  assert.equal(probeModule(wasm.slice(0, wasm.length / 2)).kind, "failed");
});

let ground: TransportGround;
let authority: Authority;
const LOOPBACK = { type: "ip", value: "127.0.0.1" } as const;

before(async () => {
  authority = await Authority.create();
  const authorityFile = join(temporaryFolder(), "ca.pem");
  writeFileSync(authorityFile, authority.certificate);
  ground = {
    identity: await authority.issue({ names: [LOOPBACK] }),
    authorityFile,
    address: "127.0.0.1",
    now: new Date(),
  };
});

test("transport: certificate, key, authority and address fit", async () => {
  assert.deepEqual(await probeTransport(ground), THERE);
});

test("transport: the key of another certificate", async () => {
  const { key } = await authority.issue({ names: [LOOPBACK] });
  const found = await probeTransport({ ...ground, identity: { ...ground.identity, key } });
  assert.match(why(found), /^certificateFile, keyFile and authorityFile do not fit: .*key values mismatch/);
});

test("transport: what is no certificate, and an authority that is gone", async () => {
  const torn = { ...ground.identity, certificate: ground.identity.certificate.slice(0, 100) };
  assert.equal((await probeTransport({ ...ground, identity: torn })).kind, "failed");
  const found = await probeTransport({ ...ground, authorityFile: join(temporaryFolder(), "none.pem") });
  assert.match(why(found), /cannot be read \(ENOENT\)/);
});

test("transport: expired, of the future, and for another address", async () => {
  const days = async (from: number, to: number): Promise<string> => {
    const identity = await authority.issue({ names: [LOOPBACK], days: [from, to] });
    return why(await probeTransport({ ...ground, identity }));
  };
  assert.match(await days(-10, -1), /^certificateFile has expired, .*; renew it$/);
  assert.match(await days(1, 10), /^certificateFile is valid from .* on; set the clock, or renew it$/);
  const identity = await authority.issue({ names: [{ type: "ip", value: "127.0.0.2" }] });
  const found = await probeTransport({ ...ground, identity });
  assert.match(why(found), /^certificateFile is not for 127\.0\.0\.1 \(IP Address:127\.0\.0\.2\); /);
});

test("transport: an address that this machine does not have", async () => {
  const address = "192.0.2.1"; // RFC 5737
  const identity = await authority.issue({ names: [{ type: "ip", value: address }] });
  const found = await probeTransport({ ...ground, identity, address });
  assert.match(why(found), /EADDRNOTAVAIL/);
});

const NOBODY = (text: string): void => assert.fail(text);

test("event log: lines are appended, and the check leaves one", () => {
  const folder = temporaryFolder();
  const log = new EventLog(folder, NOBODY);
  log.write({ type: "role", to: "STANDBY" });
  assert.equal(log.check("now"), undefined);
  log.write({ type: "role", to: "LOST" });
  const text = readFileSync(join(folder, EVENT_LOG), "utf8");
  assert.equal(
    text,
    '{"type":"role","to":"STANDBY"}\n{"type":"check","at":"now"}\n{"type":"role","to":"LOST"}\n',
  );
});

test("event log: a long one makes room, and one earlier file is kept", () => {
  const folder = temporaryFolder();
  const log = new EventLog(folder, NOBODY, 10);
  for (const at of [1, 2, 3]) log.write({ type: "event", at });
  assert.equal(readFileSync(join(folder, EVENT_LOG), "utf8"), '{"type":"event","at":3}\n');
  assert.equal(readFileSync(join(folder, `${EVENT_LOG}.1`), "utf8"), '{"type":"event","at":2}\n');
});

test("event log: a full disk is found by the check, and told once by events", () => {
  const folder = temporaryFolder();
  symlinkSync("/dev/full", join(folder, EVENT_LOG)); // full(4): every write fails with ENOSPC
  const remarks: string[] = [];
  const log: EventLog = new EventLog(folder, (text) => {
    remarks.push(text);
    log.write({ type: "fault", text }); // as a node does with whatever it is told
  });
  assert.match(log.check("now") ?? "", /events\.ndjson cannot be written \(ENOSPC\); make room/);
  log.write({ type: "event" });
  log.write({ type: "event" });
  assert.equal(remarks.length, 1);
});

test("event log: a folder that is a file, and one that is not there", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "");
  assert.match(new EventLog(join(folder, "file"), NOBODY).check("now") ?? "", /ENOTDIR/);
  assert.match(new EventLog(join(folder, "none"), NOBODY).check("now") ?? "", /ENOENT/);
  mkdirSync(join(folder, "none"));
  assert.equal(new EventLog(join(folder, "none"), NOBODY).check("now"), undefined, "late, and it works");
});
