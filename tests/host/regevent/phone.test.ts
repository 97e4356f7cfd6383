// A phone with registerSubscription at two embedded servers, over real sockets: what is taken away is
// registered again at once, and the subscription follows the line.

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Phone } from "../../../host/index.ts";
import { openPair, PASSWORD, type Pair } from "../pair.ts";
import { next, PATIENCE_MS, until } from "../until.ts";

async function started(pair: Pair, t: { after(job: () => void): void }): Promise<Phone> {
  const phone = new Phone(pair.config("registerSubscription=on"));
  t.after(() => phone.close());
  await phone.start();
  assert.ok(await phone.whenInService(PATIENCE_MS));
  return phone;
}

/** Start lines that a server has heard, of one method. */
function heard(pair: Pair, server: "primary" | "backup1", method: string): number {
  return pair.sights[server].filter((it) => it.kind === "packet" && it.startLine.startsWith(`${method} `))
    .length;
}

/** The first SUBSCRIBE, the signed one, and the answer to the NOTIFY. */
async function watched(pair: Pair, server: "primary" | "backup1"): Promise<void> {
  await until(() => heard(pair, server, "SUBSCRIBE") === 2);
  await until(() =>
    pair.sights[server].some((it) => it.kind === "packet" && it.startLine === "SIP/2.0 200 OK"),
  );
}

test("a binding that an administrator takes away is back at once, without a refresh", async (t) => {
  const pair = await openPair(t);
  const phone = await started(pair, t);
  await watched(pair, "primary");
  await sleep(1100); // registerSpacing
  pair.primary.remove("6000", "deactivated");
  assert.deepEqual(pair.boundAt("primary"), []);
  await until(() => pair.boundAt("primary").length === 1);
  assert.deepEqual(
    phone.decisions("6000").filter(({ type }) => type === "outOfService"),
    [],
  );
  await phone.stop();
});

test("a line whose binding was rejected rests there, as after a 403", async (t) => {
  const pair = await openPair(t);
  const phone = await started(pair, t);
  await watched(pair, "primary");
  pair.primary.remove("6000", "rejected");
  const [event] = await next(phone, "outOfService");
  assert.deepEqual(event.reason, { rule: "command", command: "bindingLost" });
  await sleep(1500);
  assert.deepEqual(pair.boundAt("primary"), []);
  assert.equal(phone.lines()[0]?.state, "resting");
  await phone.stop();
});

test("off, which it is by default, nobody subscribes, and NOTIFYs are the phone's own", async (t) => {
  const pair = await openPair(t);
  const phone = new Phone(pair.config());
  t.after(() => phone.close());
  await phone.start();
  assert.ok(await phone.whenInService(PATIENCE_MS));
  await sleep(100);
  assert.equal(heard(pair, "primary", "SUBSCRIBE"), 0);
  await phone.stop();
});

test("the subscription follows the line, and ends when the phone stops", async (t) => {
  const pair = await openPair(t);
  const phone = await started(pair, t);
  await watched(pair, "primary");
  phone.moveTo("backup1");
  await watched(pair, "backup1");
  await until(() => heard(pair, "primary", "SUBSCRIBE") === 3);
  await phone.stop();
  await until(() => heard(pair, "backup1", "SUBSCRIBE") === 3);
});

test("other credentials make a line that was refused ask again", async (t) => {
  const pair = await openPair(t);
  const phone = await started(pair, t);
  await watched(pair, "primary");
  phone.setCredentials("6000", "primary", { account: "6000", password: PASSWORD });
  await until(() => heard(pair, "primary", "SUBSCRIBE") === 5); // one that ends, two that begin
  await phone.stop();
});

test("what belongs to the phone's own stack passes by", async (t) => {
  const pair = await openPair(t);
  const phone = await started(pair, t);
  await watched(pair, "primary");
  const passed = next(phone, "datagram");
  const lines = [
    "NOTIFY sip:6000@127.0.0.1 SIP/2.0",
    "Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1",
    "From: <sip:6001@test.invalid>;tag=a",
    "To: <sip:6000@test.invalid>;tag=b",
    "Call-ID: blf",
    "CSeq: 1 NOTIFY",
    "Event: dialog",
    "Subscription-State: active",
    "Content-Length: 0",
  ];
  const text = `${lines.join("\r\n")}\r\n\r\n`;
  const stranger = createSocket("udp4");
  t.after(() => stranger.close());
  stranger.send(text, phone.localPort, "127.0.0.1");
  const [bytes] = await passed;
  assert.match(new TextDecoder().decode(bytes), /Event: dialog/);
  await phone.stop();
});
