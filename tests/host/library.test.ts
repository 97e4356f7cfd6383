// The example of docs/library.md, taken from the page and run as a program of its own against the pair.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import esbuild from "esbuild";
import { Phone } from "../../host/index.ts";
import { temporaryFolder } from "./folder.ts";
import { openPair } from "./pair.ts";
import { fileWith, tomlFor } from "./program.ts";
import { next, until } from "./until.ts";

const PAGE = "docs/library.md";

/** A folder as a user has it: the example, its configuration, and the package beside it. */
function userFolder(config: string): string {
  const folder = temporaryFolder();
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readFileSync(PAGE, "utf8")) ?? [];
  assert.ok(example, `${PAGE} has an example`);
  writeFileSync(join(folder, "example.ts"), example);
  const { code } = esbuild.transformSync(example, { loader: "ts", format: "esm", target: "node20" });
  writeFileSync(join(folder, "example.mjs"), code);
  copyFileSync(config, join(folder, "phone.toml"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(process.cwd(), join(folder, "node_modules", "standfast"));
  symlinkSync(join(process.cwd(), "node_modules", "@types"), join(folder, "node_modules", "@types"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  return folder;
}

test("the example registers, shows the line, and removes its binding at Ctrl-C", async (t) => {
  const pair = await openPair(t);
  const cwd = userFolder(tomlFor(pair));
  const child = spawn(process.execPath, ["example.mjs"], { cwd, stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  let said = "";
  child.stdout.on("data", (piece) => {
    said += piece;
  });
  await until(
    () => /6000 served primary/.test(said),
    () => said,
  );
  assert.match(said, /^6000 in service on primary\n6000 served primary \d+\n$/);
  assert.deepEqual(pair.boundAt("primary"), ["6000"]);
  child.kill("SIGINT");
  const [code] = await next(child, "exit");
  assert.equal(code, 0);
  assert.deepEqual(pair.boundAt("primary"), []);
});

test("the example fits the types that are published", () => {
  const folder = userFolder(fileWith("phone.toml", ""));
  const tsc = join(process.cwd(), "node_modules/typescript/bin/tsc");
  const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--types", "node"];
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...options, "example.ts"], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout);
});

test("the page names every public member of Phone, and no other", () => {
  const page = readFileSync(PAGE, "utf8");
  const members = Object.getOwnPropertyNames(Phone.prototype).filter((name) => name !== "constructor");
  const unnamed = members.filter((name) => !new RegExp(`\\b${name}\\b`).test(page));
  assert.deepEqual(unnamed, []);
  const orders = [...page.matchAll(/^\| `(\w+)\(/gm)].map(([, name]) => name ?? "");
  assert.ok(orders.length > 8);
  assert.deepEqual(
    orders.filter((name) => !members.includes(name)),
    [],
  );
});
