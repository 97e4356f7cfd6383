// The record of a server: offsets, texts, what a boot forgets.

import { TEXT_LOCAL } from "../../../assembly/abi";
import { SERVERS } from "../../../assembly/base/limits";
import {
  addressOf,
  bootServer,
  contactOf,
  domainOf,
  hostOf,
  localOf,
  oldContactOf,
  SERVER_VIEW,
  Server,
  server,
} from "../../../assembly/session/server";
import { fresh, furnish, say } from "../phone";
import { stringOf } from "../text";

function text(slot: usize): string {
  return stringOf(slot + 1, slot + 1 + load<u8>(slot));
}

describe("a server", () => {
  it("shows what ABI.md promises", () => {
    expect(offsetof<Server>("health") - SERVER_VIEW).toBe(0);
    expect(offsetof<Server>("misses") - SERVER_VIEW).toBe(1);
    expect(offsetof<Server>("heard") - SERVER_VIEW).toBe(2);
    expect(offsetof<Server>("startup") - SERVER_VIEW).toBe(3);
    expect(offsetof<Server>("untilMs") - SERVER_VIEW).toBe(4);
    expect(offsetof<Server>("penalty") - SERVER_VIEW).toBe(8);
    expect(offsetof<Server>("suspendedMs") - SERVER_VIEW).toBe(12);
    expect(offsetof<Server>("heartbeatMs") - SERVER_VIEW).toBe(16);
  });

  throws("ends with the last one", () => {
    server(SERVERS);
  });

  it("has its own texts", () => {
    fresh();
    furnish(4);
    expect(text(hostOf(3))).toBe("pbx3.example");
    expect(text(addressOf(3))).toBe("192.0.2.4");
    expect(text(domainOf(3))).toBe("sip.example");
    expect(text(localOf(3))).toBe("192.0.2.100:5060");
    expect(text(addressOf(0))).toBe("192.0.2.1");
  });

  it("sees us where we are until it says otherwise", () => {
    fresh();
    furnish();
    say(TEXT_LOCAL, 0, 1, "[2001:db8::1]:5061");
    expect(text(contactOf(1))).toBe("[2001:db8::1]:5061");
    expect(text(contactOf(0))).toBe("192.0.2.100:5060");
    expect(text(oldContactOf(1))).toBe("");
  });
});

describe("a boot of a server", () => {
  it("forgets what was learnt and keeps what is configured", () => {
    fresh();
    furnish();
    const it = server(1);
    bootServer(1);
    const callId = it.callId;
    const tag = it.tag;
    it.transport = 2;
    it.health = 3;
    it.misses = 1;
    it.heard = 1;
    it.penalty = 3000;
    it.contactVersion = 9;
    it.cseq = 5;
    store<u8>(contactOf(1), 3);
    bootServer(1);
    expect(it.health).toBe(0);
    expect(it.misses).toBe(0);
    expect(it.heard).toBe(0);
    expect(it.penalty).toBe(0);
    expect(it.cseq).toBe(0);
    expect(it.contactVersion).toBe(1);
    expect(it.id).toBe(1);
    expect(it.callId).not.toBe(callId);
    expect(it.tag).not.toBe(tag);
    expect(it.port).toBe(5060);
    expect(it.transport).toBe(2);
    expect(text(domainOf(1))).toBe("sip.example");
    expect(text(contactOf(1))).toBe("192.0.2.100:5060");
  });
});
