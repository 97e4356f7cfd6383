// A build with a knob turned is smaller by what the page says, is proved like the shipped one, and is still a phone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as abi from "../../assembly/abi.ts";
import { compile, instantiate } from "../../host/core/load.ts";
import { addSizes } from "../../host/tools/build/size.ts";
import { KNOBS, measureKnobs, moduleOf, wordsOf } from "../../host/tools/firmware/knobs.ts";
import { DECISIONS, module, sameEvents, told, world } from "../sim/fixture.ts";
import { CORTEX_M, inKib, rowsOf } from "./page.ts";

const costs = await measureKnobs();
const PAGE = readFileSync("host/firmware/README.md", "utf8");
/** Bytes by which a later core may differ from the page. */
const TOLERANCE = 128;

const SCENARIO = ["100 primary silent", "400 primary back", "500 primary restarts", "600 host stop"];

for (const knob of KNOBS)
  test(`${wordsOf(knob) || "the default build"}: fails over and returns like the shipped one`, () => {
    const built = compile(new Uint8Array(readFileSync(moduleOf(knob))));
    const [expected, now] = [module(), built].map((each) =>
      world({ module: each, scenario: SCENARIO }).runTo(700_000),
    );
    sameEvents(told(now?.events ?? [], DECISIONS), told(expected?.events ?? [], DECISIONS));
    assert.ok((now?.events.length ?? 0) > 8);
  });

test("the page says what each knob saves", () => {
  const rows = [...PAGE.matchAll(/^\| `(--.*?)` \|.*?\| (-?[\d,]+) \| (-?[\d,]+) \| (-?[\d,]+) \|$/gm)];
  const numbers = (row: RegExpMatchArray) => row.slice(2).map((cell) => Number(cell.replace(",", "")));
  assert.deepEqual(
    rows.map(([, words]) => words),
    KNOBS.slice(1).map(wordsOf),
  );
  for (const row of rows) {
    const saved = (["module", "flash", "ram"] as const).map(
      (what) => (costs[""]?.[what] ?? 0) - (costs[row[1] ?? ""]?.[what] ?? 0),
    );
    for (const [index, said] of numbers(row).entries())
      assert.ok(Math.abs((saved[index] ?? 0) - said) <= TOLERANCE, `${row[1]}: ${saved.join(", ")}`);
  }
});

/** A whole image for the LM3S6965 on the small stack. */
const TWO_LINES = { flash: 32 * 1024, ram: 24 * 1024 };

test("a phone with two lines keeps to its flash and RAM, and its page says what it takes", () => {
  const { "--lines 2": is } = costs;
  assert.ok(is);
  assert.ok(is.flash <= TWO_LINES.flash, `${is.flash} bytes of flash, at most ${TWO_LINES.flash}`);
  assert.ok(is.ram <= TWO_LINES.ram, `${is.ram} bytes of RAM, at most ${TWO_LINES.ram}`);
  assert.deepEqual(rowsOf(CORTEX_M, /2 lines at/), [is, Object.values(costs).at(-1)].map(inKib));
});

test("build/size.json has them", async () => {
  await addSizes({ knobs: costs });
  assert.deepEqual(JSON.parse(readFileSync("build/size.json", "utf8")).knobs, costs);
});

test("a core without streams refuses them, and keeps UDP", () => {
  const core = instantiate(readFileSync(moduleOf({ streams: false })));
  core.setSeed();
  for (const transport of [abi.TRANSPORT_TCP, abi.TRANSPORT_TLS])
    assert.equal(core.setServer(0, 5060, transport), abi.E_RANGE);
  assert.equal(core.setServer(0, 5060, abi.TRANSPORT_UDP), abi.OK);
  assert.equal(core.frame(1), abi.E_LENGTH);
});
