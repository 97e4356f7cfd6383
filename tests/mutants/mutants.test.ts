// Every planted fault compiles into a module of its own.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../../host/tools/build/compile.ts";
import { buildMutant } from "./build.ts";
import { MUTANTS } from "./table.ts";

test("no two mutants are the same, and each breaks a rule of DESIGN.md", () => {
  assert.ok(MUTANTS.length >= 15);
  assert.equal(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length);
  assert.equal(new Set(MUTANTS.map(({ patches }) => JSON.stringify(patches))).size, MUTANTS.length);
  for (const { rule } of MUTANTS) assert.match(rule, /^D\d+\b/);
});

test("each mutant compiles, and is another module than the core", async () => {
  const core = await compile("measure", { isQuick: true });
  assert.ok(core.kind === "module");
  for (const mutant of MUTANTS) assert.notDeepEqual(await buildMutant(mutant), core.bytes, mutant.name);
});
