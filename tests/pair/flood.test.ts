// A master under attack as a process: connections by the hundred, passwords by the dozen, and a phone that notices nothing.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { PATIENCE_MS } from "../host/until.ts";
import { Bench, type Way } from "./bench.ts";

for (const way of ["tcp", "tls"] as const satisfies readonly Way[])
  test(`over ${way}: a phone stays registered through a flood of connections, and another one gets in`, async (t) => {
    const pair = await Bench.open(t, { users: ["6000", "6001"] });
    pair.edit("master", "registrationsMax = 2");
    await pair.start("master");
    const phone = await pair.phone("6000", way, ["master"]);
    assert.ok(await phone.whenInService(PATIENCE_MS));
    const lost: unknown[] = [];
    phone.on("event", ({ reason }) => reason?.rule === "transport" && lost.push(reason));
    const flood: Socket[] = [];
    t.after(() => {
      for (const socket of flood) socket.destroy();
    });
    for (let at = 0; at < 200; at++) {
      const from = `127.0.0.${2 + (at % 4)}`;
      const socket = connect({ port: pair.places.master[way], host: "127.0.0.1", localAddress: from });
      flood.push(socket.on("error", () => {}));
      await once(socket, "connect");
    }
    const {
      doors: { sip },
    } = await pair.until("master", ({ alarms }) => alarms.some(({ name }) => name === "crowded"));
    assert.deepEqual([sip?.places, sip?.open], [68, 68]);
    const second = await pair.phone("6001", way, ["master"]);
    assert.ok(await second.whenInService(PATIENCE_MS));
    assert.deepEqual([...(await pair.users("master"))].sort(), ["6000", "6001"]);
    assert.deepEqual(lost, [], "the first has kept its connection");
    const told = pair.program("master").events.filter(({ name }) => name === "crowded");
    assert.ok(told.length <= 3, "a line when it begins or ends, not one for each");
    await phone.stop();
    await second.stop();
  });
