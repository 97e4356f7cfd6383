// Servers and texts before and after the start, each limit from both sides.

import {
  E_LENGTH,
  E_LINE,
  E_RANGE,
  E_SERVER,
  E_STATE,
  E_TEXT,
  OK,
  TEXT_ACCOUNT,
  TEXT_ADDRESS,
  TEXT_AGENT,
  TEXT_COUNT,
  TEXT_DISPLAY,
  TEXT_DOMAIN,
  TEXT_HOST,
  TEXT_INSTANCE,
  TEXT_LOCAL,
  TEXT_OLD_CONTACT,
  TEXT_PASSWORD,
  TEXT_USER,
} from "../../../assembly/abi";
import { RX } from "../../../assembly/base/memory";
import { setServer, setText } from "../../../assembly/policy/setup";
import { accountOf, displayOf, passwordOf, userOf } from "../../../assembly/session/account";
import { agentText, instanceText } from "../../../assembly/session/device";
import {
  addressOf,
  contactOf,
  domainOf,
  hostOf,
  localOf,
  oldContactOf,
  server,
} from "../../../assembly/session/server";
import { fresh, phoneOf, say } from "../phone";
import { stringOf } from "../text";

// biome-ignore format: a row, a case
const LONGEST: StaticArray<i32> = [
  // text, bytes that fit
  TEXT_USER, 47,
  TEXT_DISPLAY, 47,
  TEXT_ACCOUNT, 49,
  TEXT_PASSWORD, 49,
  TEXT_HOST, 63,
  TEXT_ADDRESS, 55,
  TEXT_DOMAIN, 63,
  TEXT_LOCAL, 55,
  TEXT_AGENT, 47,
  TEXT_INSTANCE, 13,
  TEXT_OLD_CONTACT, 55,
];

function text(slot: usize): string {
  return stringOf(slot + 1, slot + 1 + load<u8>(slot));
}

describe("a server", () => {
  beforeEach(() => {
    fresh();
  });

  it("has a rank, a port and a transport", () => {
    expect(setServer(0, 1, 0)).toBe(OK);
    expect(setServer(3, 65535, 2)).toBe(OK);
    expect(server(3).port).toBe(65535);
    expect(server(3).transport).toBe(2);
    expect(setServer(4, 5060, 0)).toBe(E_SERVER);
    expect(setServer(0xffffffff, 5060, 0)).toBe(E_SERVER);
    expect(setServer(0, 0, 0)).toBe(E_RANGE);
    expect(setServer(0, 65536, 0)).toBe(E_RANGE);
    expect(setServer(0, 5060, 3)).toBe(E_RANGE);
    expect(server(0).port).toBe(1);
  });

  it("is declared before the start", () => {
    phoneOf();
    expect(setServer(0, 5062, 1)).toBe(E_STATE);
    expect(server(0).port).toBe(5060);
  });
});

describe("a text", () => {
  beforeEach(() => {
    fresh();
  });

  it("is of the device, a line, a server, or a line at a server", () => {
    for (let what: i32 = 0; what < TEXT_COUNT; what++) {
      const ofLine = what <= TEXT_PASSWORD;
      const ofServer = (what >= TEXT_ACCOUNT && what <= TEXT_LOCAL) || what === TEXT_OLD_CONTACT;
      expect(say(what, 7, 3, "x")).toBe(OK, what.toString());
      expect(say(what, 8, 3, "x")).toBe(ofLine ? E_LINE : OK, what.toString());
      expect(say(what, 7, 4, "x")).toBe(ofServer ? E_SERVER : OK, what.toString());
    }
    expect(say(TEXT_COUNT, 0, 0, "x")).toBe(E_TEXT);
    expect(say(-1, 0, 0, "x")).toBe(E_TEXT);
  });

  it("goes to its own place", () => {
    for (let what: i32 = 0; what < TEXT_COUNT; what++) say(what, 2, 1, "text-" + what.toString());
    expect(text(userOf(2))).toBe("text-0");
    expect(text(displayOf(2))).toBe("text-1");
    expect(text(accountOf(2, 1))).toBe("text-2");
    expect(text(passwordOf(2, 1))).toBe("text-3");
    expect(text(hostOf(1))).toBe("text-4");
    expect(text(addressOf(1))).toBe("text-5");
    expect(text(domainOf(1))).toBe("text-6");
    expect(text(localOf(1))).toBe("text-7");
    expect(text(contactOf(1))).toBe("text-7");
    expect(text(agentText())).toBe("text-8");
    expect(text(instanceText())).toBe("text-9");
    expect(text(oldContactOf(1))).toBe("text-10");
  });

  it("may be as long as its place, and no longer", () => {
    for (let i = 0; i < LONGEST.length; i += 2) {
      const what = LONGEST[i];
      const fits = LONGEST[i + 1];
      expect(say(what, 0, 0, "x".repeat(fits))).toBe(OK, what.toString());
      expect(say(what, 0, 0, "x".repeat(fits + 1))).toBe(E_LENGTH, what.toString());
    }
    expect(setText(TEXT_USER, 0, 0, 2049)).toBe(E_LENGTH);
    expect(setText(TEXT_USER, 0, 0, 0xffffffff)).toBe(E_LENGTH);
  });

  it("holds no control character, and may hold every other byte", () => {
    for (let c: u32 = 0; c < 256; c++) {
      store<u8>(RX, 0x61);
      store<u8>(RX, <u8>c, 1);
      const control = c < 0x20 || c === 0x7f;
      expect(setText(TEXT_DISPLAY, 0, 0, 2)).toBe(control ? E_TEXT : OK, c.toString());
    }
  });

  it("that is refused changes nothing", () => {
    say(TEXT_USER, 0, 0, "6000");
    say(TEXT_USER, 0, 0, "60\r\n");
    say(TEXT_USER, 0, 0, "x".repeat(48));
    expect(text(userOf(0))).toBe("6000");
  });

  it("may change after the start if it is a credential or an address", () => {
    phoneOf();
    for (let what: i32 = 0; what < TEXT_COUNT; what++) {
      const may =
        what === TEXT_ACCOUNT || what === TEXT_PASSWORD || what === TEXT_ADDRESS || what === TEXT_LOCAL;
      expect(say(what, 0, 0, "x")).toBe(may ? OK : E_STATE, what.toString());
    }
  });

  it("of our own address is what the server sees from then on", () => {
    phoneOf();
    say(TEXT_LOCAL, 0, 1, "192.0.2.100:5099");
    expect(text(contactOf(1))).toBe("192.0.2.100:5099");
    expect(text(contactOf(0))).toBe("192.0.2.100:5060");
  });
});
