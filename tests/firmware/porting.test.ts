// docs/porting.md keeps its word: its code works, every name in it exists, its memory map is that of the build.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Region } from "../../host/tools/build/layout.ts";
import { place } from "../../host/tools/bundle.mjs";
import { run } from "../../host/tools/child.ts";
import { DROP_IN, writeDropIn } from "../../host/tools/firmware/drop-in.ts";
import { CORE, coreObject, link, NATIVE, SANITIZED } from "../../host/tools/firmware/native.ts";
import { openPair, PASSWORD } from "../host/pair.ts";
import { Running } from "../host/running.ts";
import { thereAndBack } from "./there-and-back.ts";

const GUIDE = readFileSync("docs/porting.md", "utf8");
const FOLDER = `${NATIVE}/porting`;
const CODE = [...GUIDE.matchAll(/^```c\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);

await writeDropIn("build/standfast.wasm");
const HEADER = readFileSync(`${DROP_IN}/standfast.h`, "utf8");

const CASES = [
  ["udp", "udp", "registers, repeats when it is woken, leaves a server that reports an error", 0],
  ["udp", "unsent_fails", "what cannot leave counts as failed, in the same turn", 0],
  ["udp", "goes_on", "goes on from a snapshot, without the calls that were lost", 0],
  ["udp", "traps_once", "goes on from the last snapshot after a trap", 0],
  ["udp", "broken_snapshots", "ends up asleep whatever is wrong with a snapshot", 0],
  ["udp", "traps_for_ever", "leaves the fourth trap of a minute to the reset", 72],
  ["tcp", "streams_cut", "cuts streams into units of any length, in pieces of any length", 0],
  ["tcp", "streams_broken", "closes a stream that is no SIP, and opens another", 0],
] as const;

test("the code of the guide compiles as strictly as the core does", async () => {
  await place(`${FOLDER}/guide.c`, CODE.join("\n"));
  const core = await coreObject({ flags: SANITIZED });
  for (const transport of ["udp", "tcp"] as const) {
    const flags = [...SANITIZED, `-I${FOLDER}`, `-DTRANSPORT=STANDFAST_TRANSPORT_${transport.toUpperCase()}`];
    const program = `${FOLDER}/${transport}`;
    assert.deepEqual(await link(["tests/firmware/porting.c", core], program, { flags }), []);
  }
});

for (const [transport, name, title, code] of CASES)
  test(`the code of the guide ${title}`, async () => {
    const output = code === 0 ? "" : "reset\n";
    assert.deepEqual(await run(`${FOLDER}/${transport}`, [name], { limitMs: 120_000 }), { code, output });
  });

test("the code of the guide on sockets registers, moves to the backup, returns, and leaves nothing", async (t) => {
  const program = `${FOLDER}/select`;
  const core = await coreObject({ flags: SANITIZED });
  const flags = [...SANITIZED, `-I${FOLDER}`];
  assert.deepEqual(await link(["tests/firmware/select.c", core], program, { flags }), []);
  const pair = await openPair(t);
  const servers = [pair.primary, pair.backup1].map(({ endpoint }) => `127.0.0.1:${endpoint.port}`);
  const phone = new Running(program, ["6000", PASSWORD, "test.invalid", ...servers]);
  t.after(() => phone.child.kill("SIGKILL"));
  assert.deepEqual(await thereAndBack(pair, phone), { code: 0, stdout: phone.stdout, stderr: "" });
});

test("every name of ours in the guide is one of the header", () => {
  const known = `${HEADER}${readFileSync(CORE, "utf8")}`;
  const names = new Set(GUIDE.match(/\b(standfast_\w+|STANDFAST_[A-Z0-9_]+\*?)/g));
  assert.ok(names.size > 60, `${names.size} names`);
  const unknown = [...names].filter((name) =>
    name.endsWith("*") ? !known.includes(name.slice(0, -1)) : !new RegExp(`\\b${name}\\b`).test(known),
  );
  assert.deepEqual(unknown, []);
});

test("the guide has a place for every call of the header", () => {
  const calls = [...HEADER.matchAll(/^[\w *]+\b(standfast_\w+)\(/gm)].map(([, name = ""]) => name);
  assert.ok(calls.length > 20, `${calls.length} calls`);
  assert.deepEqual(
    calls.filter((name) => !GUIDE.includes(`${name}(`)),
    [],
  );
});

test("the memory map of the guide is that of the build", () => {
  const { memoryMap, memoryUsed } = JSON.parse(readFileSync("build/size.json", "utf8"));
  const rows = [...GUIDE.matchAll(/^\| (\d+) \| (?:`(\w+)`)? ?\| (\d+) \|/gm)];
  assert.ok(rows.length > 5, `${rows.length} rows`);
  const startOf = (name: string | undefined): number | undefined =>
    name === undefined ? 0 : (memoryMap as Region[]).find((region) => region.name === name)?.address;
  assert.deepEqual(
    rows.map(([, at, , bytes]) => [Number(at), Number(bytes)]),
    rows.map(([, , name], row) => {
      const from = startOf(name) ?? Number.NaN;
      const next = rows[row + 1];
      return [from, ((next === undefined ? memoryUsed : startOf(next[2])) ?? Number.NaN) - from];
    }),
  );
});
