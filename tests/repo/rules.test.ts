// The rules themselves: each sees what breaks it, and leaves alone what only looks like it.

import assert from "node:assert/strict";
import { test } from "node:test";
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
import type { Finding, SourceFile } from "./source.ts";
import { foreignWords, lockedHosts, sipInCarrier } from "./words.ts";

type Rule = (file: SourceFile) => Finding[];

/** Rule, path, text, and the line of the one breach; 0: none. */
const CASES: readonly [Rule, string, string, number][] = [
  [upwardImports, "assembly/base/bytes.ts", 'import { scan } from "../wire/scan";', 1],
  [upwardImports, "assembly/wire/scan.ts", '// head\nimport { line } from "../policy/line";', 2],
  [upwardImports, "assembly/session/x.ts", 'export { a } from "../index";', 1],
  [upwardImports, "assembly/wire/scan.ts", 'import { x } from "../../host/core/load";', 1],
  [
    upwardImports,
    "assembly/policy/line.ts",
    'import { scan } from "../wire/scan";\nimport { s } from "./state";',
    0,
  ],
  [
    upwardImports,
    "assembly/base/x.ts",
    'import { OK } from "../abi";\nimport { P } from "../generated/params";',
    0,
  ],
  [upwardImports, "assembly/index.ts", 'import { poll } from "./policy/outbox";', 0],
  [importsOfCore, "host/core/load.ts", 'import { RX } from "../../assembly/base/memory.ts";', 1],
  [importsOfCore, "host/core/load.ts", 'import * as abi from "../../assembly/abi.ts";', 0],
  [nodeInPortable, "host/core/agent.ts", 'import { join } from "node:path";', 1],
  [nodeInPortable, "host/pbx/pair/problems.ts", 'import { readFileSync } from "node:fs";', 1],
  [nodeInPortable, "host/pbx/standby/role.ts", 'import { after } from "../../node/clock.ts";', 1],
  [nodeInPortable, "host/session/login/driver.ts", 'import { connect } from "node:tls";', 1],
  [nodeInPortable, "host/node/udp.ts", 'import { join } from "node:path";', 0],
  [strayClocks, "host/core/agent.ts", "const now = Date.now();", 1],
  [strayClocks, "host/sim/world.ts", "\nsetTimeout(() => {}, 1);", 2],
  [strayClocks, "host/pbx/server.ts", 'import { createSocket } from "node:dgram";', 1],
  [strayClocks, "host/cli/run.ts", 'import { lookup } from "node:dns/promises";', 1],
  [strayClocks, "host/node/clock.ts", "const now = Date.now();", 0],
  [strayClocks, "host/index.ts", "let startedAt: Date | undefined;", 0],
  [strayClocks, "host/core/agent.ts", '// Date and setTimeout\nconst x = { Date: "setTimeout" }; x.Date;', 0],
  [sipInCarrier, "host/node/udp.ts", 'if (text.startsWith("REGISTER sip:")) drop();', 1],
  [sipInCarrier, "host/core/agent.ts", "\n\nconst start = `SIP/2.0 $" + "{code}`;", 3],
  [sipInCarrier, "host/node/udp.ts", 'const name = "CSeq";', 1],
  [sipInCarrier, "host/node/udp.ts", 'const line = "Via: ";', 1],
  [sipInCarrier, "host/core/agent.ts", "if (status === 401) retry();", 1],
  [
    sipInCarrier,
    "host/node/udp.ts",
    '// REGISTER\nconst text = "sent To whom, From where"; const waitMs = 500;',
    0,
  ],
  [sipInCarrier, "host/pbx/server.ts", 'const method = "REGISTER";', 0],
  [sipInCarrier, "host/firmware/port/x/phone.c", '\nsay("REGISTER sip:a", 12);', 2],
  [sipInCarrier, "host/firmware/port/x/phone.c", "if (status == 401) retry();", 1],
  [
    sipInCarrier,
    "host/firmware/port/x/phone.h",
    '/* 401 to a REGISTER\n "Via: " */ enum { OPTIONS = 4010 };',
    0,
  ],
  [foreignWords, "host/x.ts", `// a\n// TO${"DO"} later`, 2],
  [foreignWords, "docs/x.md", `see /wo${"rk"}/main`, 1],
  [foreignWords, "host/x.ts", 'import { work } from "./work/x.ts"; // networks/work/', 0],
  [foreignWords, "tests/x.test.ts", `test.on${"ly"}("x", () => {});`, 1],
  [foreignWords, "docs/x.md", `https://registry.npm${"js"}.org/x`, 1],
  [lockedHosts, "package-lock.json", '{\n"resolved": "https://example.test/a.tgz"', 2],
  [lockedHosts, "package-lock.json", '"resolved": "host/tools/empty"', 0],
  [(file) => missingSpecs(file, () => false), "assembly/wire/scan.ts", "export function scan(): void {}", 1],
  [(file) => missingSpecs(file, () => true), "assembly/wire/scan.ts", "export function scan(): void {}", 0],
  [(file) => missingSpecs(file, () => false), "assembly/base/limits.ts", "export const LINES: u32 = 8;", 0],
  [(file) => straySpecs(file, () => false), "tests/unit/wire/scan.spec.ts", "", 1],
  [(file) => straySpecs(file, () => true), "tests/unit/wire/scan.spec.ts", "", 0],
  [(file) => straySpecs(file, () => false), "tests/unit/wire/scan.part.spec.ts", "", 1],
  [
    (file) => straySpecs(file, (path) => path === "assembly/wire/scan.ts"),
    "tests/unit/wire/scan.part.spec.ts",
    "",
    0,
  ],
  [missingHead, "host/core/load.ts", 'import x from "./x.ts";', 1],
  [missingHead, "host/core/load.ts", "// x\nconst a = 1;", 1],
  [missingHead, "host/cli.ts", "#!/usr/bin/env node\n// The program: reads the command line.\n", 0],
  [missingHead, "host/x.h", "/* What the firmware includes.\n * It is small. */", 0],
  [(file) => deadLinks(file, () => false), "docs/x.md", "\nsee [that](../ABI.md#poll)", 2],
  [(file) => deadLinks(file, (path) => path === "ABI.md"), "docs/x.md", "see [that](../ABI.md#poll)", 0],
  [(file) => deadLinks(file, () => false), "docs/x.md", "[web](https://example.test) [here](#part)", 0],
  [(file) => unknownScripts(file, ["build"]), "README.md", ["npm", "run", "biuld"].join(" "), 1],
  [(file) => unknownScripts(file, ["build"]), "README.md", "npm run build -- --lines 9", 0],
  [unmarkedGenerated, "assembly/generated/params.ts", "// Ids of parameters", 1],
  [unmarkedGenerated, "assembly/generated/params.ts", "// Generated by `npm run generate`", 0],
];

for (const [index, [rule, path, text, line]] of CASES.entries()) {
  test(`case ${index}: ${path}, ${line === 0 ? "nothing" : `line ${line}`}`, () => {
    const places = rule({ path, text }).map((finding) => finding.split(" ")[0]);
    assert.deepEqual(places, line === 0 ? [] : [`${path}:${line}`]);
  });
}

test("a folder of the host with sources and no page is named, others are not", () => {
  const paths = [
    "host/README.md",
    "host/core/load.ts",
    "host/node/udp.ts",
    "host/node/README.md",
    "host/sim/a/b.ts",
  ];
  assert.deepEqual(
    missingReadmes(paths).map((finding) => finding.split(":")[0]),
    ["host/core/README.md", "host/sim/README.md"],
  );
});

test("what a tool left at the top is found", () => {
  const paths = [".npmrc", "LICENSE", "README.md", "asc.mjs", "crash-58ac24", "core", "host/core"];
  assert.deepEqual(
    strayAtTop(paths).map((finding) => finding.split(":")[0]),
    ["crash-58ac24", "core"],
  );
});
