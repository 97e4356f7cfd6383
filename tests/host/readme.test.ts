// README.md runs: its commands print what stands below them, its sizes are those of the build, its example is a part
// of the library page's, which runs in library.test.ts. The sizes on other pages are held to the build as well.
//
// In a block of the page a line `...` stands for lines left out; all others have to follow each other as they stand.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { run } from "../../host/tools/child.ts";
import { Program, runProgram } from "./program.ts";

const PAGE = readFileSync("README.md", "utf8");

interface Session {
  readonly command: string;
  readonly output: readonly string[];
}

/** The commands of the page, each with what it prints. */
function sessions(): Session[] {
  return [...PAGE.matchAll(/```console\n\$ (.*)\n([\s\S]*?)```/g)].map(([, command = "", output = ""]) => ({
    command,
    output: output.trimEnd().split("\n"),
  }));
}

/** The first line of `expected` that `actual` does not have where it has to stand; undefined: it has all. */
function firstMissing(expected: readonly string[], actual: readonly string[]): string | undefined {
  let at = 0;
  let mayLeaveOut = false;
  for (const line of expected) {
    if (line === "...") {
      mayLeaveOut = true;
      continue;
    }
    const found = mayLeaveOut ? actual.indexOf(line, at) : at;
    if (found < 0 || actual[found] !== line) return line;
    at = found + 1;
    mayLeaveOut = false;
  }
  return undefined;
}

/** Times, ports and the width of columns differ from run to run. */
function withoutFigures(line: string): string {
  return line
    .replace(/\d[\d.:]*/g, "0")
    .replace(/ +/g, " ")
    .trim();
}

test("lines left out may be any, all others have to be there in order", () => {
  const actual = ["a", "b", "c", "d"];
  assert.equal(firstMissing(["a", "b"], actual), undefined);
  assert.equal(firstMissing(["...", "b", "...", "d"], actual), undefined);
  assert.equal(firstMissing(["b"], actual), "b");
  assert.equal(firstMissing(["a", "c"], actual), "c");
  assert.equal(firstMissing(["...", "c", "...", "b"], actual), "b");
  assert.equal(firstMissing(["a", "...", "e"], actual), "e");
});

test("every command of the page prints what stands below it", async () => {
  const exact = sessions().filter(({ command }) => command.startsWith("node build/standfast.mjs "));
  assert.ok(exact.length >= 4);
  for (const { command, output } of exact) {
    const { code, stdout, stderr } = await runProgram(command.split(" ").slice(2));
    assert.equal(code, 0, `${command}\n${stderr}`);
    assert.equal(firstMissing(output, `${stdout}${stderr}`.split("\n")), undefined, `${command}\n${stdout}`);
  }
});

test("every block of the page is one of these commands or the demonstration", () => {
  const others = sessions().filter(({ command }) => !command.startsWith("node build/standfast.mjs "));
  assert.deepEqual(
    others.map(({ command }) => command),
    ["npm start"],
  );
  assert.equal(PAGE.split("```console").length - 1, sessions().length);
});

test("the demonstration tells what the page shows of it, other figures aside", async () => {
  const shown = sessions().find(({ command }) => command === "npm start");
  assert.ok(shown);
  const { code, stdout } = await new Program(["demo"]).end(120_000);
  assert.equal(code, 0, stdout);
  const [expected, actual] = [shown.output, stdout.split("\n")].map((lines) =>
    lines.map((line) => (line === "..." ? line : withoutFigures(line))),
  );
  assert.equal(firstMissing(expected ?? [], actual ?? []), undefined, stdout);
});

test("npm start -- COMMAND runs a command of the program", async () => {
  const { code, output } = await run("npm", ["start", "--silent", "--", "params", "preferPrimary"]);
  assert.equal(code, 0, output);
  assert.match(output, /^preferPrimary$/m);
});

const { module, memoryUsed } = JSON.parse(readFileSync("build/size.json", "utf8"));

test("the sizes on the page and in the newest entry of CHANGELOG.md are those of the build", () => {
  const [, newest = ""] = readFileSync("CHANGELOG.md", "utf8").split(/^## /m);
  for (const text of [PAGE, newest]) {
    const sizes = [...text.matchAll(/^\| .* \| ([\d.]+) KiB \|$/gm)].map(([, size]) => size);
    assert.deepEqual(
      sizes,
      [module, memoryUsed].map((bytes) => (bytes / 1024).toFixed(1)),
    );
  }
});

test("the memory map of assembly/README.md adds up to what is used", () => {
  const [, map = ""] = readFileSync("assembly/README.md", "utf8").split(/^## Memory$/m);
  const bytes = [...map.matchAll(/^\| .* \| (\d+) \|$/gm)].map(([, size]) => Number(size));
  assert.equal(
    bytes.reduce((sum, each) => sum + each, 0),
    memoryUsed,
  );
});

test("the example is a part of the one that runs", () => {
  const [example, whole] = [PAGE, readFileSync("docs/library.md", "utf8")].map((page) => {
    const [, code] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
    assert.ok(code);
    return code.split("\n").filter((line) => line !== "");
  });
  const spread = (example ?? []).flatMap((line) => ["...", line]);
  assert.equal(firstMissing(spread, whole ?? []), undefined);
});
