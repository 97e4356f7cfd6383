// A node of a pair reduced to its store and replication, in a process that a test kills: master|standby FOLDER PORT KEY-FILE
// CERTIFICATE-FILE. A master edits one object after the other and says its port and each version; a standby says when it is
// connected and each version.
import { readFileSync, writeSync } from "node:fs";
import { monotonicMs } from "../../../../host/node/clock.ts";
import { ReplicationClient } from "../../../../host/node/pair/replication-client.ts";
import { replicationKey } from "../../../../host/node/pair/replication-key.ts";
import { ReplicationServer } from "../../../../host/node/pair/replication-server.ts";
import { openStore } from "../../../../host/node/pair/store.ts";
import { put } from "../../pbx/directory/pair.ts";

const [mode = "", folder = "", port = "", keyFile = "", certificateFile = ""] = process.argv.slice(2);
const isMaster = mode === "master";
const store = await openStore({ folder, now: monotonicMs, ...(isMaster ? {} : { masterAt: "127.0.0.1" }) });
const { directory, instance } = store;
const common = {
  key: await replicationKey("one password for both"),
  directory,
  name: isMaster ? "north" : "south",
  now: monotonicMs,
};
const say = (text: string): void => {
  writeSync(1, `${text}\n`);
};
directory.watch(() => say(`${directory.version}`));

if (isMaster) {
  const identity = { key: readFileSync(keyFile, "utf8"), certificate: readFileSync(certificateFile, "utf8") };
  const server = await ReplicationServer.open({
    ...common,
    address: "127.0.0.1",
    port: Number(port),
    identity,
  });
  say(`port ${server.port}`);
  setInterval(() => directory.edit([put(directory.version % 50, String(directory.version))]), 2);
} else {
  new ReplicationClient({
    ...common,
    master: { address: "127.0.0.1", port: Number(port) },
    authorities: [readFileSync(certificateFile, "utf8")],
    instance,
    onEvent: ({ kind }) => say(kind),
  });
}
