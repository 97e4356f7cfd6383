// The file of a recording: where it ends, what it says then, and that nothing behind it waits.

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Phone, type PhoneEvent } from "../../../host/index.ts";
import { recordTo } from "../../../host/node/record-file.ts";
import { module, OPTIMAL, phoneConfig, world } from "../../sim/fixture.ts";
import { trappingAtWord } from "../../tools/trapping.ts";
import { temporaryFolder } from "../folder.ts";
import { openPair } from "../pair.ts";
import { PATIENCE_MS, until } from "../until.ts";
import { replayed } from "./recording.ts";

const HOUR_MS = 3_600_000;

interface Kept {
  readonly bytes: Uint8Array;
  readonly notices: readonly string[];
}

/** Plays so many hours in one go, so that nothing can be written meanwhile. */
async function kept(hours: number, longest?: number): Promise<Kept> {
  const path = join(temporaryFolder(), "phone.rec");
  const notices: string[] = [];
  const recorder = recordTo({
    path,
    config: phoneConfig({ params: OPTIMAL }),
    module: module(),
    notice: (text) => notices.push(text.replace(path, "FILE")),
    ...(longest !== undefined && { longest }),
  });
  world({ wrap: recorder.wrap }).runTo(hours * HOUR_MS);
  assert.deepEqual(notices, [], "nothing is told while the core is served");
  recorder.end();
  await written(path);
  return { bytes: readFileSync(path), notices };
}

/** Until the file is there and the system has nothing more to write for us. */
function written(path: string): Promise<void> {
  return until(() => existsSync(path) && !process.getActiveResourcesInfo().includes("FSReqCallback"));
}

test("a recording ends at its longest, says so once, and replays up to there", async () => {
  const { bytes, notices } = await kept(2, 128 * 1024);
  assert.deepEqual(notices, [
    "FILE: it is as long as a recording gets, 0.125 MiB; the recording ends here, the phone goes on",
  ]);
  assert.ok(bytes.length <= 128 * 1024 && bytes.length > 120 * 1024, `${bytes.length} bytes`);
  const { difference, ending } = replayed(bytes);
  assert.deepEqual([difference, ending], [undefined, { kind: "cut" }]);
});

test("a disk that is slower than the phone ends the recording, not the phone", async () => {
  const { bytes, notices } = await kept(10); // 1.3 MB, and 1 MiB may wait
  assert.deepEqual(notices, [
    "FILE: it cannot be written as fast as the phone goes on; the recording ends here, the phone goes on",
  ]);
  assert.ok(bytes.length > 2 ** 20 && bytes.length < 1.1 * 2 ** 20, `${bytes.length} bytes`);
  const { difference, ending } = replayed(bytes);
  assert.deepEqual([difference, ending], [undefined, { kind: "cut" }]);
});

const POISON = "trap me";

test("a phone that traps leaves a recording of both instances, which traps again and goes on alike", async (t: TestContext) => {
  const pair = await openPair(t);
  const recordFile = join(temporaryFolder(), "phone.rec");
  const bad = trappingAtWord(new Uint8Array(readFileSync("build/standfast.wasm")), POISON);
  const phone = new Phone(pair.config(), {
    module: bad,
    recordFile,
  });
  t.after(() => phone.close());
  const told: PhoneEvent[] = [];
  phone.on("event", (event) => told.push(event));
  await phone.start();
  assert.equal(await phone.whenInService(PATIENCE_MS), true);
  await sleep(1000); // registerSpacing
  const stranger = createSocket("udp4");
  stranger.send(POISON, phone.localPort, "127.0.0.1", () => stranger.close());
  await until(() => told.some(({ type }) => type === "fault"));
  assert.equal(await phone.whenInService(PATIENCE_MS), true);
  await phone.stop();
  await written(recordFile);
  const bytes = readFileSync(recordFile);
  const [, trapAt] =
    /> receive 254 7 trap me\n\w+ (\d+) < trap unreachable\n\w+ \d+ # boot\n\w+ \d+ > memory /.exec(
      bytes.toString("latin1"),
    ) ?? [];
  assert.ok(trapAt !== undefined);
  const { difference, ending, events } = replayed(bytes, bad);
  assert.deepEqual([difference, ending], [undefined, { kind: "whole" }]);
  const others = (all: readonly PhoneEvent[]): PhoneEvent[] => all.filter(({ type }) => type !== "fault");
  assert.deepEqual(others(events), others(told));
  assert.deepEqual(
    events.filter(({ type }) => type === "fault"),
    [{ t: Number(trapAt), type: "fault", text: "unreachable" }],
  );
});
