// The readers of this folder that need no server: capture files, location tables, SIP messages.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readTable } from "../real/location.ts";
import { type Datagram, PcapReader, type Segment } from "../real/pcap.ts";
import { readSip, summary } from "../real/sip.ts";
import { Streams } from "../real/streams.ts";

const IPV4_UDP = "45000021000000004011ffff" + "7f000901" + "7f000902" + "13c413c5" + "000dffff";
const IPV6_UDP = `60000000000d1140${"0".repeat(31)}1${"20010db8"}${"0".repeat(23)}2${"13c413c5000dffff"}`;
const HELLO = Buffer.from("hello").toString("hex");

function frame(type: string, packet: string): Buffer {
  return Buffer.from(`${"00".repeat(12)}${type}${packet}`, "hex");
}

/** A capture of `frames`, one a second from 1000 s on, each `fraction` past the second. */
function capture(frames: readonly Buffer[], magic: number, isLittle: boolean, fraction: number): Buffer {
  const words = (...values: number[]) => {
    const bytes = Buffer.alloc(4 * values.length);
    for (const [index, value] of values.entries()) {
      if (isLittle) bytes.writeUInt32LE(value, 4 * index);
      else bytes.writeUInt32BE(value, 4 * index);
    }
    return bytes;
  };
  const records = frames.flatMap((bytes, index) => [
    words(1_000 + index, fraction, bytes.length, bytes.length),
    bytes,
  ]);
  return Buffer.concat([words(magic, 0x00040002, 0, 0, 65_535, 1), ...records]);
}

function flat({ atMs, from, to, payload }: Datagram): string {
  return `${atMs} ${from.address} ${from.port} ${to.address} ${to.port} ${payload}`;
}

describe("a capture file", () => {
  const frames = [
    frame("0800", IPV4_UDP + HELLO),
    frame("86dd", IPV6_UDP + HELLO),
    frame("0800", `46000025${IPV4_UDP.slice(8, 40)}01010101${IPV4_UDP.slice(40)}${HELLO}00000000`),
  ];
  const expected = [
    "1000000.25 127.0.9.1 5060 127.0.9.2 5061 hello",
    "1001000.25 ::1 5060 2001:db8::2 5061 hello",
    "1002000.25 127.0.9.1 5060 127.0.9.2 5061 hello",
  ];

  for (const [name, magic, isLittle, fraction] of [
    ["microseconds, little-endian", 0xa1b2c3d4, true, 250],
    ["microseconds, big-endian", 0xa1b2c3d4, false, 250],
    ["nanoseconds, little-endian", 0xa1b23c4d, true, 250_000],
    ["nanoseconds, big-endian", 0xa1b23c4d, false, 250_000],
  ] as const) {
    test(`gives its datagrams: ${name}`, () => {
      const found = new PcapReader().push(capture(frames, magic, isLittle, fraction));
      assert.deepEqual(found.map(flat), expected);
    });
  }

  test("may arrive in pieces of any size", () => {
    const file = capture(frames, 0xa1b2c3d4, true, 250);
    for (let size = 1; size < file.length; size += 1) {
      const reader = new PcapReader();
      const found: Datagram[] = [];
      for (let at = 0; at < file.length; at += size) {
        found.push(...reader.push(file.subarray(at, at + size)));
      }
      assert.deepEqual(found.map(flat), expected);
    }
  });

  test("holds much that is no datagram", () => {
    const others = [
      frame("0806", "00010800"), // ARP
      frame("0800", `${IPV4_UDP.slice(0, 18)}01${IPV4_UDP.slice(20)}${HELLO}`), // ICMP
      frame("0800", `${IPV4_UDP.slice(0, 18)}06${IPV4_UDP.slice(20)}${HELLO}`), // cut off in the TCP header
      frame("0800", `${IPV4_UDP.slice(0, 12)}2000${IPV4_UDP.slice(16)}${HELLO}`), // a fragment
      frame("0800", IPV4_UDP.slice(0, 50)), // cut off in the UDP header
      Buffer.alloc(10),
    ];
    assert.deepEqual(new PcapReader().push(capture(others, 0xa1b2c3d4, true, 0)), []);
  });

  test("gives its TCP segments, without the padding of a short frame", () => {
    const header = `13c413c5fffffffe0000000060${"02"}ffff0000000000000000`; // one word of options
    const length = (20 + header.length / 2 + 5).toString(16).padStart(4, "0");
    const packet = `4500${length}${IPV4_UDP.slice(8, 18)}06${IPV4_UDP.slice(20, 40)}${header}${HELLO}000000`;
    const found = new PcapReader().push(capture([frame("0800", packet)], 0xa1b2c3d4, true, 250));
    assert.deepEqual(found, [
      {
        atMs: 1000000.25,
        from: { address: "127.0.9.1", port: 5060 },
        to: { address: "127.0.9.2", port: 5061 },
        payload: Buffer.from("hello"),
        sequence: 0xfffffffe,
        isSyn: true,
      },
    ]);
  });

  test("of another kind is refused by name", () => {
    assert.throws(() => new PcapReader().push(Buffer.alloc(24, 0x0a)), /not a pcap file/);
    const raw = capture([], 0xa1b2c3d4, true, 0);
    raw.writeUInt32LE(101, 20);
    assert.throws(() => new PcapReader().push(raw), /link type 101 is not Ethernet/);
  });
});

