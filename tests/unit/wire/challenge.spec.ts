// Which challenge of an answer is taken, and what is kept of it.

import { E_NO_CHALLENGE, E_TOO_LONG, E_UNSUPPORTED, OK } from "../../../assembly/abi";
import { CHALLENGE_SIZE } from "../../../assembly/base/memory";
import { textFrom, textTo } from "../../../assembly/base/text";
import {
  adoptNextNonce,
  Challenge,
  findChallenge,
  keepChallenge,
  NONCE,
  NONCE_MAX,
  OPAQUE,
  OPAQUE_MAX,
  PROXY_ASKS,
  REALM,
  REALM_MAX,
  SERVER_ASKS,
} from "../../../assembly/wire/challenge";
import { stringOf } from "../text";
import { answer, read } from "./packet";

const HELD: usize = memory.data(CHALLENGE_SIZE, 4);

const MD5 = 'Digest realm="md5", nonce="n1", qop="auth", algorithm=MD5';
const MD5_SESS = 'Digest realm="md5s", nonce="n2", qop="auth", algorithm=MD5-sess';
const SHA = 'Digest realm="sha", nonce="n3", qop="auth", algorithm=SHA-256';
const SHA_SESS = 'Digest realm="shas", nonce="n4", qop="auth", algorithm=SHA-256-sess';
const STRONGER = 'Digest realm="s512", nonce="n5", qop="auth", algorithm=SHA-512-256';
const INTEGRITY = 'Digest realm="int", nonce="n6", qop="auth-int", algorithm=SHA-256';
const BASIC = 'Basic realm="basic"';
const OTHER = "NTLM";

function held(): Challenge {
  return changetype<Challenge>(HELD);
}

function text(at: usize): string {
  return stringOf(textFrom(HELD + at), textTo(HELD + at));
}

/** Reads an answer with these header lines and keeps what that asker wants; the result. */
function pick(more: string, asker: u32 = SERVER_ASKS): i32 {
  expect(read(answer("401 Unauthorized", more))).toBe("ok", more);
  const found = findChallenge(asker);
  return found === OK ? keepChallenge(HELD) : found;
}

/** The realm picked from these challenges, all in one line and each in its own. */
function realmOf(challenges: string[]): string {
  memory.fill(HELD, 0, CHALLENGE_SIZE);
  expect(pick("WWW-Authenticate: " + challenges.join(", ") + "\r\n")).toBe(OK, challenges.join(", "));
  const realm = text(REALM);
  memory.fill(HELD, 0, CHALLENGE_SIZE);
  expect(pick("WWW-Authenticate: " + challenges.join("\r\nWWW-Authenticate: ") + "\r\n")).toBe(OK);
  expect(text(REALM)).toBe(realm, "one line or several");
  return realm;
}

function one(parameters: string): i32 {
  return pick("WWW-Authenticate: Digest " + parameters + "\r\n");
}

