// Frames and packets against examples of others: bytes typed from their sources, read and written.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BROADCAST, readArp, readFrame, TYPE_ARP, writeArp, writeFrame } from "../../../host/lan/ethernet.ts";
import { readMessage, writeMessage } from "../../../host/lan/icmp.ts";
import { checksum, readPacket, writePacket } from "../../../host/lan/ipv4.ts";
import { readDatagram, writeDatagram } from "../../../host/lan/udp.ts";

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ""), "hex");

test("the checksum is that of RFC 1071 §3", () => {
  assert.equal(checksum(hex("0001 f203 f4f5 f6f7")), 0xffff - 0xddf2);
  assert.equal(checksum(hex("0001 f203 f4f5 f6")), 0xffff - 0xdcfb, "as if a zero followed");
});

// The example that many texts on the checksum share: a header as another stack wrote it.
test("an IPv4 header with the sum that another stack computed", () => {
  const header = hex("4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7");
  const packet = readPacket(Buffer.concat([header, Buffer.alloc(0x73 - 20)]));
  assert.deepEqual([packet?.from, packet?.to, packet?.protocol], ["192.168.0.1", "192.168.0.199", 17]);
  assert.equal(packet?.payload.length, 0x73 - 20);
  header.writeUInt8(0x41, 8);
  assert.equal(readPacket(Buffer.concat([header, Buffer.alloc(0x73 - 20)])), undefined, "a bit fell over");
});

test("who has 192.0.2.10? as RFC 826 lays it out", () => {
  const bytes = hex(
    "ffffffffffff 02005e000064 0806 0001 0800 06 04 0001 02005e000064 c0000264 000000000000 c000020a",
  );
  const frame = readFrame(bytes);
  assert.equal(frame?.to, BROADCAST);
  assert.equal(frame?.type, TYPE_ARP);
  const arp = {
    kind: "request",
    sender: "02005e000064",
    senderAddress: "192.0.2.100",
    target: "000000000000",
    targetAddress: "192.0.2.10",
  } as const;
  assert.deepEqual(readArp(frame?.payload ?? bytes), arp);
  const written = writeFrame({
    to: BROADCAST,
    from: arp.sender,
    type: TYPE_ARP,
    payload: writeArp(arp),
  });
  assert.deepEqual(written, Buffer.concat([bytes, Buffer.alloc(60 - 42)]), "filled up to the least length");
});

test("what is written is read again, and one fallen bit is noticed wherever a sum watches", () => {
  const datagram = {
    from: { address: "192.0.2.10", port: 5060 },
    to: { address: "192.0.2.100", port: 40_000 },
    payload: Buffer.from("odd"),
  };
  const packet = writeDatagram(datagram);
  const bytes = writePacket(packet);
  assert.deepEqual(readPacket(Buffer.concat([bytes, Buffer.alloc(9)])), packet, "a filled frame");
  assert.deepEqual(readDatagram(packet), datagram);
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const broken = Buffer.from(bytes);
    broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const read = readPacket(broken);
    assert.equal(read && readDatagram(read), undefined, `bit ${bit}`);
  }
});

test("a datagram without a sum is taken, RFC 768", () => {
  const payload = hex("13c4 9c40 000a 0000 6869");
  const read = readDatagram({ from: "192.0.2.10", to: "192.0.2.100", protocol: 17, payload });
  assert.equal(read?.payload.toString(), "hi");
});

test("echoes and closed ports have the numbers of RFC 792", () => {
  const echo = writeMessage("192.0.2.10", "192.0.2.100", { kind: "echo", data: hex("0001 0002 61") });
  assert.deepEqual(echo.payload, hex("0800 96fc 0001 0002 61"));
  assert.deepEqual(readMessage(echo), { kind: "echo", data: hex("0001 0002 61") });
  const packet = Buffer.alloc(40, 1);
  const closed = writeMessage("192.0.2.10", "192.0.2.100", { kind: "port unreachable", packet });
  assert.equal(closed.payload.readUInt16BE(0), 0x0303);
  assert.deepEqual(readMessage(closed), { kind: "port unreachable", packet: packet.subarray(0, 28) });
});
