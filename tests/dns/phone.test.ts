// A phone whose servers have names: several addresses, a zone that changes, a name server that dies.
//
// Registrars of our own stand on addresses of the loopback and note every packet that reaches them; the
// names are NSD's.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { fromOptions } from "../../host/config/options.ts";
import { Phone, type PhoneEvent } from "../../host/index.ts";
import { writeEndpoint } from "../../host/node/address.ts";
import { PASSWORD, SHORT } from "../host/pair.ts";
import { PbxSocket } from "../host/pbx-socket.ts";
import { freeEndpoint } from "../host/ports.ts";
import { PATIENCE_MS, until } from "../host/until.ts";
import { Nsd } from "./nsd.ts";

/** Longer than a server that lives on a busy machine keeps silent. */
const TIMEOUT_MS = 4000;
const PATIENT = [`registerTimeout=${TIMEOUT_MS}`, `optionsTimeout=${TIMEOUT_MS}`];

type Over = "udp" | "tcp";

async function registrar(t: TestContext, address: string, transport: Over = "udp"): Promise<PbxSocket> {
  const secret = { kind: "password", password: PASSWORD } as const;
  const pbx = await PbxSocket.open({
    address,
    port: 0,
    transport,
    registrar: { realm: "test.invalid", key: address, accounts: [{ user: "6000", account: "6000", secret }] },
    now: () => performance.now(),
  });
  t.after(() => pbx.die());
  return pbx;
}

async function nameServer(t: TestContext, ...lines: readonly string[]): Promise<Nsd> {
  const nsd = await Nsd.open({ "sip.test": lines });
  t.after(() => nsd.remove());
  return nsd;
}

/** An SRV record and the address of its host. */
function srv(
  priority: number,
  host: string,
  { address, port }: { address: string; port: number },
  ttl = 60,
): string[] {
  return [`_sip._udp.pbx ${ttl} SRV ${priority} 0 ${port} ${host}`, `${host} ${ttl} A ${address}`];
}

interface Watched {
  readonly phone: Phone;
  readonly events: readonly PhoneEvent[];
  readonly notices: readonly string[];
}

/** A phone of the name `pbx.sip.test` and a backup by its address, not started yet. */
function phoneOf(t: TestContext, nsd: Nsd, backup?: PbxSocket, transport: Over = "udp"): Watched {
  const reading = fromOptions({
    primary: "pbx.sip.test",
    backups: backup ? [writeEndpoint(backup.endpoint)] : [],
    users: ["6000"],
    password: PASSWORD,
    domain: "test.invalid",
    params: [
      ...SHORT,
      ...PATIENT,
      `transport=${transport}`,
      "proxyDnsType=srv",
      `nameServers=${writeEndpoint(nsd.endpoint)}`,
    ],
  });
  if (reading.kind === "refused") throw new Error(JSON.stringify(reading.errors));
  const phone = new Phone(reading.config);
  const events: PhoneEvent[] = [];
  const notices: string[] = [];
  phone.on("event", (event) => events.push(event));
  phone.on("notice", (text) => notices.push(text));
  t.after(() => phone.close());
  return { phone, events, notices };
}

const isBound = (pbx: PbxSocket) => () => pbx.bindings().length > 0;

test("of a name with two addresses the first is dead: the second serves, in the same turn, and the backup hears nothing", async (t) => {
  const [second, backup] = [await registrar(t, "127.0.0.62"), await registrar(t, "127.0.0.63")];
  const gone = await freeEndpoint("127.0.0.61");
  const nsd = await nameServer(t, ...srv(10, "a", gone), ...srv(20, "b", second.endpoint));
  const { phone, events } = phoneOf(t, nsd, backup);
  await phone.start();
  assert.equal(await phone.whenInService(PATIENCE_MS), true);
  assert.equal(events.find(({ type }) => type === "inService")?.server, "primary");
  assert.deepEqual(phone.endpointOf("primary"), second.endpoint);
  assert.equal(second.bindings().length, 1);
  assert.equal(backup.packets, 0);
});

