// docs/pair.md lists every key of a node as the table has it. UPDATE=1 writes the list anew.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { allowed, defaultText } from "../../../../host/params/row.ts";
import { KEYS, type KeyRow } from "../../../../host/pbx/pair/keys.ts";

const PATH = "docs/pair.md";
const HEAD = "| key | default | allowed | what it is |\n|---|---|---|---|\n";

function line(row: KeyRow): string {
  const fallback = row.needed === undefined ? (row.kind === "text" ? row.empty : defaultText(row)) : "none";
  const zero = row.kind === "number" && row.zero !== undefined ? `; 0: ${row.zero}` : "";
  return `| \`${row.name}\` | ${fallback} | ${allowed(row)} | ${row.help}${zero} |\n`;
}

for (const of of ["general", "node"] as const) {
  test(`the page lists every ${of} key`, () => {
    const table = `${HEAD}${KEYS.filter((row) => row.of === of)
      .map(line)
      .join("")}`;
    const place = new RegExp(`(<!-- ${of} -->\n)[^]*?(<!-- end -->)`);
    const page = readFileSync(PATH, "utf8");
    assert.match(page, place);
    const fresh = page.replace(place, (_, before, after) => `${before}${table}${after}`);
    if (process.env.UPDATE) writeFileSync(PATH, fresh);
    else assert.equal(page, fresh);
  });
}
