// Out into a form and back: nothing is lost but what was told, and nothing changes that was said to be exact.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { PhoneConfig } from "../../../../host/config/model.ts";
import { DIALECTS, exportAs, FORMS, type Form, importAs } from "../../../../host/config/vendors/all.ts";
import { entriesOf } from "../../../../host/config/vendors/entries.ts";
import { exportTo } from "../../../../host/config/vendors/export.ts";
import { importFile } from "../../../../host/config/vendors/import.ts";
import { CORE, paramNamed } from "../../../../host/params/table.ts";
import { anyConfig } from "../any.ts";

const NUM_RUNS = 300;

/** A configuration that every form has a place for: what differs then was not kept. */
function fitting(form: Form): fc.Arbitrary<PhoneConfig> {
  return anyConfig(form === "yealink" ? 3 : 1, 2).map((config) => ({
    ...config,
    lines: config.lines.map((line) => {
      const held = line.credentials.find((one) => one !== null) as { account: string; password: string };
      return { ...line, credentials: config.servers.map(() => held) };
    }),
  }));
}

function back(
  form: Form,
  config: PhoneConfig,
): { readonly config: PhoneConfig; readonly lost: ReadonlySet<string> } {
  const { text, losses } = exportAs(form, config);
  const read = importAs(form, text, "f");
  if (read.kind === "refused") throw new Error(`${JSON.stringify(read.errors)}\n${text}`);
  return { config: read.config, lost: new Set(losses.map(({ what }) => what)) };
}

for (const form of FORMS) {
  test(`${form}: lines, servers and every setting come back, but for those that were told`, () => {
    fc.assert(
      fc.property(fitting(form), (config) => {
        const { config: again, lost } = back(form, config);
        assert.deepEqual(again.lines, config.lines);
        assert.deepEqual(again.servers, config.servers);
        for (const { name } of CORE) {
          if (lost.has(name)) continue;
          assert.equal(settingOf(again, name), settingOf(config, name), name);
        }
      }),
      { numRuns: NUM_RUNS },
    );
  });

  test(`${form}: a second way out is the same as the first`, () => {
    fc.assert(
      fc.property(fitting(form), (config) => {
        const first = back(form, config).config;
        assert.equal(exportAs(form, back(form, first).config).text, exportAs(form, first).text);
      }),
      { numRuns: 100 },
    );
  });
}

function settingOf(config: PhoneConfig, name: string): unknown {
  return (config.settings as unknown as Readonly<Record<string, unknown>>)[name];
}

for (const dialect of DIALECTS) {
  test(`${dialect.name}: a key that was mapped comes out again, with the same value`, () => {
    fc.assert(
      fc.property(fitting(dialect.name), (config) => {
        const text = exportTo(dialect, config).text;
        const read = importFile(text, "f", dialect);
        if (read.kind === "refused") throw new Error(JSON.stringify(read.errors));
        const out = pairs(exportTo(dialect, read.config).text);
        const said = pairs(text);
        for (const { kind, key } of read.findings) {
          assert.notEqual(kind, "unknown", key);
          if (kind === "mapped") assert.equal(out.get(key), said.get(key), key);
        }
      }),
      { numRuns: 100 },
    );
  });

  test(`${dialect.name}: every row names a parameter, and no key stands twice`, () => {
    const keys = dialect.rows.map(({ key }) => key.toLowerCase());
    assert.deepEqual(
      keys.filter((key, at) => keys.indexOf(key) !== at),
      [],
    );
    for (const row of dialect.rows) {
      if (row.kind === "param") assert.ok(paramNamed(row.param), row.param);
    }
  });
}

function pairs(text: string): Map<string, string> {
  return new Map(entriesOf(text, "f").map(({ key, value }) => [key, value]));
}
