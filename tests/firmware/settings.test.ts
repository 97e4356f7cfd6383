// The words of the command line that a phone on a Cortex-M board does not take.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { BOARDS, type Board, buildImage, phoneImage } from "../../host/tools/firmware/cortex-m.ts";
import { writeDropIn } from "../../host/tools/firmware/drop-in.ts";
import { emulate } from "../../host/tools/firmware/emulator.ts";

const [BOARD] = BOARDS as [Board];
let image: string;

before(async () => {
  await writeDropIn("build/standfast.wasm");
  image = await buildImage(BOARD, phoneImage("phone-settings"));
});

const boot = (words: readonly string[]) => emulate({ board: BOARD, image, words, limitMs: 20_000 });

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
