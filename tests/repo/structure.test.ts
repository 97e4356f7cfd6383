// The rules of the house, held against every file; each breach names its place and the way out.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { run } from "../../host/tools/child.ts";
import { importsOfCore, nodeInPortable, strayClocks, upwardImports } from "./layers.ts";
import {
  deadLinks,
  missingHead,
  missingReadmes,
  missingSpecs,
  strayAtTop,
  straySpecs,
  unknownScripts,
  unmarkedGenerated,
} from "./layout.ts";
import { allFiles, type Finding, type SourceFile } from "./source.ts";
import { foreignWords, lockedHosts, sipInCarrier } from "./words.ts";

const FILES = allFiles();
const SCRIPTS = Object.keys(JSON.parse(readFileSync("package.json", "utf8")).scripts);

/** Rules that look at one file at a time. */
const RULES: readonly [string, (file: SourceFile) => Finding[]][] = [
  ["imports of the core only go down", upwardImports],
  ["the host imports nothing of the core but its numbers", importsOfCore],
  ["host/core, host/pbx and host/session import nothing of Node", nodeInPortable],
  ["only host/node and host/web name clocks, timers and sockets", strayClocks],
  ["what carries the core knows no SIP", sipInCarrier],
  ["no word stands here that does not belong to the project", foreignWords],
  ["each source of the core has its spec", (file) => missingSpecs(file)],
  ["each spec has its source", (file) => straySpecs(file)],
  ["each source starts by saying what it is", missingHead],
  ["links lead somewhere", (file) => deadLinks(file)],
  ["commands that are named exist", (file) => unknownScripts(file, SCRIPTS)],
  ["generated files say so", unmarkedGenerated],
];

for (const [name, rule] of RULES) {
  test(name, () => {
    const findings = FILES.flatMap(rule);
    assert.equal(findings.length, 0, `\n${findings.join("\n")}`);
  });
}

test("each folder with sources has a page", () => {
  const findings = missingReadmes(FILES.map(({ path }) => path));
  assert.equal(findings.length, 0, `\n${findings.join("\n")}`);
});

test("no file without a name that says what it is stands at the top", () => {
  const names = readdirSync(".", { withFileTypes: true }).filter((entry) => entry.isFile());
  const findings = strayAtTop(names.map(({ name }) => name));
  assert.equal(findings.length, 0, `\n${findings.join("\n")}`);
});

test("the lock file names no registry", () => {
  const path = "package-lock.json";
  assert.deepEqual(lockedHosts({ path, text: readFileSync(path, "utf8") }), []);
});

test("generated files are fresh", async () => {
  const { code, output } = await run("npm", ["run", "--silent", "generate", "--", "--check"]);
  assert.equal(code, 0, output);
});
