// The small stack of the Cortex-M port against broken frames, on this machine and under its sanitizers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../host/tools/child.ts";
import { link, SANITIZED } from "../../host/tools/firmware/native.ts";

const PORT = "host/firmware/port/cortex-m";
const FRAMES = 300_000;
const SEEDS = [1, 2];

test(`${SEEDS.length * FRAMES} frames, most of them broken, lead nowhere outside of what came`, async () => {
  const program = "build/native/frames";
  const sources = ["tests/firmware/images/frames.c", `${PORT}/net/link.c`, `${PORT}/net/ipv4.c`];
  assert.deepEqual(await link(sources, program, { flags: [...SANITIZED, `-I${PORT}`] }), []);
  for (const seed of SEEDS) {
    const { code, output } = await run(program, [String(seed), String(FRAMES)], { limitMs: 600_000 });
    assert.equal(code, 0, `${program} ${seed} ${FRAMES}\n${output}`);
    const counts = /^(\d+) delivered, (\d+) refused, (\d+) sent$/m.exec(output)?.slice(1).map(Number);
    assert.ok(
      counts?.every((count) => count > FRAMES / 100),
      `too few of a kind came through: ${output}`,
    );
  }
});