describe("a challenge", () => {
  beforeEach(() => {
    memory.fill(HELD, 0, CHALLENGE_SIZE);
  });

  it("is kept as it came", () => {
    expect(
      one(
        'realm="a \\"b\\" é", nonce="AwH/jGsB==", opaque="5ccc", stale=FALSE, qop="auth,auth-int", algorithm=SHA-256',
      ),
    ).toBe(OK);
    expect(held().algorithm).toBe(3);
    expect(held().qop).toBe(1);
    expect(held().stale).toBe(0);
    expect(held().hasOpaque).toBe(1);
    expect(text(REALM)).toBe('a \\"b\\" é');
    expect(text(NONCE)).toBe("AwH/jGsB==");
    expect(text(OPAQUE)).toBe("5ccc");
  });

  it("may leave out all but realm and nonce, and these may be empty", () => {
    expect(one('realm="", nonce=""')).toBe(OK);
    expect(held().algorithm).toBe(1); // RFC 7616 §3.3: MD5 when none is named
    expect(held().qop).toBe(0);
    expect(held().hasOpaque).toBe(0);
    expect(text(REALM)).toBe("");
    expect(text(NONCE)).toBe("");
    expect(one('realm="", nonce="", opaque=""')).toBe(OK);
    expect(held().hasOpaque).toBe(1);
    expect(text(OPAQUE)).toBe("");
    expect(one('nonce="x"')).toBe(E_UNSUPPORTED);
    expect(one('realm="x"')).toBe(E_UNSUPPORTED);
    expect(pick("WWW-Authenticate: Digest\r\n")).toBe(E_UNSUPPORTED);
  });

  it("is read in any case, with quotes or without, blanks and folds anywhere", () => {
    expect(one('REALM=r,NONCE=n,ALGORITHM="sha-256-SESS",QOP=AUTH,STALE="True"')).toBe(OK);
    expect(held().algorithm).toBe(4);
    expect(held().qop).toBe(1);
    expect(held().stale).toBe(1);
    expect(
      pick('WWW-Authenticate:\r\n DIGEST\r\n\trealm = "r" ,,\r\n  nonce\r\n = "n", x="y, realm=no"\r\n'),
    ).toBe(OK);
    expect(text(REALM)).toBe("r");
    expect(text(NONCE)).toBe("n");
    expect(held().stale).toBe(0);
  });

  it("that gives a parameter twice is read for the last one, whole", () => {
    expect(one('realm="first", realm="r", nonce="n1", nonce="n", qop="auth-int", qop="auth"')).toBe(OK);
    expect(text(REALM)).toBe("r");
    expect(text(NONCE)).toBe("n");
    expect(held().qop).toBe(1);
    expect(one('realm="r", nonce="n", qop="auth", qop="auth-int"')).toBe(E_UNSUPPORTED);
  });

  it("asks for stale only with the word true", () => {
    const values = ["true", "TRUE", '"true"', "false", "", "1", "truex"];
    const stale = [1, 1, 1, 0, 0, 0, 0];
    for (let index = 0; index < values.length; index++) {
      expect(one('realm="r", nonce="n", stale=' + values[index])).toBe(OK);
      expect(held().stale).toBe(<u8>stale[index], values[index]);
    }
  });

  it("is unknown with another algorithm or only other kinds of protection", () => {
    const rows = [
      "algorithm=SHA-512-256",
      "algorithm=MD6",
      "algorithm=",
      "algorithm=AKAv1-MD5",
      'qop="auth-int"',
      'qop=""',
      'qop="authx"',
    ];
    for (let index = 0; index < rows.length; index++) {
      expect(one('realm="r", nonce="n", ' + rows[index])).toBe(E_UNSUPPORTED, rows[index]);
    }
    expect(one('realm="r", nonce="n", qop="auth-int,auth"')).toBe(OK);
  });
});

describe("of several challenges", () => {
  it("the strongest that we speak is taken, wherever it stands", () => {
    const all = [BASIC, MD5, OTHER, SHA, STRONGER, MD5_SESS, INTEGRITY];
    for (let turn = 0; turn < all.length; turn++) {
      all.push(all.shift());
      expect(realmOf(all)).toBe("sha", all.join(" | "));
    }
    expect(realmOf([MD5, MD5_SESS])).toBe("md5s");
    expect(realmOf([SHA_SESS, SHA, MD5])).toBe("shas");
    expect(realmOf([MD5, BASIC])).toBe("md5");
    expect(realmOf([OTHER, MD5])).toBe("md5");
  });

  it("the first of equal ones is taken", () => {
    expect(realmOf(['Digest realm="one", nonce="1"', 'Digest realm="two", nonce="2"'])).toBe("one");
  });

  it("none lends the next one its parameters", () => {
    const half = 'Digest nonce="n", opaque="o", stale=true';
    expect(realmOf([half, 'Digest realm="r", nonce="m"'])).toBe("r");
    expect(held().hasOpaque).toBe(0);
    expect(held().stale).toBe(0);
    expect(pick('WWW-Authenticate: Digest realm="r"\r\nWWW-Authenticate: Digest nonce="n"\r\n')).toBe(
      E_UNSUPPORTED,
    );
  });

  it("Basic is never taken", () => {
    expect(pick("WWW-Authenticate: " + BASIC + "\r\n")).toBe(E_UNSUPPORTED);
    expect(pick('WWW-Authenticate: Basic realm="r", nonce="n"\r\n')).toBe(E_UNSUPPORTED);
    expect(pick('WWW-Authenticate: realm="r", nonce="n"\r\n')).toBe(E_UNSUPPORTED);
    expect(pick("WWW-Authenticate:\r\n")).toBe(E_NO_CHALLENGE);
    expect(pick("")).toBe(E_NO_CHALLENGE);
  });
});

