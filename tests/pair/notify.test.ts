// What a service manager hears: a real datagram socket of the local kind. It is Python's, as Node has none; socat keeps
// the descriptor that tells systemd-notify that its words were read.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Notifier } from "../../host/node/pair/notify.ts";
import { temporaryFolder } from "../host/folder.ts";
import { Running } from "../host/running.ts";

/** A line for each datagram, quoted as Python does it. */
const MANAGER = `
import socket, sys
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind(sys.argv[1])
while True: print(manager.recv(4096), flush=True)
`;

async function openManager(context: TestContext): Promise<{ readonly path: string; heard(): string[] }> {
  const path = join(temporaryFolder(), "notify");
  const manager = new Running("python3", ["-c", MANAGER, path]);
  context.after(() => manager.child.kill());
  await manager.until(() => existsSync(path), 10_000);
  return {
    path,
    heard: () => manager.stdout.split("\n").filter((line) => line !== "" && !line.includes("BARRIER")),
  };
}

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
  assert.deepEqual(manager.heard(), [
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
