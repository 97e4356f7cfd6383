// The timelines and outages, played by the core on the boards of the Cortex-M port: the same bytes as from the module in V8.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { BOARDS, type Board, buildImage, type Image, withCore } from "../../host/tools/firmware/cortex-m.ts";
import { writeDropIn } from "../../host/tools/firmware/drop-in.ts";
import { emulate } from "../../host/tools/firmware/emulator.ts";
import { withWasm3 } from "../../host/tools/firmware/interpreter.ts";
import { beginning, difference, expected, PLAYER, SCRIPT } from "./player/vectors.ts";

await writeDropIn("build/standfast.wasm");
const wanted = await expected();

const PLAYER_ON_BOARD: Image = {
  name: "player",
  sources: [...PLAYER, "tests/firmware/images/player.c"],
  stackBytes: 2048,
};

const PLAYER_FLAGS = ["-Itests/firmware/player"];

/** Plays a script on a board; all that came out has to be as in V8. */
async function plays(board: Board, image: Image, script = SCRIPT, lines = wanted): Promise<void> {
  const output = `build/vectors/${image.name}-${board.name}`;
  const flags = [...(image.flags ?? []), ...PLAYER_FLAGS];
  const path = await buildImage(board, { ...image, flags });
  const { code, output: log } = await emulate({
    board,
    image: path,
    words: [script, output],
    limitMs: 1_200_000,
  });
  assert.equal(code, 0, log);
  const said = readFileSync(output, "latin1").replace(/\n$/, "").split("\n");
  assert.equal(difference(said, lines), undefined);
}

const [MPS2, LM3S] = BOARDS as [Board, Board];
const part = await beginning();

test(`${MPS2.name}: the same bytes as V8`, async () => {
  await plays(MPS2, withCore(PLAYER_ON_BOARD));
});

test(`${LM3S.name}, the beginning: the same bytes as V8`, async () => {
  await plays(LM3S, withCore(PLAYER_ON_BOARD), part.script, part.lines);
});

test(`${MPS2.name}, the beginning, the module in wasm3: the same bytes as V8`, async () => {
  await plays(MPS2, await withWasm3(PLAYER_ON_BOARD), part.script, part.lines);
});
