// The page of provisioning files is fresh, and has every key.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DIALECTS } from "../../../../host/config/vendors/all.ts";
import { provisioningPage } from "../../../../host/config/vendors/page.ts";

const { path, text } = provisioningPage();

test(`${path} is fresh`, () => {
  assert.equal(readFileSync(path, "utf8"), text, 'stale: run "npm run generate" and commit it');
});

test("it has each key once", () => {
  for (const { key } of DIALECTS.flatMap(({ rows }) => rows)) {
    assert.equal(text.split(`| \`${key}\` |`).length, 2, key);
  }
});
