// Faults planted in the rules of an application session, one at a time: the random outages find each of them, by the rule
// that it breaks. What passes ten thousand cases is worth as much as this list.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import esbuild from "esbuild";
import { COMMON } from "../../../../host/tools/bundle.mjs";
import { temporaryFolder } from "../../folder.ts";
import type { hunt } from "./hunt.ts";
import type { Rule } from "./invariants.ts";

interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly stands: string;
  readonly planted: string;
  readonly breaks: Rule;
}

const MUTANTS: readonly Mutant[] = [
  {
    name: "main is opened before the standby session is ended",
    file: "table.ts",
    stands: 'row("standby",      "back",        "end",         "leaving",',
    planted: 'row("standby",      "back",        "askMain",     "returning",',
    breaks: "end before begin",
  },
  {
    name: "main is opened while the end of the standby session is under way",
    file: "machine.ts",
    stands: 'this.#ask({ kind: "end", session }, "end");',
    planted: 'this.#ask({ kind: "end", session }, "ghost"); this.#step("ended", "not waited for");',
    breaks: "end before begin",
  },
  {
    name: "the warning goes off when the return begins",
    file: "table.ts",
    stands: 'returning: "standby"',
    planted: 'returning: "none"',
    breaks: "warning",
  },
  {
    name: "no warning while nobody serves us",
    file: "table.ts",
    stands: 'waiting: "noPbx"',
    planted: 'waiting: "none"',
    breaks: "warning",
  },
  {
    name: "one good probe is enough",
    file: "comeback.ts",
    stands: "this.#served >= this.#inRow",
    planted: "this.#served >= 1",
    breaks: "probes in a row",
  },
  {
    name: "a bad probe between two good ones is forgotten",
    file: "comeback.ts",
    stands: "isServing ? this.#served + 1 : 0",
    planted: "isServing ? this.#served + 1 : this.#served",
    breaks: "probes in a row",
  },
  {
    name: "a missed echo is forgiven too often",
    file: "upkeep.ts",
    stands: "misses >= of",
    planted: "misses >= of + 2",
    breaks: "service in time",
  },
  {
    name: "main is not probed again after a bad probe",
    file: "machine.ts",
    stands:
      'this.#ask({ kind: "probe", server: "main" }, "check");\n        this.#arm("check", this.#comeback.intervalMs);',
    planted: 'this.#ask({ kind: "probe", server: "main" }, "check");',
    breaks: "return in time",
  },
  {
    name: "an empty standby field is asked all the same",
    file: "machine.ts",
    stands: 'asked === "main" && (!this.#hasStandby || ',
    planted: 'asked === "main" && (',
    breaks: "second host",
  },
];

/** Seeds a fault has to be found in. */
const CASES = 2000;

for (const mutant of MUTANTS) {
  test(`found: ${mutant.name}`, async () => {
    const planted = await build(mutant);
    const found = planted(1, CASES);
    assert.ok(found !== undefined, "no case breaks anything");
    assert.ok(
      found.breaches.some(({ rule }) => rule === mutant.breaks),
      JSON.stringify(found),
    );
  });
}

async function build({ file, stands, planted }: Mutant): Promise<typeof hunt> {
  const source = resolve("host/session/login", file);
  const outfile = join(temporaryFolder(), "hunt.mjs");
  await esbuild.build({
    ...COMMON,
    entryPoints: ["tests/host/session/login/hunt.ts"],
    outfile,
    plugins: [
      {
        name: "plant",
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            if (path !== source) return undefined;
            const text = readFileSync(path, "utf8");
            assert.equal(text.split(stands).length, 2, `${file} does not hold once: ${stands}`);
            return { contents: text.replace(stands, planted), loader: "ts" };
          });
        },
      },
    ],
  });
  return (await import(pathToFileURL(outfile).href)).hunt;
}
