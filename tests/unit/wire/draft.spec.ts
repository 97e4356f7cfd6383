// The parts that requests are made of.

import { TRANSPORT_TCP, TRANSPORT_TLS } from "../../../assembly/abi";
import { ALGORITHM_MD5, ALGORITHM_SHA256, OPAQUE } from "../../../assembly/wire/challenge";
import { draft, hashKind, isSession, REQUEST, SECRET, write } from "../../../assembly/wire/draft";
import { M_OPTIONS } from "../../../assembly/wire/names";
import { begin, finish } from "../../../assembly/wire/write";
import { bytesOf, textOf } from "../text";
import { freshDraft, keep, sent, withChallenge } from "./drafts";

/** A text over the draft, its parts filled in. */
function filled(text: string): string {
  begin();
  write(bytesOf(text + "\0 and what lies behind it"));
  return sent(finish());
}

describe("a text over the draft", () => {
  beforeEach(() => {
    freshDraft();
    withChallenge(ALGORITHM_MD5);
    keep(OPAQUE, "o\\p");
    memory.fill(SECRET, 0x5e, 32);
    memory.fill(REQUEST, 0xe5, 32);
  });

  it("is written up to its NUL, letter for letter", () => {
    expect(filled("")).toBe("");
    expect(filled("Max-Forwards: 70\r\n")).toBe("Max-Forwards: 70\r\n");
  });

  it("has a part for each letter", () => {
    draft().account = textOf('a"b');
    draft().display = textOf("Desk");
    draft().user = textOf("60 01");
    const parts = [
      "$a",
      'a\\"b',
      "$b",
      "6272616e63682d38",
      "$c",
      "198.51.100.7:41000",
      "$d",
      "example.org",
      "$e",
      "3600",
      "$f",
      "74616734",
      "$g",
      "Standfast/1",
      "$h",
      "5e".repeat(16),
      "$i",
      "63616c6c2d696438",
      "$j",
      "e5".repeat(16),
      "$k",
      "a1b2c3d40",
      "$l",
      "192.0.2.1:5060",
      "$m",
      "REGISTER",
      "$n",
      "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
      "$o",
      "o\\p",
      "$p",
      "Circle of Life",
      "$q",
      "12",
      "$r",
      "http-auth@example.org",
      "$s",
      "UDP",
      "$t",
      '"Desk" ',
      "$u",
      "60%2001",
      "$v",
      "00000001",
      "$w",
      "636e6f6e63652121",
    ];
    for (let index = 0; index < parts.length; index += 2) {
      expect(filled(parts[index])).toBe(parts[index + 1], parts[index]);
      expect(filled("<" + parts[index] + ">")).toBe("<" + parts[index + 1] + ">", parts[index]);
    }
    expect(filled("$q$m$q")).toBe("12REGISTER12");
  });

  it("knows the names of methods and transports", () => {
    draft().method = <u8>M_OPTIONS;
    expect(filled("$m")).toBe("OPTIONS");
    draft().transport = <u8>TRANSPORT_TCP;
    expect(filled("$s")).toBe("TCP");
    draft().transport = <u8>TRANSPORT_TLS;
    expect(filled("$s")).toBe("TLS");
  });

  it("leaves an empty display name out, quotes and all", () => {
    draft().display = textOf("");
    expect(filled("$t<")).toBe("<");
  });

  it("writes hashes as long as the algorithm makes them", () => {
    withChallenge(ALGORITHM_SHA256);
    expect(filled("$h")).toBe("5e".repeat(32));
    expect(filled("$j")).toBe("e5".repeat(32));
  });
});

describe("the algorithm of a challenge", () => {
  it("tells the hash, and whether the nonces go into the secret", () => {
    freshDraft();
    const kinds: u32[] = [0, 0, 3, 3];
    for (let algorithm: u32 = 1; algorithm <= 4; algorithm++) {
      withChallenge(algorithm);
      expect(hashKind()).toBe(kinds[algorithm - 1], algorithm.toString());
      expect(isSession()).toBe((algorithm & 1) === 0, algorithm.toString());
    }
  });
});
