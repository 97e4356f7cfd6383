// The package as somebody installs it: complete, without dependencies, and it runs.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { run } from "../../host/tools/child.ts";

const folder = mkdtempSync(join(tmpdir(), "standfast-"));
const installed = join(folder, "node_modules/standfast");
const { version } = JSON.parse(readFileSync("package.json", "utf8"));

before(async () => {
  mkdirSync(installed, { recursive: true });
  const packed = await run("npm", ["pack", "--silent", "--pack-destination", folder]);
  assert.equal(packed.code, 0, packed.output);
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  const unpacked = await run("tar", ["-xzf", join(folder, archive), "-C", installed, "--strip-components=1"]);
  assert.equal(unpacked.code, 0, unpacked.output);
});
after(() => rmSync(folder, { recursive: true }));

test("it depends on nothing", () => {
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(join(installed, "package.json"), "utf8"),
  );
  assert.deepEqual([dependencies, peerDependencies], [undefined, undefined]);
});

test("the command runs by itself, as npm links it, and tells its version", async () => {
  const { code, output } = await run(join(installed, "build/standfast.mjs"), ["--version"]);
  assert.deepEqual([code, output.trim()], [0, version]);
});

test("the API is imported by its name", async () => {
  const words = ["--input-type=module", "-e", 'console.log(typeof (await import("standfast")).Phone)'];
  const { code, output } = await run(process.execPath, words, { cwd: folder });
  assert.deepEqual([code, output.trim()], [0, "function"]);
});

test("so is the API of sessions", async () => {
  const code = 'console.log(Object.keys(await import("standfast/session")).includes("ServiceEvents"))';
  const { code: status, output } = await run(process.execPath, ["--input-type=module", "-e", code], {
    cwd: folder,
  });
  assert.deepEqual([status, output.trim()], [0, "true"]);
});

test("the API has its types: a right use is accepted, a wrong one is not", async () => {
  const accepts = async (code: string) => {
    writeFileSync(join(folder, "use.ts"), `import { Phone } from "standfast";\n${code}\n`);
    const options = "--noEmit --strict --module nodenext --target es2023 --types node".split(" ");
    const roots = ["--typeRoots", resolve("node_modules/@types")];
    return run(resolve("node_modules/.bin/tsc"), [...options, ...roots, "use.ts"], { cwd: folder });
  };
  const right = await accepts('export const elapsed = (phone: Phone): number => phone["elapsedMs"];');
  assert.equal(right.code, 0, right.output);
  const wrong = await accepts('export const elapsed = (phone: Phone): string => phone["elapsedMs"];');
  assert.match(
    wrong.output,
    /^use\.ts\(2,\d+\): error TS2322: Type 'number' is not assignable to type 'string'/,
  );
});

test("the licences of what is inside come along", () => {
  const notices = readFileSync(join(installed, "build/NOTICES.txt"), "utf8");
  assert.match(notices, /^commander \d/m);
  assert.match(notices, /Permission is hereby granted/);
});

test("the module is there for whoever embeds it", () => {
  const bytes = new Uint8Array(readFileSync(join(installed, "build/standfast.wasm")));
  assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(bytes)), []);
});

test("what a Kamailio includes is there, and says which port the watcher has", () => {
  const text = readFileSync(join(installed, "host/pbx/kamailio/standfast.cfg"), "utf8");
  assert.match(text, /^route\[STANDFAST\] \{$/m);
  assert.match(text, /^#!trydef STANDFAST_RPC 8090$/m);
});
