// What a phone may take on a Cortex-M, and what it takes: build/size.json, "cortexM".

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { addSizes, SIZE_FILE } from "../../host/tools/build/size.ts";
import { BOARDS, type Board, type ImageSize } from "../../host/tools/firmware/cortex-m.ts";
import { type CortexM, measureCortexM } from "../../host/tools/firmware/images.ts";
import { measureSteps, type Steps } from "../../host/tools/firmware/steps.ts";
import { CORTEX_M, inKib, rowsOf } from "./page.ts";

const KIB = 1024;
/** The core alone: the aim of 20 KiB of flash is missed by nearly half of it. */
const CORE = { "-Os": { flash: 30 * KIB, ram: 24 * KIB }, "-O2": { flash: 36 * KIB, ram: 24 * KIB } };
const CLANG = { flash: 36 * KIB, ram: 24 * KIB };
/** A phone with the module in wasm3, its heap of 256 KiB included. */
const WASM3 = { flash: 72 * KIB, ram: 320 * KIB };
/** With eight lines, on lwIP: what leaves half of the part to the product. */
const LWIP = { flash: 128 * KIB, ram: 40 * KIB };

/** All of the stack, of which the loop and a product get the rest. */
const PHONE_STACK_USED = 512;

/** Instructions; at 25 MHz a thousand are 40 µs. */
const MOST: Omit<Steps, "stackBytes"> = {
  idleWakeUp: 8_000,
  heartbeat: 130_000,
  challengeMd5: 320_000,
  challengeSha256: 450_000,
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

test("the core alone and the phone with the module in wasm3 keep to theirs", () => {
  for (const level of ["-Os", "-O2"] as const) fits(measured.core[level], CORE[level]);
  fits(measured.clang, CLANG);
  fits(measured.wasm3, WASM3);
});

test("wasm3 takes between 5 and 15 times the instructions, and more for what it meets first", () => {
  for (const step of Object.keys(MOST) as (keyof typeof MOST)[]) {
    const { [step]: is } = measured.wasm3.steps;
    const times = is / measured.steps[step];
    assert.ok(times > 5 && times < 15, `${step}: ${times.toFixed(1)} times`);
    assert.ok(measured.wasm3.firstSteps[step] > is, step);
  }
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
  assert.deepEqual((await measureSteps(BOARDS[1] as Board)).later, measured.steps);
});

test("size.json has what was measured", async () => {
  await addSizes({ cortexM: measured });
  assert.deepEqual(JSON.parse(readFileSync(SIZE_FILE, "utf8")).cortexM, measured);
});

test("the page says what images take", () => {
  const lm3s = (stack: string) =>
    measured.images.find((image) => image.board === "lm3s6965evb" && image.stack === stack);
  assert.deepEqual(
    rowsOf(CORTEX_M, /8 lines at 4 servers|in wasm3/),
    [lm3s("small"), lm3s("lwip"), measured.wasm3].map(inKib),
  );
  assert.deepEqual(
    rowsOf(CORTEX_M, /^\| `standfast\.c` alone/),
    [measured.core["-Os"], measured.core["-O2"], measured.clang].map(inKib),
  );
});

/** Rounded to thousands on the page. */
const TOLERANCE = 0.01;

test("the page says what steps take", () => {
  const rows = rowsOf(CORTEX_M, /^\| (idle wake-up|a heartbeat|a challenge)/);
  for (const [index, step] of (Object.keys(MOST) as (keyof typeof MOST)[]).entries()) {
    const [said, , fast, onWasm3] = rows[index] ?? [];
    const { core, wasm3 } = measured;
    const pairs = [
      [said, core["-Os"].steps[step]],
      [fast, core["-O2"].steps[step]],
      [onWasm3, wasm3.steps[step]],
    ];
    for (const [page = 0, is = 0] of pairs)
      assert.ok(
        Math.abs(page - is) <= TOLERANCE * is,
        `${step}: ${is} instructions, and ${page} on the page`,
      );
  }
  assert.equal(rows.length, Object.keys(MOST).length);
});
