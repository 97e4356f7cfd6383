// A configuration that is written and read again is the same, in both forms.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import type { PhoneConfig } from "../../../host/config/model.ts";
import { toKeyValue, toToml } from "../../../host/config/write.ts";
import { PARAMS } from "../../../host/params/table.ts";
import { anyConfig } from "./any.ts";
import { accepted, reading } from "./readings.ts";

/** What both forms say of a configuration, read again. */
function again(config: PhoneConfig): PhoneConfig[] {
  return [accepted(reading(toToml(config), "a.toml")), accepted(reading(toKeyValue(config), "a.cfg"))];
}

test("the documented example survives", () => {
  const config = accepted(reading(readFileSync("docs/example.toml", "utf8"), "a.toml"));
  for (const one of again(config)) assert.deepEqual(one, config);
});

test("any configuration survives", () => {
  fc.assert(
    fc.property(anyConfig(), (config) => {
      for (const one of again(config)) assert.deepEqual(one, config);
    }),
    { numRuns: 300 },
  );
});

test("each parameter of the phone survives", () => {
  const flat = PARAMS.filter(
    ({ scope, name }) => scope !== "server" && scope !== "line" && !/server|port$/i.test(name),
  );
  assert.ok(flat.length > 45);
  for (const row of flat) {
    const value = other(row);
    const text = `${row.name} = ${value}\noutboundServer = a\nphoneNumber = 1\npassword = p\n`;
    const config = accepted(reading(text, "a.cfg"));
    for (const one of again(config)) assert.deepEqual(one, config, row.name);
    const plain = accepted(reading(text.replace(/^.*\n/, ""), "a.cfg"));
    assert.notDeepEqual(config, plain, `${row.name} = ${value} changes nothing`);
  }
});

/** A value that is not the default, and that goes with all other defaults. */
function other(row: (typeof PARAMS)[number]): string {
  if (row.kind === "switch") return row.default ? "off" : "on";
  if (row.kind === "choice") return Object.keys(row.choices).find((word) => word !== row.default) ?? "";
  if (row.kind === "text") return "192.0.2.9";
  return String(row.default + 1 <= row.max && row.default >= row.min ? row.default + 1 : row.min);
}
