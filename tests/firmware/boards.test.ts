// The timelines and outages, played by the core on the boards of the Cortex-M port: the same bytes as from the module in V8.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { BOARDS, type Board, buildImage, type Image, withCore } from "../../host/tools/firmware/cortex-m.ts";
import { writeDropIn } from "../../host/tools/firmware/drop-in.ts";
import { emulate } from "../../host/tools/firmware/emulator.ts";
import { difference, expected, PLAYER, SCRIPT } from "./player/vectors.ts";

await writeDropIn("build/standfast.wasm");
const wanted = await expected();

const PLAYER_ON_BOARD: Image = {
  name: "player",
  sources: [...PLAYER, "tests/firmware/images/player.c"],
  stackBytes: 2048,
};

/** Plays the script on a board; all that came out has to be as in V8. */
async function plays(board: Board, image: Image): Promise<void> {
  const output = `build/vectors/${image.name}-${board.name}`;
  const path = await buildImage(board, image);
  const { code, output: log } = await emulate({
    board,
    image: path,
    words: [SCRIPT, output],
    limitMs: 300_000,
  });
  assert.equal(code, 0, log);
  const lines = readFileSync(output, "latin1").replace(/\n$/, "").split("\n");
  assert.equal(difference(lines, wanted), undefined);
}

for (const board of BOARDS)
  test(`${board.name}: the same bytes as V8`, () => plays(board, withPlayer(withCore(PLAYER_ON_BOARD))));

function withPlayer(image: Image): Image {
  return { ...image, flags: [...(image.flags ?? []), "-Itests/firmware/player"] };
}
