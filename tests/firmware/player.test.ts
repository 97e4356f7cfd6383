// The timelines and outages, played by the core as C: the same bytes as from the module in V8, on this machine and on
// Linux for other processors.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { place } from "../../host/tools/bundle.mjs";
import { writeDropIn } from "../../host/tools/firmware/drop-in.ts";
import { interpretedObjects } from "../../host/tools/firmware/interpreter.ts";
import { CORE, coreObject, link, NATIVE, SANITIZED } from "../../host/tools/firmware/native.ts";
import { POSIX_TARGETS } from "../../host/tools/firmware/posix.ts";
import { beginning, difference, expected, PLAYER, POSIX, playOn, SCRIPT } from "./player/vectors.ts";

await writeDropIn("build/standfast.wasm");
const wanted = await expected();

/** What each compiler makes of the same C; undefined behaviour shows where they differ. Then words of 32 bits, and both orders. */
const BUILDS: readonly (readonly [compiler: string, flags: string, emulator?: string])[] = [
  ["gcc", "-Os"],
  ["gcc", "-O3"],
  ["gcc", SANITIZED.join(" ")],
  ["clang", "-Os"],
  ["clang", "-O3"],
  ["arm-linux-gnueabihf-gcc", "-Os", "qemu-arm"],
  ["mipsel-linux-gnu-gcc", "-Os", "qemu-mipsel"],
  ["mips-linux-gnu-gcc", "-Os", "qemu-mips"],
];

for (const [compiler, flags, emulator = ""] of BUILDS)
  test(`${compiler} ${flags}: the same bytes as V8`, async () => {
    const program = await build(compiler, flags, emulator);
    const { code, lines } = await playOn(`${emulator} ${program}`);
    assert.equal(difference(lines, wanted), undefined);
    assert.equal(code, 0);
  });

for (const { name, prefix, emulator } of POSIX_TARGETS)
  test(`${name}, the module in wasm3: the same bytes as V8`, async () => {
    const program = await interpreter(`${prefix}gcc`);
    const isHere = prefix === "";
    const { script, lines: should } = isHere ? { script: SCRIPT, lines: wanted } : await beginning();
    const { code, lines } = await playOn([...emulator, program].join(" "), script);
    assert.equal(difference(lines, should), undefined);
    assert.equal(code, 0);
  });

async function interpreter(compiler: string): Promise<string> {
  const { sources, flags, include } = await interpretedObjects({ compiler, flags: ["-O2"] });
  const program = `${NATIVE}/player-wasm3-${compiler}`;
  const how = { compiler, flags: ["-O2", ...flags, "-Itests/firmware/player"], include };
  assert.deepEqual(await link([...PLAYER, POSIX, ...sources], program, how), []);
  return program;
}

test("the script holds what was recorded: its outputs are those of the runs, in order", () => {
  const recorded = readFileSync(SCRIPT, "latin1")
    .split("\n")
    .flatMap((line) => /^\w+ \d+ < (?!state$)(.*)/.exec(line)?.[1] ?? [])
    .map((text) => text.replace(/^(event(?: \d+)+) \w+$/, "$1"));
  const played = wanted.filter((line) => !/^(line|server|contact|refused|memory) /.test(line));
  assert.equal(difference(played, recorded), undefined);
});

test("it takes every kind of call and of output", () => {
  const text = readFileSync(SCRIPT, "latin1");
  const kinds = (mark: string) =>
    new Set([...text.matchAll(new RegExp(`^\\w+ \\d+ ${mark} (\\w+)`, "gm"))].map(([, kind]) => kind));
  const calls = [
    "command",
    "failed",
    "flow",
    "frame",
    "memory",
    "receive",
    "resume",
    "setParam",
    "setSeed",
    "setServer",
    "setTargets",
    "setText",
    "start",
    "wake",
  ];
  assert.deepEqual([...kinds(">")].sort(), calls);
  assert.deepEqual([...kinds("<")].sort(), [
    "event",
    "field",
    "flow",
    "result",
    "send",
    "sleep",
    "state",
    "stopped",
  ]);
});

test("a fault in the runtime is found", async () => {
  const [before, after = ""] = readFileSync(CORE, "utf8").split("return (u16)(at[0] | at[1] << 8);");
  await place(FAULTY, `${before}return (u16)(at[1] | at[0] << 8);${after}`);
  assert.match(
    difference((await playOn(await build("gcc", "-Os", "", FAULTY))).lines, wanted) ?? "",
    /^line \d+\n/,
  );
});

const FAULTY = `${NATIVE}/faulty/core.c`;

async function build(compiler: string, words: string, emulator = "", core?: string): Promise<string> {
  const flags = words.split(" ");
  const program = `${NATIVE}/player-${compiler}${words.replace(/\W+/g, "-")}${core === undefined ? "" : "-faulty"}`;
  const how = {
    compiler,
    flags: [...flags, "-Itests/firmware/player", ...(emulator === "" ? [] : ["-static"])],
  };
  const sources = [...PLAYER, POSIX, core ?? (await coreObject({ compiler, flags }))];
  assert.deepEqual(await link(sources, program, how), []);
  return program;
}
