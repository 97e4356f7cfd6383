// The phone as an image of a Cortex-M board: it registers, survives the death of its primary, returns, and leaves nothing.
//
// What is believed is what stands in the tables of the two registrars on its LAN, and the exit code of the image.

import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { RULE_TRANSPORT } from "../../assembly/abi.ts";
import {
  BOARDS,
  type Board,
  buildImage,
  lwipStack,
  NET,
  phoneImage,
} from "../../host/tools/firmware/cortex-m.ts";
import { writeDropIn } from "../../host/tools/firmware/drop-in.ts";
import { emulate } from "../../host/tools/firmware/emulator.ts";
import { openPairOnLan, PATIENT, type PairOnLan, UNHURRIED, type Weather } from "./pair-on-lan.ts";

const LIMIT_SECONDS = 300;
const USER = "6000";
const seed = Number(process.env.STANDFAST_SEED ?? 1);
const CLEAN: Weather = { lossPercent: 0, duplicatePercent: 0, seed, params: UNHURRIED };
const ROUGH: Weather = { lossPercent: 10, duplicatePercent: 10, seed, params: PATIENT };

type Ended = ReturnType<typeof emulate>;

interface Phone {
  readonly board: Board;
  readonly stack: "small" | "lwip";
}

const PHONES: readonly Phone[] = BOARDS.flatMap((board) => [
  { board, stack: "small" },
  { board, stack: "lwip" },
]);

/** Paths; where one is missing, why. */
const images = new Map<Phone, string | Error>();

before(async () => {
  await writeDropIn("build/standfast.wasm");
  for (const phone of PHONES) images.set(phone, await build(phone).catch((error) => error));
});

async function build({ board, stack }: Phone): Promise<string> {
  const below = stack === "lwip" ? await lwipStack() : NET;
  return buildImage(board, phoneImage(`phone-${stack}`, undefined, below));
}

/** All at the same time: they mostly wait. */
describe("the phone", { concurrency: true }, () => {
  for (const phone of PHONES) {
    const name = `${phone.board.name}, ${phone.stack === "lwip" ? "lwIP" : "the small stack"}`;
    for (const [weather, where] of [
      [CLEAN, "a clean LAN"],
      [ROUGH, "one frame in ten lost and one in ten doubled"],
    ] as const) {
      test(`${name}, ${where}: registers, fails over as its primary dies, returns, un-registers`, async () => {
        await live(phone, weather, dies);
      });
    }
    test(`${name}: a closed port is known from ICMP`, async () => {
      const log = await live(phone, CLEAN, refuses);
      assert.match(log, new RegExp(`^\\d+ event \\d+ line \\d+ server 0 rule ${RULE_TRANSPORT} `, "m"), log);
    });
  }
});

async function dies(pair: PairOnLan, ended: Ended): Promise<void> {
  await pair.untilBound("primary", USER, ended);
  pair.unplug("primary");
  await pair.untilBound("backup1", USER, ended);
  pair.plug("primary");
  await pair.untilBound("primary", USER, ended);
}

async function refuses(pair: PairOnLan, ended: Ended): Promise<void> {
  await pair.untilBound("primary", USER, ended);
  pair.refuse("primary", true);
  await pair.untilBound("backup1", USER, ended);
  pair.refuse("primary", false);
}

/** One run, from the boot to the removal of every binding. @returns its log */
async function live(
  phone: Phone,
  weather: Weather,
  story: (pair: PairOnLan, ended: Ended) => Promise<void>,
): Promise<string> {
  const image = images.get(phone);
  if (typeof image !== "string") throw image;
  const { board } = phone;
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