describe("a stream", () => {
  const MESSAGES = ["A\r\nContent-Length: 3\r\n\r\none", "B\r\nl:0\r\n\r\n", "C\r\n\r\n"];
  const TEXT = `\r\n\r\n${MESSAGES.join("\r\n")}`;
  const FIRST = 0xfffffff0; // it wraps in the middle

  function segment(offset: number, text: string, isSyn = false): Segment {
    const [from, to] = [5060, 5061].map((port) => ({ address: "127.0.9.1", port }));
    if (from === undefined || to === undefined) throw new Error("no ends");
    return { atMs: 0, from, to, payload: Buffer.from(text), sequence: (FIRST + offset) >>> 0, isSyn };
  }

  function read(segments: readonly Segment[]): string[] {
    const streams = new Streams();
    return [segment(-1, "", true), ...segments].flatMap((each) =>
      streams.push(each).map(({ payload }) => `${payload}`),
    );
  }

  test("gives its messages, cut anywhere", () => {
    for (let at = 0; at < TEXT.length; at += 1) {
      assert.deepEqual(read([segment(0, TEXT.slice(0, at)), segment(at, TEXT.slice(at))]), MESSAGES);
    }
  });

  test("is put in order, and what comes twice counts once", () => {
    const pieces = [0, 5, 10, 20, 30, 40].map((at, index, all) =>
      segment(at, TEXT.slice(at, all[index + 1])),
    );
    assert.deepEqual(read([...pieces, ...pieces].reverse()), MESSAGES);
    assert.deepEqual(
      read([segment(0, TEXT.slice(0, 9)), segment(3, TEXT.slice(3)), segment(0, TEXT)]),
      MESSAGES,
    );
  });

  test("that began before the capture is passed over", () => {
    assert.deepEqual(new Streams().push(segment(0, TEXT)), []);
  });
});

describe("a location table", () => {
  const contact = (address: string, expires: string, cseq: number) =>
    `Contact: {\n\tAddress: ${address}\n\tExpires: ${expires}\n\tQ: -1\n\tCall-ID: abc@d\n\tCSeq: ${cseq}\n}\n`;
  const user = (name: string, ...contacts: string[]) =>
    `Info: {\n\tAoR: ${name}\n\tHashID: 1\n\tContacts: {\n${contacts.join("")}}\n}\n`;

  test("gives each live binding with the user it belongs to", () => {
    const dump = `{ Domains: {\nDomain: {\nDomain: location\nSize: 16\nAoRs: {\n${user(
      "6001",
      contact("sip:6001@127.0.0.1:5062;sf=1", "30", 2),
      contact("sip:6001@[::1]:5062;sf=2", "7", 4),
    )}${user("6002", contact("sip:6002@127.0.0.1:5062", "12", 3))}}\n}\n}\n}`;
    assert.deepEqual(readTable(dump), [
      {
        aor: "6001",
        contact: "sip:6001@127.0.0.1:5062;sf=1",
        expiresSeconds: 30,
        callId: "abc@d",
        cseq: 2,
      },
      {
        aor: "6001",
        contact: "sip:6001@[::1]:5062;sf=2",
        expiresSeconds: 7,
        callId: "abc@d",
        cseq: 4,
      },
      {
        aor: "6002",
        contact: "sip:6002@127.0.0.1:5062",
        expiresSeconds: 12,
        callId: "abc@d",
        cseq: 3,
      },
    ]);
  });

  test("may list bindings that are gone", () => {
    const dump = user("6001", contact("sip:a@b", "deleted", 1), contact("sip:a@b", "expired", 2));
    assert.deepEqual(readTable(dump), []);
  });

  test("may be empty", () => {
    assert.deepEqual(readTable("{\n\tDomains: {\n\t\tDomain: {\n\t\t\tDomain: location\n"), []);
  });
});

