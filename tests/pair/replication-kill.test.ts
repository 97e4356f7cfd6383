// The master is killed while its set is on the way: the standby serves the last set that was complete.
//
// A relay of bytes stands between the nodes, so that the middle is where we say. What passes is TLS from end to end.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { freePorts } from "../host/ports.ts";
import { Farm } from "./farm.ts";
import { addObjects, PASSWORD, REALM, TwoNodes } from "./two-nodes.ts";

/** The set that the standby has from an earlier life. */
const OLD = ["10000", "10001", "10002"];
/** The one that is on its way: about 250 bytes each. */
const NEW = Array.from({ length: 1500 }, (_, at) => String(20_000 + at));
const MIDDLE_BYTES = 100_000;

/** Passes bytes on; `onMiddle` runs when that many have come from the far end, and the rest is lost. */
async function relay(context: TestContext, port: number, to: number, onMiddle: () => void): Promise<void> {
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    sockets.push(near, far);
    let passed = 0;
    near.pipe(far);
    far.on("data", (bytes) => {
      const before = passed;
      passed += bytes.length;
      if (before < MIDDLE_BYTES) near.write(bytes.subarray(0, MIDDLE_BYTES - before));
      if (before < MIDDLE_BYTES && passed >= MIDDLE_BYTES) onMiddle();
    });
    near.on("error", () => {}).on("close", () => far.destroy());
    far.on("error", () => {}).on("close", () => near.end());
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
}

test("killed in the middle of a whole set", async (context) => {
  const port = await freePorts(5);
  const nodes = await TwoNodes.prepare(context, {
    sites: { master: { address: "127.0.0.1" }, standby: { address: "127.0.0.2" } },
    users: NEW,
    port,
    lines: { standby: [`masterReplicationPort = ${port + 4}`] },
  });
  await addObjects(nodes.standby.dataFolder, OLD);
  let isKilled = false;
  await relay(context, port + 4, port + 2, () => {
    isKilled = true;
    nodes.master.signal("SIGKILL");
  });
  await nodes.master.start();
  await nodes.standby.start();
  const active = await nodes.standby.until(({ role }) => role === "ACTIVE");
  assert.equal(isKilled, true, "it died in the middle");
  assert.equal(active.objects, OLD.length, "not a single object of half a set");
  const farm = await Farm.start(context, {
    servers: [nodes.standby.sip],
    users: OLD,
    password: PASSWORD,
    domain: REALM,
    params: [],
  });
  await farm.allAt("primary");
  assert.deepEqual(await nodes.standby.users(), OLD);
});

test("killed in the middle of the first set of all: the standby names what it lacks", async (context) => {
  const port = await freePorts(5);
  const nodes = await TwoNodes.prepare(context, {
    sites: { master: { address: "127.0.0.1" }, standby: { address: "127.0.0.2" } },
    users: NEW,
    port,
    lines: {
      standby: [
        `masterReplicationPort = ${port + 4}`,
        "[TServer]",
        "backup-init-check = true",
        "backup-init-check-timeout = 15",
      ],
    },
  });
  await relay(context, port + 4, port + 2, () => nodes.master.signal("SIGKILL"));
  await nodes.master.start();
  await nodes.standby.start();
  const status = await nodes.standby.until(({ readiness }) => readiness.state === "SERVICE_UNAVAILABLE");
  assert.match(status.readiness.missing.join(), /^replication: no set of objects has ever come/);
  assert.equal(status.objects, 0);
});
