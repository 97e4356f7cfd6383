// An application node as a process: every 10 ms it asks for permission and says when it acted, and under which epoch.
//
// worker.mjs ETCD,.. KEY NAME SECONDS: a lease of so many.

import { writeSync } from "node:fs";
import { Ownership } from "../../../host/session.ts";

const [, , etcd = "", key = "", name = "", seconds = ""] = process.argv;

/** All processes of a machine share this clock. */
function now(): number {
  return Math.round(Number(process.hrtime.bigint() / 1000n) / 1000);
}

const ownership = new Ownership({ etcd: etcd.split(","), key, name, leaseSeconds: Number(seconds) });
ownership.on("event", (event) => writeSync(1, `${now()} ${event.type}\n`));
ownership.start();
setInterval(() => {
  const at = now(); // before it asks: it may stand still at any moment, and not act later than it was allowed to
  const epoch = ownership.permit();
  if (epoch !== undefined) writeSync(1, `${at} act ${epoch}\n`);
}, 10);
process.once("SIGTERM", () => {
  ownership.stop();
  setTimeout(() => process.exit(0), 200);
});
