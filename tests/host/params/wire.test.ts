// Every parameter that is not the core's changes something that leaves the phone: where to, where from, by which
// transport, or a byte of it.
//
// One row a parameter: two runs of the public API over loopback, from configurations that differ in it alone, and what
// is seen in each. A parameter without a row fails. Those of the core: tests/sim/params.test.ts.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, type TestContext, test } from "node:test";
import { Phone } from "../../../host/index.ts";
import { writeEndpoint } from "../../../host/node/address.ts";
import { Authority, type Issued } from "../../../host/node/certificates.ts";
import { PARAMS } from "../../../host/params/table.ts";
import { accepted, reading } from "../config/readings.ts";
import { temporaryFolder } from "../folder.ts";
import { nameServerOn } from "../node/dns/name-server.ts";
import { PASSWORD } from "../pair.ts";
import { freePorts } from "../ports.ts";
import { Ears } from "./ears.ts";
import { ROWS, type Row } from "./wire-rows.ts";

const OUTER = PARAMS.filter(({ scope }) => scope !== "core");
const LINE: readonly (readonly [name: string, value: string])[] = [
  ["phoneNumber", "6000"],
  ["password", PASSWORD],
];
/** A busy machine is no dead server, and what it holds up is not sent again soon. */
const CALM = "registerTimeout = 20000\nt1 = 2000\n";
/** What DHCP says in option 120: one name, `dhcp.test`. RFC 3361 §3.1. */
const OPTION_120 = Buffer.from("\0\x04dhcp\x04test\0");

let identity: Issued;
const authority = join(temporaryFolder(), "ca.pem");

before(async () => {
  const signer = await Authority.create();
  identity = await signer.issue({ names: [{ type: "ip", value: "127.0.0.1" }] });
  writeFileSync(authority, signer.certificate);
});

for (const { name, id } of OUTER) {
  test(`${name} (${id}) changes what leaves the phone`, async (t) => {
    const row = ROWS[name];
    assert.ok(row, "no row");
    assert.notDeepEqual(row.before, row.after);
    assert.deepEqual(await play(t, name, row, 0), row.before, "as it was");
    assert.deepEqual(await play(t, name, row, 1), row.after, "changed");
  });
}

test("the table of parameters and these rows name the same", () => {
  assert.deepEqual(Object.keys(ROWS).sort(), OUTER.map(({ name }) => name).sort());
});

/** One run with the first or the second value: what is seen. */
async function play(t: TestContext, name: string, row: Row, turn: 0 | 1): Promise<unknown> {
  const ears = await Ears.open(t, identity);
  const low = await freePorts(2);
  const known = { ...ears.others, port: ears.port, low, high: low + 1, authority, ...(await names(t, ears)) };
  const filled = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (_, word) => String(known[word as keyof typeof known]));
  const { until = (_, heard) => heard.until(2), held, answersFrom } = row;
  if (held?.[turn]) await hold(t, Number(filled(held[turn])));
  if (answersFrom !== undefined) await answerFrom(t, ears, answersFrom);

  const others = LINE.filter(([other]) => other !== name).map(([other, value]) => `${other} = ${value}\n`);
  const value = row.values[turn];
  const own = value === "" ? "" : `${row.key ?? name} = ${value}\n`;
  const text = filled(`${CALM}${row.both ?? ""}${others.join("")}${own}`);
  const phone = new Phone(accepted(reading(text, "phone.cfg")), { dhcpOption120: OPTION_120 });
  t.after(() => phone.close());
  await phone.start();
  await until(phone, ears);
  phone.close();
  const nameOf = (port: number): string => ["low", "high"][port - low] ?? "another";
  return row.watch({ heard: ears.heard, nameOf });
}

/** Two name servers that know `pbx.test` at different ports, and `dhcp.test` at one; the names have no addresses. */
async function names(t: TestContext, ears: Ears): Promise<Readonly<Record<"one" | "two", string>>> {
  const serving = async (port: number): Promise<string> => {
    const { endpoint } = await nameServerOn(t, ({ type, name }) => {
      const common = { class: "IN", name, ttl: 300 } as const;
      const target = { priority: 0, weight: 0, port, target: "node.test" };
      if (type === "SRV") return [{ answers: [{ ...common, type, data: target }] }];
      if (type === "A" && name === "node.test")
        return [{ answers: [{ ...common, type, data: "127.0.0.1" }] }];
      return [{}];
    });
    return writeEndpoint(endpoint);
  };
  return { one: await serving(ears.port), two: await serving(ears.others.beside) };
}

async function hold(t: TestContext, port: number): Promise<void> {
  const socket = createSocket("udp4");
  socket.bind({ port, exclusive: true });
  await once(socket, "listening");
  t.after(() => socket.close());
}

async function answerFrom(t: TestContext, ears: Ears, address: string): Promise<void> {
  const mouth = createSocket("udp4");
  mouth.bind(0, address);
  await once(mouth, "listening");
  t.after(() => mouth.close());
  ears.answer = (bytes, to) => mouth.send(bytes, to.port, to.address);
}
