// What a phone may take on a Cortex-M, and what it takes: build/size.json, "cortexM".

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { addSizes, SIZE_FILE } from "../../host/tools/build/size.ts";
import { BOARDS, type Board, type ImageSize } from "../../host/tools/firmware/cortex-m.ts";
import { type CortexM, measureCortexM } from "../../host/tools/firmware/images.ts";
import { KNOBS, measureKnobs, wordsOf } from "../../host/tools/firmware/knobs.ts";
import { measureSteps, type Steps } from "../../host/tools/firmware/steps.ts";

const KIB = 1024;
/** Whole images for the LM3S6965 on the small stack: the aim for two lines, which they keep with the other knobs turned. */
const AIM = { flash: 32 * KIB, ram: 24 * KIB };
/** As built by default but for two lines. */
const TWO_LINES = { flash: 33 * KIB, ram: 24 * KIB };
/** With eight lines, on lwIP: what leaves half of the part to the product. */
const LWIP = { flash: 128 * KIB, ram: 40 * KIB };

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

function fits(image: ImageSize | undefined, most: ImageSize): void {
  assert.ok(image);
  assert.ok(image.flash <= most.flash, `${image.flash} bytes of flash, at most ${most.flash}`);
  assert.ok(image.ram <= most.ram, `${image.ram} bytes of RAM, at most ${most.ram}`);
}

test("a phone with two lines keeps to its flash and RAM, and a small one to the aim", async () => {
  const costs = await measureKnobs();
  fits(costs["--lines 2"], TWO_LINES);
  fits(costs[wordsOf(KNOBS.at(-1) ?? {})], AIM);
});

test("a phone with eight lines on lwIP leaves room on a part of 64 KiB of RAM", () => {
  fits(
    measured.images.find(({ board, stack }) => board === "lm3s6965evb" && stack === "lwip"),
    LWIP,
  );
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
