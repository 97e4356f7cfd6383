// docs/session.md lists every key as the table has it. UPDATE=1 writes the lists anew.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { allowed, defaultText } from "../../../../host/params/row.ts";
import { type KeyRow, SERVER_KEYS, SESSION_KEYS } from "../../../../host/session/soap/keys.ts";

const PATH = "docs/session.md";
const HEAD = "| key | default | allowed | what it is |\n|---|---|---|---|\n";

function line(row: KeyRow): string {
  const fallback = row.kind === "text" ? row.empty : defaultText(row);
  const zero = row.kind === "number" && row.zero !== undefined ? `; 0: ${row.zero}` : "";
  return `| \`${row.name}\` | ${fallback} | ${allowed(row)} | ${row.help}${zero} |\n`;
}

for (const [name, rows] of [
  ["servers", SERVER_KEYS],
  ["session", SESSION_KEYS],
] as const) {
  test(`the page lists every key: ${name}`, () => {
    const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- end -->)`);
    const page = readFileSync(PATH, "utf8");
    assert.match(page, place);
    const table = HEAD + rows.map(line).join("");
    const fresh = page.replace(place, (_, before, after) => `${before}${table}${after}`);
    if (process.env.UPDATE) writeFileSync(PATH, fresh);
    else assert.equal(page, fresh);
  });
}
