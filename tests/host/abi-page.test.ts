// ABI.md says what the module does: every number of abi.ts stands on it as it is, and so do the lengths of texts, the
// sizes of records and the errors that each export may answer with.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as abi from "../../assembly/abi.ts";
import { LINES, SERVERS } from "../../assembly/base/limits.ts";
import { INPUT_MAX } from "../../host/core/core.ts";
import { type CoreExports, instantiate } from "../../host/core/load.ts";
import { CORE } from "../../host/params/table.ts";
import { module } from "../sim/fixture.ts";

const PAGE = readFileSync("ABI.md", "utf8");

/** Numbers that are told in a sentence: each in the words of the page. */
const IN_WORDS: Readonly<Record<string, string>> = {
  ABI_VERSION: `\`ABI_VERSION\` ${abi.ABI_VERSION}.`,
  REFUSED_BASE: `| ${abi.REFUSED_BASE} - reason |`,
  SERVER_NONE: `${abi.SERVER_NONE} (\`SERVER_NONE\`)`,
  SERVER_LISTED: `${abi.SERVER_LISTED} (\`SERVER_LISTED\`)`,
  LINE_ALL: `${abi.LINE_ALL} (\`LINE_ALL\`)`,
  SLEEP_FOREVER: "2^32-1 (`SLEEP_FOREVER`)",
};

/** What counts rows is no row. */
const COUNTS = /_COUNT$/;
/** Told in one row of the table of servers. */
const HEALTH = ["UNKNOWN", "UP", "SUSPECT", "DOWN", "HOLDING", "COOLING"];

test("every number of abi.ts stands on the page, and is the same there", () => {
  const wrong = Object.entries(abi).filter(([name, value]) => {
    if (COUNTS.test(name) || name.startsWith("TRANSPORT_")) return false;
    const words = IN_WORDS[name] ?? (HEALTH.includes(name) ? `${value} \`${name}\`` : undefined);
    return (
      !PAGE.includes(words ?? `\n| ${value} | \`${name}\` |`) && !PAGE.includes(`\n| ${value} \`${name}\` |`)
    );
  });
  assert.deepEqual(wrong, []);
});

test("no row of the page has a name that abi.ts does not have", () => {
  const known: Readonly<Record<string, number>> = abi;
  const named = [...PAGE.matchAll(/^\| -?\d+ \| `([A-Z][A-Z_]+)` \|/gm)].map(([, name = ""]) => name);
  assert.ok(named.length > 80);
  assert.deepEqual(
    named.filter((name) => known[name] === undefined),
    [],
  );
});

test("the result of a refusal is -32 and its reason", () => {
  const rows = [...PAGE.matchAll(/^\| (\d) \| `R_\w+` \| (-\d+) \|/gm)];
  assert.equal(rows.length, abi.REFUSED_COUNT);
  for (const [, reason, result] of rows) assert.equal(Number(result), abi.REFUSED_BASE - Number(reason));
});

/** The bytes of a section's table: the end of its last field. */
function recordSize(heading: string): number {
  const [, section = ""] = PAGE.split(`### ${heading}\n`);
  const [table = ""] = section.split(/^#/m);
  const rows = [...table.matchAll(/^\| (\d+) \| (u8|u16|u32|) ?\|/gm)];
  const sizes: Readonly<Record<string, number>> = { u8: 1, u16: 2, u32: 4, "": 24 };
  let end = 0;
  for (const [, offset, type = ""] of rows) {
    assert.equal(Number(offset), end, `${heading}: a gap before ${offset}`);
    end += sizes[type] ?? 0;
  }
  return end;
}

test("records have no gaps, and the sizes that the page says", () => {
  assert.equal(recordSize("Output"), 40);
  assert.equal(recordSize("Event"), 24);
  const [lineTable = ""] = (PAGE.split("### LineView\n")[1] ?? "").split("| number |");
  assert.match(lineTable, /20 bytes/);
  assert.match(PAGE, /the record at `output\(\)`, 40 bytes/i);
});

test("each text takes as many bytes as the page says, and not one more", () => {
  const rows = [...PAGE.matchAll(/^\| (\d+) \| `TEXT_\w+` \| [^|]* \| (\d+) \|/gm)];
  assert.equal(rows.length, abi.TEXT_COUNT);
  for (const [row, what, most] of rows) {
    const exports = configured();
    assert.equal(exports.setText(Number(what), 0, 0, Number(most)), abi.OK, row);
    assert.equal(exports.setText(Number(what), 0, 0, Number(most) + 1), abi.E_LENGTH, row);
  }
});

test("texts that may change after the start are those that the page names", () => {
  const rows = [...PAGE.matchAll(/^\| (\d+) \| `TEXT_\w+` \|.*\| (yes|no)[^|]*\|$/gm)];
  assert.equal(rows.length, abi.TEXT_COUNT);
  const exports = configured();
  assert.equal(exports.start(0), abi.OK);
  for (const [row, what, may] of rows) {
    const result = exports.setText(Number(what), 0, 0, 1);
    assert.equal(result, may === "yes" ? abi.OK : abi.E_STATE, row);
  }
});

test("the sizes on the page are those of the build", () => {
  assert.match(PAGE, new RegExp(`\\| ${LINES}, build constant \`LINES\``));
  assert.match(PAGE, new RegExp(`\\| ${SERVERS}, build constant \`SERVERS\``));
  assert.match(PAGE, new RegExp(`\\| input buffer \\| ${INPUT_MAX} bytes`));
  assert.match(PAGE, new RegExp(`\\| parameters \\| ${CORE.length} of at most`));
});

/** A module that could start: one server, one line, every text of it one byte long. */
function configured(): CoreExports {
  const exports = instantiate(module());
  const buffer = new Uint8Array(exports.memory.buffer, exports.buffer(), INPUT_MAX);
  buffer.fill(0x61);
  assert.equal(exports.setSeed(), abi.OK);
  assert.equal(exports.setServer(0, 5060, abi.TRANSPORT_UDP), abi.OK);
  for (let what = 0; what < abi.TEXT_COUNT; what++) assert.equal(exports.setText(what, 0, 0, 1), abi.OK);
  return exports;
}