describe("a SIP message", () => {
  const datagram = (...lines: string[]): Datagram => ({
    atMs: 1_500,
    from: { address: "127.0.0.1", port: 5062 },
    to: { address: "::1", port: 5060 },
    payload: Buffer.from(`${lines.join("\r\n")}\r\n\r\n`),
  });
  const dialog = ["To: <sip:6001@test.invalid>", "Call-ID: abc", "CSeq: 7 REGISTER"];
  const via = "Via: SIP/2.0/UDP 127.0.0.1:5062;rport;branch=z9hG4bK1;received=127.0.0.1";

  test("that is a request is told with what it asks", () => {
    const packet = readSip(
      datagram(
        "REGISTER sip:test.invalid SIP/2.0",
        via,
        ...dialog,
        "Contact: <sip:6001@127.0.0.1:5062;sf=1>;expires=12;reg-id=1",
        "Expires: 12",
        'authorization: Digest username="6001", nonce="n1", response="r"',
      ),
    );
    assert.ok(packet);
    assert.deepEqual(
      [packet.method, packet.status, packet.cseq, packet.callId, packet.branch, packet.user],
      ["REGISTER", 0, 7, "abc", "z9hG4bK1", "6001"],
    );
    assert.deepEqual(packet.contacts, [{ uri: "sip:6001@127.0.0.1:5062;sf=1", expiresSeconds: 12 }]);
    assert.deepEqual([packet.expiresSeconds, packet.hasCredentials, packet.nonce], [12, true, "n1"]);
    assert.ok(packet.isOutbound);
    assert.equal(
      summary(packet, 1_000),
      "    0.500 127.0.0.1:5062 > [::1]:5060 REGISTER 7 6001 expires=12 signed",
    );
  });

  test("that is an answer is told with what it grants", () => {
    const packet = readSip(
      datagram(
        "SIP/2.0 200 OK",
        via,
        ...dialog,
        "Contact: <sip:6001@127.0.0.1:5062;sf=1>;expires=10, <sip:6001@127.0.0.1:9>;q=1;expires=3",
        "Path: <sip:a;lr>, <sip:b;lr>",
        "path:  <sip:c;lr>",
      ),
    );
    assert.ok(packet);
    assert.deepEqual([packet.method, packet.status, packet.hasCredentials], ["REGISTER", 200, false]);
    assert.ok(!packet.isOutbound);
    assert.deepEqual(packet.contacts, [
      { uri: "sip:6001@127.0.0.1:5062;sf=1", expiresSeconds: 10 },
      { uri: "sip:6001@127.0.0.1:9", expiresSeconds: 3 },
    ]);
    assert.deepEqual(packet.header("Path"), ["<sip:a;lr>, <sip:b;lr>", "<sip:c;lr>"]);
    assert.equal(summary(packet, 1_000), "    0.500 127.0.0.1:5062 > [::1]:5060 200 REGISTER 7 6001");
  });

  test("that refuses is told with its terms", () => {
    const brief = readSip(datagram("SIP/2.0 423 Interval Too Brief", via, ...dialog, "Min-Expires: 20"));
    assert.equal(brief?.minExpiresSeconds, 20);
    const challenge = 'WWW-Authenticate: Digest realm="test.invalid", nonce="n2", algorithm=SHA-256';
    const unknown = readSip(datagram("SIP/2.0 401 Unauthorized", via, ...dialog, challenge));
    assert.deepEqual([unknown?.nonce, unknown?.hasCredentials], ["n2", false]);
  });

  test("is not every datagram", () => {
    assert.equal(readSip(datagram("")), undefined);
    assert.equal(readSip(datagram("GET / HTTP/1.1")), undefined);
  });
});
