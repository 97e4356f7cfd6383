// Authorization lines against the examples of the RFCs.

import {
  ALGORITHM_MD5,
  ALGORITHM_MD5_SESS,
  ALGORITHM_SHA256,
  ALGORITHM_SHA256_SESS,
  Challenge,
  NONCE,
  OPAQUE,
  PROXY_ASKS,
  REALM,
} from "../../../assembly/wire/challenge";
import { authorization } from "../../../assembly/wire/digest";
import { draft } from "../../../assembly/wire/draft";
import { M_OPTIONS } from "../../../assembly/wire/names";
import { begin, finish } from "../../../assembly/wire/write";
import { textOf } from "../text";
import { freshDraft, HELD, keep, sent, withChallenge } from "./drafts";

const CNONCE = "636e6f6e63652121";

function challenge(): Challenge {
  return changetype<Challenge>(HELD);
}

/** The header line for the draft. */
function line(): string {
  begin();
  authorization(HELD);
  return sent(finish());
}

/** The value of a parameter of that line, without quotes; "-" when it has none. */
function parameter(name: string): string {
  const text = line();
  const from = text.indexOf(" " + name + "=");
  if (from < 0) return "-";
  const rest = text.substring(from + name.length + 2).replace("\r\n", ",");
  return rest.substring(0, rest.indexOf(",")).replaceAll('"', "");
}

describe("credentials", () => {
  beforeEach(() => {
    freshDraft();
    withChallenge(ALGORITHM_SHA256);
  });

  it("repeat the challenge and say how they were made", () => {
    keep(OPAQUE, "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS");
    expect(line()).toBe(
      'Authorization: Digest username="Mufasa", realm="http-auth@example.org", ' +
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", uri="sip:example.org", ' +
        'response="78dc08d8228d0ed69361d9529acd19397c3be71ae0d56205b4310f356a35cb00", algorithm=SHA-256, ' +
        'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", qop=auth, nc=00000001, cnonce="' +
        CNONCE +
        '"\r\n',
    );
  });

  it("are the same when they are written again", () => {
    expect(line()).toBe(line());
  });

  it("are made by each algorithm, with qop and in the older form without", () => {
    const names = ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess"];
    const withQop = [
      "b698028ad42d8fa4c3d47a74037d067d",
      "a6fd7c5a832628e260ac1fa407b9815c",
      "78dc08d8228d0ed69361d9529acd19397c3be71ae0d56205b4310f356a35cb00",
      "96408907fc9b15fed39f7e7a155c6acc4573149f931bd80f7f3ae8af5f5b2651",
    ];
    const without = [
      "ff2b4f0717f824b7cca1a6c41bb98dac",
      "f61fb53ec7995cac3094c2b3d916f077",
      "a05a0377d41b7fa934bf2405227172a3b8254ea735f266fc5dcfd3fbdc5f8d70",
      "3d8d78873c733d243aaf42f38f26cbf6725d8d24f32c1443895ecfe38d070422",
    ];
    for (let algorithm: u32 = ALGORITHM_MD5; algorithm <= ALGORITHM_SHA256_SESS; algorithm++) {
      const name = names[algorithm - 1];
      withChallenge(algorithm);
      expect(parameter("algorithm")).toBe(name);
      expect(parameter("response")).toBe(withQop[algorithm - 1], name);
      challenge().qop = 0;
      expect(parameter("response")).toBe(without[algorithm - 1], name + " without qop");
    }
  });

  it("have no qop, no count and no cnonce in the older form, but a session needs the cnonce", () => {
    withChallenge(ALGORITHM_MD5).qop = 0;
    expect(parameter("qop") + parameter("nc") + parameter("cnonce")).toBe("---");
    withChallenge(ALGORITHM_MD5_SESS).qop = 0;
    expect(parameter("qop") + parameter("nc") + parameter("cnonce")).toBe("--" + CNONCE);
  });

  it("count in eight hex digits, and the count is hashed", () => {
    const first = parameter("response");
    challenge().nc = 0x1a2b;
    expect(parameter("nc")).toBe("00001a2b");
    expect(parameter("response")).not.toBe(first);
    challenge().nc = 0xffffffff;
    expect(parameter("nc")).toBe("ffffffff");
  });

  it("repeat an empty opaque, and none when none came", () => {
    expect(line().includes("opaque")).toBe(false);
    keep(OPAQUE, "");
    expect(line().includes(', opaque="",')).toBe(true);
  });

  it("for a proxy go into their own header", () => {
    challenge().asker = <u8>PROXY_ASKS;
    expect(line().startsWith("Proxy-Authorization: Digest username=")).toBe(true);
  });

  it("hash the method and the domain", () => {
    const register = parameter("response");
    draft().method = <u8>M_OPTIONS;
    const options = parameter("response");
    expect(options).not.toBe(register);
    draft().domain = textOf("example.com");
    expect(parameter("uri")).toBe("sip:example.com");
    expect(parameter("response")).not.toBe(options);
  });

  it("escape quotes and backslashes in the header, and hash the texts themselves", () => {
    // RFC 2617 §3.2.2.1 over a"\b:r"ealm:p"\w, n\n and OPTIONS:sip:h
    withChallenge(ALGORITHM_MD5).qop = 0;
    draft().method = <u8>M_OPTIONS;
    draft().domain = textOf("h");
    draft().account = textOf('a"\\b');
    draft().password = textOf('p"\\w');
    keep(REALM, 'r\\"ealm');
    keep(NONCE, "n\\\\n");
    expect(line()).toBe(
      'Authorization: Digest username="a\\"\\\\b", realm="r\\"ealm", nonce="n\\\\n", uri="sip:h", ' +
        'response="0e861063471fc173bda400c6274049ba", algorithm=MD5\r\n',
    );
  });

  it("hold the password nowhere", () => {
    expect(line().includes("Circle")).toBe(false);
  });
});
