// The timelines and outages, played by the core on the boards of the Cortex-M port: the same bytes as from the module in V8.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { place } from "../../host/tools/bundle.mjs";
import {
  BOARDS,
  type Board,
  buildImage,
  type Image,
  measureImage,
  withCore,
} from "../../host/tools/firmware/cortex-m.ts";
import { writeDropIn } from "../../host/tools/firmware/drop-in.ts";
import { emulate } from "../../host/tools/firmware/emulator.ts";
import { BARE, interpreted } from "../../host/tools/firmware/interpreter.ts";
import { module } from "../sim/fixture.ts";
import { play } from "./player/play.ts";
import { difference, expected, PLAYER, SCRIPT } from "./player/vectors.ts";

await writeDropIn("build/standfast.wasm");
const wanted = await expected();

const PLAYER_ON_BOARD: Image = {
  name: "player",
  sources: [...PLAYER, "tests/firmware/images/player.c"],
  stackBytes: 2048,
};

const PLAYER_FLAGS = ["-Itests/firmware/player"];

/** Plays a script on a board; all that came out has to be as in V8. @returns the path of the image */
async function plays(board: Board, image: Image, script = SCRIPT, lines = wanted): Promise<string> {
  const output = `build/vectors/${image.name}-${board.name}`;
  const flags = [...(image.flags ?? []), ...PLAYER_FLAGS];
  const path = await buildImage(board, { ...image, flags });
  const { code, output: log } = await emulate({
    board,
    image: path,
    words: [script, output],
    limitMs: 300_000,
  });
  assert.equal(code, 0, log);
  const said = readFileSync(output, "latin1").replace(/\n$/, "").split("\n");
  assert.equal(difference(said, lines), undefined);
  return path;
}

for (const board of BOARDS)
  test(`${board.name}: the same bytes as V8`, async () => {
    await plays(board, withCore(PLAYER_ON_BOARD));
  });

/** Lines of the script, in whole recordings: all of it would take the interpreter minutes in an emulator. */
const PART_LINES = 5_000;
/** Bytes that wasm3 has for its heap and for the C stack, on which it translates a function as it is called first. */
const HEAP = 256 * 1024;
const WASM3_STACK = 16_384;
const WASM3_MOST = { flash: 72 * 1024, ram: 320 * 1024 };

test("mps2-an385, the module in wasm3: the same bytes as V8", async () => {
  const [board] = BOARDS as [Board];
  const { sources, flags, include } = await interpreted();
  const part = beginning(readFileSync(SCRIPT, "latin1").trimEnd().split("\n"));
  const script = "build/vectors/beginning";
  await place(script, `${part.join("\n")}\n`);
  const path = await plays(
    board,
    {
      name: "player-wasm3",
      sources: [...PLAYER_ON_BOARD.sources, ...sources, ...BARE.sources],
      flags: [...flags, ...BARE.flags, `-I${include}`, `-DSTANDFAST_HEAP=${HEAP}`],
      stackBytes: WASM3_STACK,
    },
    script,
    play(part, module()),
  );
  const { flash, ram } = await measureImage(path);
  assert.ok(flash <= WASM3_MOST.flash, `${flash} bytes of flash`);
  assert.ok(ram <= WASM3_MOST.ram, `${ram} bytes of RAM`);
});

/** The first recordings, and not half of one. */
function beginning(lines: readonly string[]): readonly string[] {
  const end = lines.findIndex((line, index) => index >= PART_LINES && line.startsWith("standfast "));
  assert.ok(end > 0);
  return lines.slice(0, end);
}
