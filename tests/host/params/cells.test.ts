// The cells of the manual: each is a parameter or ignored, and each test that the page names is there and is played.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { SETTINGS_PAGES } from "../../../host/params/cells.ts";
import { cellsPage, seenIn } from "../../../host/params/cells-page.ts";
import { OUTSIDE } from "../../../host/params/outside.ts";
import { PARAMS } from "../../../host/params/table.ts";

const ALONE = "changes what leaves the phone";
const COUNTS = [12, 44];
const CELLS = SETTINGS_PAGES.flatMap(({ cells }) => cells);

for (const [index, { name, cells }] of SETTINGS_PAGES.entries()) {
  test(`each of the ${COUNTS[index]} cells is a parameter, or is ignored: ${name}`, () => {
    assert.equal(new Set(cells).size, COUNTS[index]);
    assert.equal(cells.length, COUNTS[index]);
    for (const cell of cells) {
      const rows = PARAMS.filter(({ labels }) => labels?.includes(cell)).length;
      const outside = OUTSIDE.filter(({ labels }) => labels.includes(cell)).length;
      assert.equal(rows + outside, 1, cell);
    }
  });
}

test("of the cells of both pages 33 are parameters, 0 come later and 23 are ignored", () => {
  const rows = PARAMS.filter(({ labels }) => labels?.some((label) => CELLS.includes(label)));
  const of = (kind: string) =>
    OUTSIDE.filter((it) => it.kind === kind && it.labels.some((label) => CELLS.includes(label)));
  assert.deepEqual([rows.length, of("later").length, of("ignored").length], [33, 0, 23]);
});

test("the page has a row for each cell and each of the three hidden keys, in their order", () => {
  const rows = cellsPage()
    .text.split("\n")
    .filter((line) => line.startsWith("| "));
  const shown = rows.map((line) => line.split(" | ")[0]?.slice(2)).filter((cell) => cell !== "cell");
  const keys = [
    "DBID_SIP_REGISTER_TIMEOUT_TIMER",
    "DBID_SIP_OPTIONS_TIMEOUT_TIMER",
    "DBID_SIP_BACK_TO_PRISERVER_DELAY_TIME",
  ];
  assert.equal(shown.length, CELLS.length + keys.length);
  for (const [index, cell] of [...CELLS, ...keys].entries()) assert.ok(shown[index]?.startsWith(cell), cell);
});

for (const row of PARAMS) {
  test(`the tests that ${row.name} is seen in are there, and none is skipped`, () => {
    const [alone, ...also] = seenIn(row);
    assert.ok(alone, "no test at all");
    assert.equal(alone.title, `${row.name} (${row.id}) ${ALONE}`);
    assertPlayed(alone.file, `${ALONE}\``); // the test enumerates the table
    for (const { file, title } of also) assertPlayed(file, JSON.stringify(title));
  });
}

/** The title stands in that file, and nothing beside it says that the test is left out. */
function assertPlayed(file: string, quoted: string): void {
  const source = readFileSync(file, "utf8");
  const at = source.indexOf(quoted);
  assert.ok(at >= 0, `${file} has no test ${quoted}`);
  const [options = ""] = source.slice(at + quoted.length).split("=>", 1);
  assert.doesNotMatch(source.slice(0, at), /\.(skip|todo)\([^\n]*$/, quoted);
  assert.doesNotMatch(options, /\b(skip|todo): (true|["'`])/, quoted);
}
