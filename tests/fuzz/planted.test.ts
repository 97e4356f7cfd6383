// The checked build sees what it is for: faults that are planted in the core, each one byte too far, are caught.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import type { Patch } from "../../host/tools/build/sources.ts";
import { buildTargets, type Target } from "../../host/tools/fuzz/checked.ts";
import { replay } from "../../host/tools/fuzz/session.ts";
import { toLine } from "../../host/tools/fuzz/vectors.ts";

type Fault = {
  readonly name: string;
  readonly patch: Patch;
  readonly target: Target;
  readonly input: string;
  /** What is said of it. */
  readonly said: RegExp;
};

const REGISTER_UNDER_WAY = "\x00\x04";
const nonce = (length: number) =>
  `SIP/2.0 401 U\r\n\x01WWW-Authenticate: Digest realm="r",nonce="${"n".repeat(length)}"\r\n\r\n`;

const FAULTS: readonly Fault[] = [
  {
    name: "a store one byte behind a record of an array",
    patch: {
      file: "assembly/wire/challenge.ts",
      old: "keep(into + NONCE, NONCE_MAX, offer.nonceFrom",
      new: "keep(into + NONCE, NONCE_MAX + 2, offer.nonceFrom",
    },
    target: "reader",
    input: REGISTER_UNDER_WAY + nonce(194),
    said: /^redzone: store of .* CHALLENGE_RECORDS\[\d+\], 0 bytes behind it, of \d+ bytes$/m,
  },
  {
    name: "a store one byte behind a record, by a text that is one too long",
    patch: { file: "assembly/base/text.ts", old: "if (length >= size)", new: "if (length > size)" },
    target: "sequence",
    input: `\x00\x00\x80\x00o\x01\x00\x00\x30${"a".repeat(48)}`,
    said: /^redzone: store of .* LINE_RECORDS\[0\], 0 bytes behind it, of \d+ bytes$/m,
  },
  {
    name: "a load one byte behind the datagram",
    patch: {
      file: "assembly/wire/lines.ts",
      old: "return at + 1 < end && load",
      new: "return at < end && load",
    },
    target: "reader",
    input: `${REGISTER_UNDER_WAY}SIP/2.0 200 OK\r`,
    said: /^redzone: load of 2 bytes .* RX\[0\]/m,
  },
];

// One program with all of them: each input meets the fault that it is for.
const programs = await buildTargets(
  "build/fuzz/planted",
  FAULTS.map(({ patch }) => patch),
);

for (const [index, { name, target, input, said }] of FAULTS.entries()) {
  test(`caught: ${name}`, async () => {
    const file = `build/fuzz/planted/${target}-${index}.txt`;
    writeFileSync(file, toLine(Buffer.from(input, "latin1")));
    const { code, output } = await replay(target, programs[target], file);
    assert.notEqual(code, 0, output);
    assert.match(output, said);
  });
}
