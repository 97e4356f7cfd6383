// Every planted fault is found by the simulation, and the core without one is not accused.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { compile as load } from "../../host/core/load.ts";
import { compile } from "../../host/tools/build/compile.ts";
import { place } from "../../host/tools/bundle.mjs";
import { hunt, huntMutant, SEEDS } from "./hunt.ts";
import { type Found, page } from "./page.ts";
import { MUTANTS } from "./table.ts";

const found: Found[] = [];

test("no two mutants are the same, and each breaks a rule of DESIGN.md", () => {
  assert.ok(MUTANTS.length >= 15);
  assert.equal(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length);
  assert.equal(new Set(MUTANTS.map(({ patches }) => JSON.stringify(patches))).size, MUTANTS.length);
  for (const { rule } of MUTANTS) assert.match(rule, /^D\d+\b/);
});

test("docs/mutants.md has a row for each mutant, and no other", () => {
  const rows = [...readFileSync("docs/mutants.md", "utf8").matchAll(/^\| `([\w-]+)` \|/gm)].map(
    ([, name]) => name,
  );
  assert.deepEqual(
    rows,
    MUTANTS.map(({ name }) => name),
  );
});

test("the core without a fault, compiled as the mutants are, breaks nothing", async () => {
  const core = await compile("measure", { isQuick: true });
  assert.ok(core.kind === "module");
  assert.equal(hunt(load(core.bytes), 25), undefined);
});

for (const mutant of MUTANTS) {
  test(`found: a phone that ${mutant.fault}`, async () => {
    const find = await huntMutant(mutant);
    assert.ok(find !== undefined, `${mutant.name}: no invariant breaks in ${SEEDS} cases`);
    found.push({ mutant, find });
  });
}

after(() => place("build/mutants.md", page(found)));