describe("a server and a proxy", () => {
  const www = 'WWW-Authenticate: Digest realm="server", nonce="a", algorithm=SHA-256\r\n';
  const proxy = 'Proxy-Authenticate: Digest realm="proxy", nonce="b"\r\n';

  it("are told apart by the header, whatever the status and the order", () => {
    expect(pick(www + proxy)).toBe(OK);
    expect(text(REALM)).toBe("server");
    expect(pick(proxy + www)).toBe(OK);
    expect(text(REALM)).toBe("server");
    expect(pick(www + proxy, PROXY_ASKS)).toBe(OK);
    expect(text(REALM)).toBe("proxy");
    expect(pick(www + proxy + www, PROXY_ASKS)).toBe(OK);
    expect(text(REALM)).toBe("proxy");
  });

  it("ask each for itself", () => {
    expect(pick(proxy)).toBe(E_NO_CHALLENGE);
    expect(pick(www, PROXY_ASKS)).toBe(E_NO_CHALLENGE);
    expect(pick(www + "Proxy-Authenticate: Basic realm=x\r\n", PROXY_ASKS)).toBe(E_UNSUPPORTED);
  });
});

describe("a nonce", () => {
  beforeEach(() => {
    memory.fill(HELD, 0, CHALLENGE_SIZE);
    expect(one('realm="r", nonce="n1", qop="auth"')).toBe(OK);
    held().nc = 7;
    held().server = 3;
  });

  it("starts its count over when it is new", () => {
    expect(one('realm="r", nonce="n2", qop="auth", stale=true')).toBe(OK);
    expect(held().nc).toBe(0);
    expect(held().server).toBe(3);
  });

  it("goes on counting when it comes again", () => {
    expect(one('realm="r", nonce="n1", qop="auth"')).toBe(OK);
    expect(held().nc).toBe(7);
  });

  it("is new under another algorithm, or when it is longer or shorter", () => {
    expect(one('realm="r", nonce="n1", qop="auth", algorithm=SHA-256')).toBe(OK);
    expect(held().nc).toBe(0);
    held().nc = 7;
    expect(one('realm="r", nonce="n12", algorithm=SHA-256')).toBe(OK);
    expect(held().nc).toBe(0);
    held().nc = 7;
    expect(one('realm="r", nonce="n1", algorithm=SHA-256')).toBe(OK);
    expect(held().nc).toBe(0);
  });

  it("is taken from Authentication-Info", () => {
    expect(
      read(
        answer(
          "200 OK",
          'Authentication-Info: qop=auth, rspauth="x", cnonce="c", nc=00000007, NextNonce="n9"\r\n',
        ),
      ),
    ).toBe("ok");
    expect(adoptNextNonce(HELD)).toBe(true);
    expect(text(NONCE)).toBe("n9");
    expect(text(REALM)).toBe("r");
    expect(held().nc).toBe(0);
  });

  it("is not taken when it is the same, too long or not there", () => {
    const rows = [
      'nextnonce="n1"',
      'nextnonce="' + "x".repeat(NONCE_MAX + 1) + '"',
      'qop="auth"',
      "nextnonce2=x",
      "",
    ];
    for (let index = 0; index < rows.length; index++) {
      expect(read(answer("200 OK", "Authentication-Info: " + rows[index] + "\r\n"))).toBe("ok");
      expect(adoptNextNonce(HELD)).toBe(false, rows[index]);
    }
    expect(read(answer("200 OK"))).toBe("ok");
    expect(adoptNextNonce(HELD)).toBe(false);
    expect(text(NONCE)).toBe("n1");
    expect(held().nc).toBe(7);
  });
});

describe("a text of a challenge", () => {
  it("fits up to its limit; one byte more and none is held", () => {
    const realm = "r".repeat(REALM_MAX);
    const nonce = "n".repeat(NONCE_MAX);
    const opaque = "o".repeat(OPAQUE_MAX);
    expect(one('realm="' + realm + '", nonce="' + nonce + '", opaque="' + opaque + '"')).toBe(OK);
    expect(text(REALM)).toBe(realm);
    expect(text(NONCE)).toBe(nonce);
    expect(text(OPAQUE)).toBe(opaque);
    const rows = [
      'realm="' + realm + 'r", nonce="n"',
      'realm="r", nonce="' + nonce + 'n"',
      'realm="r", nonce="n", opaque="' + opaque + 'o"',
    ];
    for (let index = 0; index < rows.length; index++) {
      expect(one('realm="r", nonce="n"')).toBe(OK);
      expect(one(rows[index])).toBe(E_TOO_LONG, rows[index]);
      expect(held().algorithm).toBe(0);
    }
  });

  it("holds no control character, not even an escaped one", () => {
    expect(one('realm="a\\\x01b", nonce="n"')).toBe(E_TOO_LONG);
    expect(one('realm="r", nonce="a\\\x00b"')).toBe(E_TOO_LONG);
    expect(one('realm="r", nonce="n", opaque="a\\\x7fb"')).toBe(E_TOO_LONG);
  });
});
