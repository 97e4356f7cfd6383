// How an image ends when something is wrong: its settings, the core, its stack.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { before, test } from "node:test";
import wasm from "../../build/standfast.wasm";
import { BOARDS, type Board, buildImage, NET, phoneImage } from "../../host/tools/firmware/cortex-m.ts";
import { writeDropIn } from "../../host/tools/firmware/drop-in.ts";
import { emulate } from "../../host/tools/firmware/emulator.ts";
import { trappingAt } from "../tools/trapping.ts";

const [BOARD] = BOARDS as [Board];
let image: string;

before(async () => {
  await writeDropIn("build/standfast.wasm");
  image = await buildImage(BOARD, phoneImage());
});

const boot = (words: readonly string[]) => emulate({ board: BOARD, image, words, limitMs: 120_000 });

/** Settings of which one word is wrong, and its number. */
const WRONG: readonly (readonly [words: string, count: number])[] = [
  ["local=192.0.2.100:5060 secret", 2],
  ["local=192.0.2.256:5060", 1],
  ["local=192.0.2.100:0", 1],
  ["local=192.0.2.100:65536", 1],
  ["local=192.0.2.100", 1],
  ["server=192.0.2.10:5060", 1],
  ["password=secret", 1],
  ["domain=a.test local=192.0.2.100:5060 server=192.0.2.10:5060 user=6000 password=\u007fsecret", 5],
  ["4=101", 1],
  ["4=4294967296", 1],
  ["47=1", 1],
  ["4=", 1],
  ["locale=192.0.2.100:5060", 1],
];

test("a setting that is wrong is named by its number, and no value is shown", async () => {
  for (const [words, count] of WRONG) {
    const { code, output } = await boot(words.split(" "));
    assert.equal(code, 2, `${words}: ${output}`);
    assert.match(output, new RegExp(`^settings: .*: word ${count}$`, "m"), words);
    assert.doesNotMatch(output, /secret/);
  }
});

test("settings without a server or a line start nothing", async () => {
  const { code, output } = await boot(["4=3"]);
  assert.equal(code, 2, output);
  assert.match(output, /^not started: 9$/m, "E_INCOMPLETE");
});

test("a core that traps ends the phone, which says so", async () => {
  const folder = "build/cortex-m/trapping";
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/trapping.wasm`, trappingAt(wasm, "wake"));
  copyFileSync("build/standfast.map.json", `${folder}/trapping.map.json`);
  await writeDropIn(`${folder}/trapping.wasm`, folder);
  const phone = phoneImage("phone-trapping", folder);
  // What is behind the call that traps is never called now.
  const image = await buildImage(BOARD, {
    ...phone,
    flags: [...(phone.flags ?? []), "-Wno-error"],
  });
  const words = [
    "local=192.0.2.100:5060",
    "domain=a.test",
    "server=192.0.2.10:5060",
    "user=6000",
    "password=x",
  ];
  const { code, output } = await emulate({ board: BOARD, image, words, limitMs: 120_000 });
  assert.equal(code, 72, output);
  assert.match(output, /^the core found an error of its own$/m);
});

test("a stack that overflows is a fault on each board, and not a write into data", async () => {
  const overflow = {
    name: "overflow",
    sources: ["tests/firmware/images/overflow.c"],
    stackBytes: 1024,
    stack: NET,
  };
  for (const board of BOARDS) {
    const image = await buildImage(board, overflow);
    const { code, output } = await emulate({ board, image, limitMs: 120_000 });
    assert.equal(code, 70, output);
    assert.match(output, /^start\nfault\n$/m);
  }
});
