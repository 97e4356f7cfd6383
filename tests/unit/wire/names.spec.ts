// Names of headers and methods, compact forms too.

import {
  H_AUTHENTICATION_INFO,
  H_CALL_ID,
  H_CONTACT,
  H_CONTENT_LENGTH,
  H_CSEQ,
  H_EXPIRES,
  H_FROM,
  H_MIN_EXPIRES,
  H_OTHER,
  H_PROXY_AUTHENTICATE,
  H_REQUIRE,
  H_RETRY_AFTER,
  H_TO,
  H_VIA,
  H_WWW_AUTHENTICATE,
  headerId,
  M_OPTIONS,
  M_OTHER,
  M_REGISTER,
  methodFrom,
  methodId,
  methodTo,
  wordIn,
} from "../../../assembly/wire/names";
import { bytesOf, lengthOf, stringOf } from "../text";

function header(name: string): u32 {
  const from = bytesOf(name);
  return headerId(from, from + lengthOf(name));
}

function method(name: string): u32 {
  const from = bytesOf(name);
  return methodId(from, from + lengthOf(name));
}

function place(list: string, word: string): u32 {
  const at = bytesOf(list);
  const from = bytesOf(word);
  return wordIn(at, at + lengthOf(list), from, from + lengthOf(word));
}

describe("a header name", () => {
  it("is known in full and in its compact form, in any case", () => {
    const names = [
      "Via",
      "v",
      "Contact",
      "m",
      "From",
      "f",
      "To",
      "t",
      "Call-ID",
      "i",
      "Content-Length",
      "l",
      "CSeq",
      "WWW-Authenticate",
      "Proxy-Authenticate",
      "Authentication-Info",
      "Expires",
      "Min-Expires",
      "Retry-After",
      "Require",
    ];
    const ids: u32[] = [
      H_VIA,
      H_VIA,
      H_CONTACT,
      H_CONTACT,
      H_FROM,
      H_FROM,
      H_TO,
      H_TO,
      H_CALL_ID,
      H_CALL_ID,
      H_CONTENT_LENGTH,
      H_CONTENT_LENGTH,
      H_CSEQ,
      H_WWW_AUTHENTICATE,
      H_PROXY_AUTHENTICATE,
      H_AUTHENTICATION_INFO,
      H_EXPIRES,
      H_MIN_EXPIRES,
      H_RETRY_AFTER,
      H_REQUIRE,
    ];
    for (let index = 0; index < names.length; index++) {
      expect(header(names[index])).toBe(ids[index], names[index]);
      expect(header(names[index].toLowerCase())).toBe(ids[index], names[index]);
      expect(header(names[index].toUpperCase())).toBe(ids[index], names[index]);
    }
  });

  it("is another one when a letter is missing, more or different", () => {
    const others = [
      "Vi",
      "Viaa",
      "Vib",
      "c",
      "e",
      "k",
      "o",
      "s",
      "x",
      ",",
      "v,m",
      "Expires,",
      "Min",
      "Date",
      "",
    ];
    for (let index = 0; index < others.length; index++) {
      expect(header(others[index])).toBe(H_OTHER, others[index]);
    }
  });
});

describe("a method", () => {
  it("is ours only in capitals", () => {
    expect(method("REGISTER")).toBe(M_REGISTER);
    expect(method("OPTIONS")).toBe(M_OPTIONS);
    const others = ["register", "Options", "REGISTERS", "OPTION", "INVITE", "ACK", ""];
    for (let index = 0; index < others.length; index++) {
      expect(method(others[index])).toBe(M_OTHER, others[index]);
    }
  });

  it("is written as it is read", () => {
    expect(stringOf(methodFrom(M_REGISTER), methodTo(M_REGISTER))).toBe("REGISTER");
    expect(stringOf(methodFrom(M_OPTIONS), methodTo(M_OPTIONS))).toBe("OPTIONS");
  });
});

describe("a list of words", () => {
  it("tells the place of a word, blanks and case apart", () => {
    expect(place("auth-int,auth", "auth")).toBe(2);
    expect(place(" AUTH , auth-int ", "auth")).toBe(1);
    expect(place("auth-int", "auth")).toBe(0);
    expect(place("", "auth")).toBe(0);
    expect(place(",,auth", "auth")).toBe(3);
    expect(place("a,,b", "")).toBe(0);
  });
});
