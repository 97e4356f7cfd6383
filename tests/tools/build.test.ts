// The build: what is shipped is what was proved, and size.json tells where everything lies.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { instantiate } from "../../host/core/load.ts";
import { compile } from "../../host/tools/build/compile.ts";
import { buildVariant } from "../../host/tools/build/core.ts";
import type { Region } from "../../host/tools/build/layout.ts";
import { changedSources } from "../../host/tools/build/sources.ts";
import { fingerprint, unlessFresh } from "../../host/tools/build/stamp.ts";
import { sectionsOf, strip } from "../../host/tools/build/wasm.ts";
import { readExportList } from "../../host/tools/proof/prove.ts";

const SHIPPED = readFileSync("build/standfast.wasm");
const SIZES = JSON.parse(readFileSync("build/size.json", "utf8"));
const PAGE = 65_536;

const folder = mkdtempSync(join(tmpdir(), "standfast-"));
after(() => rmSync(folder, { recursive: true }));

test("the shipped module is the proved one without its names", () => {
  assert.deepEqual(Buffer.from(strip(readFileSync("build/standfast.named.wasm"))), SHIPPED);
  assert.ok(sectionsOf(SHIPPED).every(({ id }) => id !== 0));
});

test("size.json has the module's size, its exports and a stack for each function", () => {
  assert.equal(SIZES.module, SHIPPED.length);
  const exports = WebAssembly.Module.exports(new WebAssembly.Module(new Uint8Array(SHIPPED)));
  assert.deepEqual(
    SIZES.exports,
    exports.map(({ name }) => name),
  );
  const functions = exports.filter(({ kind }) => kind === "function").map(({ name }) => name);
  assert.deepEqual(Object.keys(SIZES.stack), functions);
});

test("the memory map has no gap and no overlap, and ends where the memory in use ends", () => {
  const map: Region[] = SIZES.memoryMap;
  for (const [index, { address, bytes }] of map.entries()) {
    const next = map[index + 1];
    assert.ok(bytes > 0);
    if (next !== undefined) assert.equal(address + bytes, next.address);
  }
  const last = map.at(-1);
  const end = (last?.address ?? 0) + (last?.bytes ?? 0);
  assert.ok(SIZES.memoryUsed >= end && SIZES.memoryUsed < end + 16, `${SIZES.memoryUsed} after ${end}`);
});

test("the memory map names the buffers that the module itself points to", () => {
  const core = instantiate(new Uint8Array(SHIPPED));
  const at = (name: string) => SIZES.memoryMap.find((region: Region) => region.name === name)?.address;
  assert.equal(at("RX"), core.buffer());
  assert.equal(at("OUTPUT"), core.output());
});

test("a module for other lines and servers comes from the same sources, proved and fixed in memory", async () => {
  const stem = join(folder, "wide");
  assert.deepEqual(await buildVariant({ lines: 200, servers: 2 }, stem), []);
  const bytes = new Uint8Array(readFileSync(`${stem}.wasm`));
  const { memory } = instantiate(bytes);
  assert.ok(memory.buffer.byteLength > PAGE);
  assert.equal(memory.buffer.byteLength % PAGE, 0);
  const regions: Region[] = JSON.parse(readFileSync(`${stem}.map.json`, "utf8"));
  const last = regions.at(-1);
  const end = (last?.address ?? 0) + (last?.bytes ?? 0);
  assert.ok(end > memory.buffer.byteLength - PAGE, "not a page more than it takes");
});

const HALVING = {
  file: "assembly/policy/damping.ts",
  old: "it.penalty >>= min(",
  new: "it.penalty >>= 0 & min(",
};

test("a patch changes the module, and a quick module is one that runs", async () => {
  const [plain, patched] = await Promise.all(
    [[], [HALVING]].map((patches) => compile("measure", { patches, isQuick: true })),
  );
  assert.ok(plain?.kind === "module" && patched?.kind === "module");
  assert.notDeepEqual(plain.bytes, patched.bytes);
  assert.deepEqual(plain.regions, patched.regions);
  assert.equal(instantiate(plain.bytes).buffer(), instantiate(new Uint8Array(SHIPPED)).buffer());
});

test("patches of one file are put in one after the other", async () => {
  const second = { ...HALVING, old: "it.penalty >>= 0 & min(", new: "it.penalty >>= 1 & min(" };
  const changed = await changedSources({ patches: [HALVING, second] });
  assert.match(changed.get(HALVING.file) ?? "", /it\.penalty >>= 1 & min\(/);
});

test("a patch that does not find its place, or finds two, is refused by name", async () => {
  const refused = (old: string, times: number) =>
    assert.rejects(changedSources({ patches: [{ ...HALVING, old }] }), {
      message: `assembly/policy/damping.ts: the text to replace occurs ${times} times, and has to occur once:\n${old}`,
    });
  await refused("it.penalty <<= min(", 0);
  await refused("T_SUSPENDED, at", 3);
  await assert.rejects(
    changedSources({ patches: [{ ...HALVING, file: "assembly/none.ts" }] }),
    /assembly\/none\.ts/,
  );
});

test("the list of exports is read from the first cells and the code spans of ABI.md", () => {
  const file = join(folder, "ABI.md");
  writeFileSync(
    file,
    ["`before`", "<!-- exports -->", "| export | what |", "|---|---|", "| `poll(): i32` | see `wake` |"]
      .concat("Globals: `memory`, `__heap_base`.", "<!-- /exports -->", "`later`")
      .join("\n"),
  );
  assert.deepEqual(readExportList(file), ["poll", "memory", "__heap_base"]);
  assert.equal(readExportList(join(folder, "none.md")), undefined);
});

test("what is fresh is not made again; a changed source, a lost output or a failure is", async () => {
  const [source, output, stamp] = ["source", "output", "stamp"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  let runs = 0;
  const make = async (): Promise<string[]> => {
    runs++;
    writeFileSync(output, "made");
    return [];
  };
  const build = (how = make) => unlessFresh(stamp, fingerprint([source]), [output], how);
  writeFileSync(source, "one");
  await build();
  await build();
  assert.equal(runs, 1);
  writeFileSync(source, "two");
  await build();
  assert.equal(runs, 2);
  rmSync(output);
  await build();
  assert.equal(runs, 3);
  writeFileSync(source, "three");
  assert.deepEqual(await build(async () => ["broken"]), ["broken"]);
  await build();
  assert.equal(runs, 4);
  assert.ok(existsSync(output));
});
