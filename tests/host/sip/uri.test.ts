// URIs compared: the examples of RFC 3261 §19.1.4 and the mark of our own.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readUri, sameUri } from "../../../host/sip/uri.ts";

function same(a: string, b: string): boolean {
  const [left, right] = [readUri(a), readUri(b)];
  assert.ok(left, a);
  assert.ok(right, b);
  assert.equal(sameUri(left, right), sameUri(right, left), "comparing is symmetric");
  return sameUri(left, right);
}

test("equal URIs of RFC 3261 §19.1.4 are equal", () => {
  const rows: [string, string][] = [
    ["sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"],
    ["sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"],
    ["sip:carol@chicago.com", "sip:carol@chicago.com;security=on"],
    ["sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"],
    [
      "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
      "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
    ],
    [
      "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
      "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
    ],
  ];
  for (const [a, b] of rows) assert.equal(same(a, b), true, `${a} and ${b}`);
});

test("different URIs of RFC 3261 §19.1.4 are different", () => {
  const rows: [string, string][] = [
    ["SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"],
    ["sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"],
    ["sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"],
    ["sip:bob@biloxi.com;transport=udp", "sip:bob@biloxi.com:6000;transport=tcp"],
    ["sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"],
    ["sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"],
    ["sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"],
    ["sip:carol@chicago.com", "sips:carol@chicago.com"],
    ["sip:carol@chicago.com;maddr=192.0.2.9", "sip:carol@chicago.com"],
  ];
  for (const [a, b] of rows) assert.equal(same(a, b), false, `${a} and ${b}`);
});

test("a mark of our own with two values names two bindings, and without one in either names one", () => {
  assert.equal(same("sip:6000@192.0.2.9;sf=a0", "sip:6000@192.0.2.9;sf=a1"), false);
  assert.equal(same("sip:6000@192.0.2.9;sf=a0", "sip:6000@192.0.2.9;sf=a0"), true);
  assert.equal(same("sip:6000@192.0.2.9;sf=a0", "sip:6000@192.0.2.9"), true);
});

test("an IPv6 reference keeps its brackets, a broken URI is none", () => {
  assert.deepEqual(
    [readUri("sip:6000@[2001:DB8::1]:5070")?.host, readUri("sip:6000@[2001:DB8::1]:5070")?.port],
    ["[2001:db8::1]", 5070],
  );
  for (const text of ["", "tel:+1", "sip:", "sip:a@b:99999", "sip:a@b:x", "http://a"]) {
    assert.equal(readUri(text), undefined, text);
  }
});
