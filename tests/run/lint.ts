// Format and lint of every source (biome), and the types of the three programs that tsc reads.
//
// Each counts as one: green, or not. Above: tests/run.ts.

import { existsSync } from "node:fs";
import { run } from "../../host/tools/child.ts";
import { oneResult, type Suite, sum } from "./suite.ts";

export function lintSuite(): Suite {
  return {
    name: "lint",
    proves: "format and lint rules of biome.json; `npm run format` mends most",
    sleeps: false,
    async run() {
      const { code, output } = await run("node_modules/.bin/biome", ["check", "--error-on-warnings"]);
      return oneResult(code === 0, code === 0 ? [] : [output]);
    },
  };
}

/** The host with its tests, the core, the specs of the core. */
const PROJECTS = [".", "assembly", "tests/unit"];

export function typesSuite(): Suite {
  return {
    name: "types",
    proves: "strict types of the host, the core and the tests",
    sleeps: false,
    async run() {
      const projects = PROJECTS.filter((project) => existsSync(`${project}/tsconfig.json`));
      return sum(await Promise.all(projects.map(checkTypes)));
    },
  };
}

/** What tsc found out is kept for the next time, which then takes a third. */
async function checkTypes(project: string) {
  const kept = `build/tsc/${project.replaceAll(/\W/g, "-")}.tsbuildinfo`;
  const words = ["--project", project, "--pretty", "false", "--incremental", "--tsBuildInfoFile", kept];
  const { code, output } = await run("node_modules/.bin/tsc", words);
  return oneResult(code === 0, code === 0 ? [] : [output]);
}
