// What `npm run firmware` leaves, taken as an integrator takes it: from the zip alone.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { unzipSync } from "fflate";
import { run } from "../../host/tools/child.ts";
import { temporaryFolder } from "../host/folder.ts";
import { openPair, PASSWORD, type Pair } from "../host/pair.ts";
import { Running } from "../host/running.ts";
import { thereAndBack } from "./there-and-back.ts";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const STEM = `standfast-${version}`;
const made = await make("build/firmware");

async function make(folder: string): Promise<Buffer> {
  const { code, output } = await run(process.execPath, [
    "host/tools/run.mjs",
    "host/tools/firmware.ts",
    "--out",
    folder,
  ]);
  assert.equal(code, 0, output);
  return readFileSync(`${folder}/${STEM}.zip`);
}

function unpacked(zip: Uint8Array): string {
  const folder = temporaryFolder();
  for (const [name, bytes] of Object.entries(unzipSync(zip))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return join(folder, STEM);
}

test("the zip holds all that its page names, with checksums that fit", () => {
  const files = Object.keys(unzipSync(made)).map((name) => name.slice(STEM.length + 1));
  const folder = unpacked(made);
  const page = readFileSync(join(folder, "README.md"), "utf8");
  const named = [...page.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(.*?)`/g)].map(([, name]) => name),
  );
  const folders = named.filter((name) => name?.endsWith("/"));
  const isBelow = (name: string) => folders.some((folder) => name.startsWith(folder ?? ""));
  assert.ok(folders.every((folder) => files.includes(`${folder}README.md`)));
  assert.deepEqual(
    files.filter((name) => !isBelow(name)).sort(),
    ["LICENSE", "README.md", ...named.filter((name) => !folders.includes(name))].sort(),
  );
  const sums = readFileSync(join(folder, "SHA256SUMS"), "utf8").trim().split("\n");
  for (const line of sums) {
    const [sum, name = ""] = line.split("  ");
    assert.equal(
      createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex"),
      sum,
      name,
    );
  }
  assert.deepEqual(
    sums.map((line) => line.slice(66)).sort(),
    files.filter((name) => name !== "SHA256SUMS").sort(),
  );
});

test("the same sources give the same zip", async () => {
  assert.ok(made.equals(await make(temporaryFolder())));
});

test("the example is shorter than 80 lines", () => {
  assert.ok(
    readFileSync(join(unpacked(made), "phone.c"), "utf8")
      .trimEnd()
      .split("\n").length < 80,
  );
});

test("the header knows the version and the module beside it", () => {
  const folder = unpacked(made);
  const header = readFileSync(join(folder, "standfast.h"), "utf8");
  const sum = createHash("sha256")
    .update(readFileSync(join(folder, "standfast.wasm")))
    .digest("hex");
  assert.equal(/STANDFAST_VERSION "(.*)"/.exec(header)?.[1], version);
  assert.equal(/STANDFAST_MODULE_SHA256 "(.*)"/.exec(header)?.[1], sum);
});

test("the example registers, moves to the backup when the primary dies, returns, and leaves nothing", async (t) => {
  const pair = await openPair(t);
  const phone = await startExample(t, pair);
  assert.equal((await thereAndBack(pair, phone)).code, 0);
});

test("the port for POSIX is compiled from the zip alone, and reads a configuration", async () => {
  const folder = unpacked(made);
  await compileBy(folder, "posix/README.md");
  const config = join(folder, "phone.cfg");
  writeFileSync(config, "outboundServer = 192.0.2.1\nphoneNumber = 6000\npassword = secret\n");
  const { code, output } = await run(join(folder, "standfast-posix"), ["--config", config, "--check"]);
  assert.equal(code, 0, output);
  assert.match(output, /^servers\.primary\.host = 192\.0\.2\.1$/m);
});

/** Runs the first command of a page that compiles, with every warning an error. */
async function compileBy(folder: string, page: string): Promise<void> {
  const [, command = ""] = /^ {4}(cc .*)$/m.exec(readFileSync(join(folder, page), "utf8")) ?? [];
  const compiled = await run("sh", ["-c", `${command} -Wall -Wextra -Werror`], { cwd: folder });
  assert.equal(compiled.code, 0, compiled.output);
}

/** Compiles the example by the command of its page and starts it. */
async function startExample(t: TestContext, { primary, backup1 }: Pair): Promise<Running> {
  const folder = unpacked(made);
  await compileBy(folder, "README.md");
  const servers = [primary, backup1].map(({ endpoint }) => `127.0.0.1:${endpoint.port}`);
  const phone = new Running(join(folder, "phone"), ["6000", PASSWORD, "test.invalid", ...servers]);
  t.after(() => phone.child.kill("SIGKILL"));
  return phone;
}
