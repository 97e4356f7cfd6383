// Two servers on a LAN: who answers what, and what is lost on the way.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BROADCAST,
  readArp,
  readFrame,
  TYPE_ARP,
  TYPE_IPV4,
  writeArp,
  writeFrame,
} from "../../../host/lan/ethernet.ts";
import { readMessage, writeMessage } from "../../../host/lan/icmp.ts";
import { type Packet, readPacket, writePacket } from "../../../host/lan/ipv4.ts";
import { Lan } from "../../../host/lan/lan.ts";
import { type Service, Station } from "../../../host/lan/station.ts";
import { readDatagram, writeDatagram } from "../../../host/lan/udp.ts";
import { Network } from "../../../host/sim/network.ts";
import { Random } from "../../../host/sim/random.ts";

const PHONE = { address: "192.0.2.100", port: 5060 };
const OWN = "025f00000064";
const HARDWARE = { primary: "025f0000000a", backup1: "025f0000000b" };

/** Says everything back, 7 ms later. */
const parrot: Service["handle"] = (payload, from) => ({
  kind: "answered",
  replies: [{ to: from, bytes: payload }],
  delayMs: 7,
});

function bed(handle: Service["handle"] = parrot) {
  const network = new Network(["primary", "backup1"], new Random(7), () => PHONE);
  const [primary, backup1] = (["primary", "backup1"] as const).map(
    (name, index) =>
      new Station({
        name,
        address: `192.0.2.${10 + index}`,
        hardware: HARDWARE[name],
        port: 5060,
        service: { handle },
      }),
  ) as [Station, Station];
  return { network, primary, backup1, lan: new Lan([primary, backup1], network) };
}

const ask = (targetAddress: string) =>
  writeFrame({
    to: BROADCAST,
    from: OWN,
    type: TYPE_ARP,
    payload: writeArp({
      kind: "request",
      sender: OWN,
      senderAddress: PHONE.address,
      target: "000000000000",
      targetAddress,
    }),
  });

const frameTo = (name: keyof typeof HARDWARE, packet: Packet) =>
  writeFrame({ to: HARDWARE[name], from: OWN, type: TYPE_IPV4, payload: writePacket(packet) });

const datagram = (address: string, port = 5060) =>
  writeDatagram({ from: PHONE, to: { address, port }, payload: Buffer.from("hello") });

test("each address is answered by the one that has it, and no other by anybody", () => {
  const { lan } = bed();
  for (const [address, sender] of [
    ["192.0.2.10", HARDWARE.primary],
    ["192.0.2.11", HARDWARE.backup1],
  ] as const) {
    const [answer, ...more] = lan.handle(ask(address), 0);
    assert.ok(answer);
    const frame = readFrame(answer.bytes);
    assert.equal(frame?.to, OWN);
    const arp = readArp(frame?.payload ?? Buffer.alloc(0));
    assert.deepEqual(arp, {
      kind: "reply",
      sender,
      senderAddress: address,
      target: OWN,
      targetAddress: PHONE.address,
    });
    assert.equal(more.length, 0);
  }
  assert.deepEqual(lan.handle(ask("192.0.2.12"), 0), []);
});

test("a datagram reaches the port behind the address, and its answer comes from there", () => {
  const { lan } = bed();
  const answers = lan.handle(frameTo("backup1", datagram("192.0.2.11")), 0);
  assert.equal(answers.length, 1);
  assert.equal(answers[0]?.delayMs, 7);
  const read = packetOf(answers[0]?.bytes);
  assert.deepEqual(readDatagram(read), {
    from: { address: "192.0.2.11", port: 5060 },
    to: PHONE,
    payload: Buffer.from("hello"),
  });
});

test("echo is answered; a port where nobody listens, or that is closed, is told with what was sent", () => {
  const open = bed();
  const data = Buffer.from("abcdefg");
  const echo = writeMessage(PHONE.address, "192.0.2.10", { kind: "echo", data });
  const [pong] = open.lan.handle(frameTo("primary", echo), 0);
  assert.deepEqual(readMessage(packetOf(pong?.bytes)), { kind: "echo reply", data });
  const refusing = bed(() => ({ kind: "refused" }));
  for (const [{ lan }, port] of [
    [open, 5061],
    [refusing, 5060],
  ] as const) {
    const sent = datagram("192.0.2.10", port);
    const [told] = lan.handle(frameTo("primary", sent), 0);
    const packet = writePacket(sent).subarray(0, 28);
    assert.deepEqual(readMessage(packetOf(told?.bytes)), { kind: "port unreachable", packet });
  }
});

test("a server that hangs still answers ARP and echo; one without its cable nothing", () => {
  const { lan, primary } = bed(() => ({ kind: "lost" }));
  const echo = writeMessage(PHONE.address, "192.0.2.10", { kind: "echo", data: Buffer.alloc(4) });
  const answers = () =>
    [ask("192.0.2.10"), frameTo("primary", echo), frameTo("primary", datagram("192.0.2.10"))].map(
      (bytes) => lan.handle(bytes, 0).length,
    );
  assert.deepEqual(answers(), [1, 1, 0]);
  primary.isPlugged = false;
  assert.deepEqual(answers(), [0, 0, 0]);
});

test("frames for others, cut or damaged, are nobody's", () => {
  const { lan } = bed();
  const good = frameTo("primary", datagram("192.0.2.10"));
  assert.deepEqual(lan.handle(frameTo("primary", datagram("192.0.2.11")), 0), [], "another's address");
  assert.deepEqual(lan.handle(good.subarray(0, 13), 0), []);
  assert.deepEqual(lan.handle(good.subarray(0, 40), 0), []);
  good.writeUInt8(0, 44);
  assert.deepEqual(lan.handle(good, 0), []);
});

test("of a thousand frames one in ten is lost each way and one in ten comes twice, again the same from the same seed", () => {
  const run = () => {
    const { lan, network } = bed();
    network.apply({ kind: "loss", percent: 10 });
    network.apply({ kind: "duplicate", percent: 10 });
    return Array.from(
      { length: 1000 },
      () => lan.handle(frameTo("primary", datagram("192.0.2.10")), 0).length,
    );
  };
  const counts = run();
  const total = counts.reduce((sum, count) => sum + count, 0);
  // 1.1 copies each way, 0.9 of them arrive: 980 of 1000, and no fewer than five standard deviations (23) allow.
  assert.ok(Math.abs(total - 980) < 115, `${total} arrived`);
  assert.ok(counts.includes(0) && counts.includes(2));
  assert.deepEqual(run(), counts);
});

function packetOf(bytes: Buffer = Buffer.alloc(0)): Packet {
  return readPacket(readFrame(bytes)?.payload ?? bytes) ?? assert.fail("no packet");
}
