// The phone as an image of a Cortex-M board: it registers, survives the death of its primary, returns, and leaves nothing.
//
// What is believed is what stands in the tables of the two registrars on its LAN, and the exit code of the image.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { RULE_TRANSPORT } from "../../assembly/abi.ts";
import { BOARDS, type Board, buildImage, phoneImage } from "../../host/tools/firmware/cortex-m.ts";
import { writeDropIn } from "../../host/tools/firmware/drop-in.ts";
import { emulate } from "../../host/tools/firmware/emulator.ts";
import { openPairOnLan, PATIENT, type PairOnLan, QUICK, type Weather } from "./pair-on-lan.ts";

const LIMIT_SECONDS = 120;
const USER = "6000";
const seed = Number(process.env.STANDFAST_SEED ?? 1);
const CLEAN: Weather = { lossPercent: 0, duplicatePercent: 0, seed, params: QUICK };
const ROUGH: Weather = { lossPercent: 10, duplicatePercent: 10, seed, params: PATIENT };

const images = new Map<Board, string>();

before(async () => {
  await writeDropIn("build/standfast.wasm");
  for (const board of BOARDS) images.set(board, await buildImage(board, phoneImage()));
});

/** One of each at the same time: they mostly wait. */
describe("the phone", { concurrency: true }, () => {
  for (const board of BOARDS) {
    for (const [weather, name] of [
      [CLEAN, "a clean LAN"],
      [ROUGH, "one frame in ten lost and one in ten doubled"],
    ] as const) {
      test(`${board.name}, ${name}: registers, fails over as its primary dies, returns, un-registers`, async () => {
        await live(board, weather, async (pair, ended) => {
          await pair.untilBound("primary", USER, ended);
          pair.unplug("primary");
          await pair.untilBound("backup1", USER, ended);
          pair.plug("primary");
          await pair.untilBound("primary", USER, ended);
        });
      });
    }
    test(`${board.name}: a closed port is known from ICMP`, async () => {
      const log = await live(board, CLEAN, async (pair, ended) => {
        await pair.untilBound("primary", USER, ended);
        pair.refuse("primary", true);
        await pair.untilBound("backup1", USER, ended);
        pair.refuse("primary", false);
      });
      assert.match(log, new RegExp(`^\\d+ event \\d+ line \\d+ server 0 rule ${RULE_TRANSPORT} `, "m"), log);
    });
  }
});

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
  const [board] = BOARDS as [Board];
  const image = images.get(board) ?? assert.fail("no image");
  for (const [words, count] of WRONG) {
    const { code, output } = await emulate({ board, image, words: words.split(" "), limitMs: 20_000 });
    assert.equal(code, 2, `${words}: ${output}`);
    assert.match(output, new RegExp(`^settings: .*: word ${count}$`, "m"), words);
    assert.doesNotMatch(output, /secret/);
  }
});

test("settings without a server or a line start nothing", async () => {
  const [board] = BOARDS as [Board];
  const image = images.get(board) ?? assert.fail("no image");
  const { code, output } = await emulate({ board, image, words: ["4=3"], limitMs: 20_000 });
  assert.equal(code, 2, output);
  assert.match(output, /^not started: 9$/m, "E_INCOMPLETE");
});

/** One run, from the boot to the removal of every binding. @returns its log */
async function live(
  board: Board,
  weather: Weather,
  story: (pair: PairOnLan, ended: ReturnType<typeof emulate>) => Promise<void>,
): Promise<string> {
  const image = images.get(board) ?? assert.fail("no image");
  const pair = await openPairOnLan([USER], weather);
  try {
    const ended = emulate({
      ...{ board, image, limitMs: 1_000 * (LIMIT_SECONDS + 10) },
      nic: pair.nic(board.nic),
      words: [...pair.words, "moves=2", `limit=${LIMIT_SECONDS}`],
    });
    await story(pair, ended);
    const { code, output } = await ended;
    assert.equal(code, 0, `seed ${weather.seed}\n${output}`);
    assert.deepEqual([...pair.boundAt("primary"), ...pair.boundAt("backup1")], []);
    return output;
  } finally {
    pair.close();
  }
}
