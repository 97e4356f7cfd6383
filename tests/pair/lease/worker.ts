// An application node as a process: every 10 ms it asks for permission and says when it acted, and under which epoch.
//
// worker.mjs ETCD,.. KEY NAME SECONDS [jump]: a lease of so many; with `jump` the time of day is another one each time somebody asks for it.

import { writeSync } from "node:fs";
import { Ownership } from "../../../host/session.ts";

const [, , etcd = "", key = "", name = "", seconds = "", clock = ""] = process.argv;

if (clock === "jump") {
  let jumps = 0;
  const right = Date.now;
  Date.now = () => right() + (jumps++ % 2 === 0 ? -1 : 1) * 3_600_000 * jumps;
}

/** All processes of a machine share this clock. */
function now(): number {
  return Math.round(Number(process.hrtime.bigint() / 1000n) / 1000);
}

const ownership = new Ownership({ etcd: etcd.split(","), key, name, leaseSeconds: Number(seconds) });
ownership.on("event", (event) => writeSync(1, `${now()} ${event.type}\n`));
ownership.start();
setInterval(() => {
  const epoch = ownership.permit();
  if (epoch !== undefined) writeSync(1, `${now()} act ${epoch}\n`);
}, 10);
process.once("SIGTERM", () => {
  ownership.stop();
  setTimeout(() => process.exit(0), 200);
});
