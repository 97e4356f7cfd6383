// The drivers and the two stacks of the Cortex-M port, each frame of which is read and written here by other code.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readMessage, writeMessage } from "../../host/lan/icmp.ts";
import { checksum, type Packet, writePacket } from "../../host/lan/ipv4.ts";
import { readDatagram, writeDatagram } from "../../host/lan/udp.ts";
import {
  BOARDS,
  type Board,
  buildImage,
  lwipStack,
  NET,
  type Stack,
} from "../../host/tools/firmware/cortex-m.ts";
import { emulate } from "../../host/tools/firmware/emulator.ts";
import { HOST, openWire, PHONE } from "./wire.ts";

const IMAGE = { name: "echo", sources: ["tests/firmware/images/echo.c"], stackBytes: 2048 };
const LIMIT_MS = 120_000;
/** Both sides of what fills a short frame, odd and even, and the most that a frame holds. */
const LENGTHS = [1, 2, 17, 18, 19, 600, 1471, 1472];
/** More neighbours than any table of a phone holds. */
const FLOOD = 12;
const UDP_AT = 20;

const STACKS: readonly (readonly [name: string, stack: () => Promise<Stack>])[] = [
  ["the small stack", async () => NET],
  ["lwIP", lwipStack],
];

for (const [board, [name, stackOf]] of BOARDS.flatMap((board) =>
  STACKS.map((row) => [board, row] as const),
)) {
  test(`${board.name}, ${name}: datagrams of every length come back, echoes are answered, damage is not`, async () => {
    const image = await buildImage(board, { ...IMAGE, stack: await stackOf() });
    const wire = await openWire((nic) => emulate({ board, image, nic: nic(board.nic), limitMs: LIMIT_MS }));
    assert.equal((await wire.next(readDatagram)).payload.toString(), "near");
    for (const length of LENGTHS) {
      const payload = Buffer.from(Array.from({ length }, (_, at) => at & 255));
      wire.send(toPhone(payload));
      const back = await wire.next(readDatagram);
      assert.deepEqual(back, { from: PHONE, to: HOST, payload });
    }
    for (const length of [4, 5, 1476]) {
      const data: Buffer = Buffer.alloc(length, 7);
      wire.send(writeMessage(HOST.address, PHONE.address, { kind: "echo", data }));
      assert.deepEqual(await wire.next(readMessage), { kind: "echo reply", data });
    }
    const far = { address: "203.0.113.5", port: 5060 };
    wire.send(writeDatagram({ from: far, to: PHONE, payload: Buffer.from("far") }));
    assert.deepEqual((await wire.next(readDatagram)).to, far, "through the gateway");
    wire.put(withOptions(toPhone(Buffer.from("options"))));
    assert.equal((await wire.next(readDatagram)).payload.toString(), "options");
    wire.put(withUdp(toPhone(Buffer.from("no sum")), 14, 0));
    assert.equal((await wire.next(readDatagram)).payload.toString(), "no sum");
    for (const bad of [...damaged(), ...(name === "lwIP" ? [] : wrongLengths())]) wire.put(bad);
    wire.flood(FLOOD);
    wire.send(toPhone(Buffer.from("good")));
    assert.equal((await wire.next(readDatagram)).payload.toString(), "good");
    wire.takeOver();
    wire.send(toPhone(Buffer.from("standby")));
    assert.equal((await wire.next(readDatagram)).payload.toString(), "standby", "to the other machine");
    wire.send(closed(toHost()));
    wire.send(toPhone(Buffer.from("end")));
    const { code, output } = await wire.ended;
    assert.equal(code, 0, output);
    assert.match(output, /^refused 3221225994 5060\nstack \d+\n$/m, "192.0.2.10 as a number");
  });
}

test("on a board without its network chip an image says so and ends", async () => {
  const [mps2, lm3s] = BOARDS as [Board, Board];
  const image = await buildImage(mps2, { ...IMAGE, stack: NET });
  const { code, output } = await emulate({ board: lm3s, image, limitMs: LIMIT_MS });
  assert.equal(code, 71);
  assert.match(output, /^no LAN9118 here$/m);
});

function toPhone(payload: Buffer): Packet {
  return writeDatagram({ from: HOST, to: PHONE, payload });
}

function toHost(): Packet {
  return writeDatagram({ from: PHONE, to: HOST, payload: Buffer.from("good") });
}

/** What a host says that has closed the port to which the packet went. */
function closed(packet: Packet): Packet {
  return writeMessage(packet.to, packet.from, { kind: "port unreachable", packet: writePacket(packet) });
}

/** Payloads of IPv4 frames that nobody may take. */
function damaged(): Buffer[] {
  const good = writePacket(toPhone(Buffer.from("bad")));
  const flipped = (at: number, bit: number) => {
    const bytes = Buffer.from(good);
    bytes.writeUInt8(bytes.readUInt8(at) ^ bit, at);
    return bytes;
  };
  const port = writePacket(
    writeDatagram({ from: HOST, to: { ...PHONE, port: 5061 }, payload: Buffer.from("bad") }),
  );
  const elsewhere = writePacket({ ...toPhone(Buffer.from("bad")), to: "192.0.2.101" });
  const pieces = Buffer.from(good);
  pieces.writeUInt16BE(0x2000, 6); // more fragments follow
  pieces.writeUInt16BE(pieces.readUInt16BE(10) - 0x2000, 10);
  // A bit of the version, of the length, of the checksum, of the address, of the UDP length, of the payload.
  const bits = [
    [0, 16],
    [3, 64],
    [10, 1],
    [15, 1],
    [25, 128],
    [28, 1],
  ];
  const broken = bits.map(([at = 0, bit = 0]) => flipped(at, bit));
  const last = Buffer.from(good);
  last.writeUInt16BE(1, 6); // the last fragment, from byte 8 on
  last.writeUInt16BE(last.readUInt16BE(10) - 1, 10);
  return [...broken, port, elsewhere, pieces, last, good.subarray(0, 19), Buffer.alloc(0)];
}

/** Lengths in UDP that no sum guards; lwIP trusts that of IP, and so takes them. */
function wrongLengths(): Buffer[] {
  const packet = toPhone(Buffer.from("bad"));
  return [0, 7, 12, 0xffff].map((length) => withUdp(packet, length, 0));
}

function withUdp(packet: Packet, length: number, sum: number): Buffer {
  const bytes = writePacket(packet);
  bytes.writeUInt16BE(length, UDP_AT + 4);
  bytes.writeUInt16BE(sum, UDP_AT + 6);
  return bytes;
}

/** As a router would that records the route: eight more bytes of header. RFC 791 §3.1. */
function withOptions(packet: Packet): Buffer {
  const plain = writePacket(packet);
  const options = Buffer.from([7, 7, 4, 0, 0, 0, 0, 0]);
  const bytes = Buffer.concat([plain.subarray(0, UDP_AT), options, plain.subarray(UDP_AT)]);
  bytes.writeUInt8(0x47, 0);
  bytes.writeUInt16BE(bytes.length, 2);
  bytes.writeUInt16BE(0, 10);
  bytes.writeUInt16BE(checksum(bytes.subarray(0, UDP_AT + options.length)), 10);
  return bytes;
}
