// What a service manager hears, in the right order, once.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { Notifier } from "../../host/node/pair/notify.ts";
import { temporaryFolder } from "../host/folder.ts";
import { openManager } from "./manager.ts";

test("a start that waits, fails and comes late is heard in this order, and ready once", async (context) => {
  const manager = await openManager(context);
  const remarks: string[] = [];
  const notifier = new Notifier(manager.path, (text) => remarks.push(text));
  notifier.tell("checking, 60 s left", false);
  notifier.tell("SERVICE_UNAVAILABLE: replication", false);
  notifier.tell("SERVICE_UNAVAILABLE: replication", false);
  notifier.tell("standby", true);
  notifier.tell("active", true);
  await notifier.stop();
  assert.deepEqual(remarks, []);
  assert.deepEqual(await manager.heardUntil("STOPPING=1"), [
    "b'STATUS=checking, 60 s left'",
    "b'STATUS=SERVICE_UNAVAILABLE: replication'",
    "b'READY=1\\nSTATUS=standby'",
    "b'STATUS=active'",
    "b'STOPPING=1'",
  ]);
});

test("a manager that is gone is told to people, and holds nothing up", async () => {
  const remarks: string[] = [];
  const notifier = new Notifier(join(temporaryFolder(), "nobody"), (text) => remarks.push(text));
  notifier.tell("standby", true);
  await notifier.stop();
  assert.equal(remarks.length, 2);
  assert.match(remarks[0] ?? "", /^the service manager was not told \(systemd-notify: /);
});

test("without a manager no program is run", async () => {
  for (const socket of [undefined, ""]) {
    const notifier = new Notifier(socket, (text) => assert.fail(text));
    notifier.tell("standby", true);
    await notifier.stop();
  }
});