test("and when it is silent, the second follows after one register timeout", async (t) => {
  const [second, backup] = [await registrar(t, "127.0.0.62"), await registrar(t, "127.0.0.63")];
  const silent = createSocket("udp4").bind(0, "127.0.0.61");
  await once(silent, "listening");
  t.after(() => silent.close());
  const nsd = await nameServer(t, ...srv(10, "a", silent.address()), ...srv(20, "b", second.endpoint));
  const { phone, events } = phoneOf(t, nsd, backup);
  await phone.start();
  assert.equal(await phone.whenInService(PATIENCE_MS), true);
  const served = events.find(({ type }) => type === "inService");
  assert.equal(served?.server, "primary");
  assert.ok((served?.t ?? 0) >= TIMEOUT_MS - 50, `${served?.t} ms`);
  assert.equal(backup.packets, 0);
});

test("over TCP too: where the first address refuses the connection, the second is connected", async (t) => {
  const second = await registrar(t, "127.0.0.62", "tcp");
  const backup = await registrar(t, "127.0.0.63", "tcp");
  const gone = await freeEndpoint("127.0.0.61");
  const zone = [...srv(10, "a", gone), ...srv(20, "b", second.endpoint)];
  const nsd = await nameServer(t, ...zone.map((line) => line.replace("_udp", "_tcp")));
  const { phone, events } = phoneOf(t, nsd, backup, "tcp");
  await phone.start();
  assert.equal(await phone.whenInService(PATIENCE_MS), true);
  assert.equal(events.find(({ type }) => type === "inService")?.server, "primary");
  assert.deepEqual(phone.endpointOf("primary"), second.endpoint);
  assert.equal(second.bindings().length, 1);
  assert.equal(backup.packets, 0);
});

test("a zone that changes cuts nothing; when the old address dies, the new one is used, and nobody moves", async (t) => {
  const [old, fresh] = [await registrar(t, "127.0.0.61"), await registrar(t, "127.0.0.62")];
  const backup = await registrar(t, "127.0.0.63");
  const nsd = await nameServer(t, ...srv(10, "a", old.endpoint, 0));
  const { phone, events, notices } = phoneOf(t, nsd, backup);
  await phone.start();
  await until(isBound(old), "bound at the old address");
  await nsd.change({ "sip.test": srv(10, "b", fresh.endpoint, 0) });
  // It lives for no time, so the next requests ask for it: heartbeats and refreshes come every 5 s.
  await until(() => notices.includes("primary: found at 127.0.0.61, 127.0.0.62"), "the change is heard");
  const before = old.packets;
  await until(() => old.packets > before, "the old address is used on");
  assert.equal(fresh.packets, 0);
  old.die();
  await until(isBound(fresh), "bound at the new address");
  assert.deepEqual(phone.endpointOf("primary"), fresh.endpoint);
  assert.equal(backup.packets, 0);
  assert.deepEqual(
    events.filter(({ type }) => type === "moved" || type === "outOfService"),
    [],
  );
});

test("with the name server gone the last good answer serves: its second address too", async (t) => {
  const [first, second] = [await registrar(t, "127.0.0.61"), await registrar(t, "127.0.0.62")];
  const nsd = await nameServer(t, ...srv(10, "a", first.endpoint, 0), ...srv(20, "b", second.endpoint, 0));
  const { phone, events } = phoneOf(t, nsd);
  await phone.start();
  await until(isBound(first), "bound at the first");
  await nsd.kill();
  first.die();
  await until(isBound(second), "bound at the second");
  assert.equal(events.at(0)?.server, "primary");
  assert.deepEqual(phone.endpointOf("primary"), second.endpoint);
});

test("a name server that is frozen at boot does not keep the phone from its backup; the primary is found later", async (t) => {
  const [primary, backup] = [await registrar(t, "127.0.0.61"), await registrar(t, "127.0.0.63")];
  const nsd = await nameServer(t, ...srv(10, "a", primary.endpoint));
  nsd.freeze();
  const { phone, events } = phoneOf(t, nsd, backup);
  await phone.start();
  assert.equal(await phone.whenInService(PATIENCE_MS), true);
  assert.equal(events.find(({ type }) => type === "inService")?.server, "backup1");
  nsd.thaw();
  await until(isBound(primary), "bound at the primary");
});

test("a phone with names only starts while the name server is frozen, and registers when it is thawed", async (t) => {
  const primary = await registrar(t, "127.0.0.61");
  const nsd = await nameServer(t, ...srv(10, "a", primary.endpoint));
  nsd.freeze();
  const { phone } = phoneOf(t, nsd);
  const started = phone.start();
  await started;
  nsd.thaw();
  await until(isBound(primary), "bound");
});
