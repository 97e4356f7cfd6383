// Messages of all shapes: the core reads what each was made to say, and so does the reader of another project, but for
// what explained.ts explains. A failure prints seed and path.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { EXPLAINED } from "./explained.ts";
import { type Generated, generated } from "./generate.ts";
import { FIELDS } from "./headers.ts";
import { loadWire, type Wire } from "./module.ts";
import { theirs } from "./peer.ts";
import { ours } from "./reading.ts";

let wire: Wire;
before(async () => {
  wire = await loadWire();
});

/** JsSIP takes most of the time. STANDFAST_MESSAGES=20000: as many for it, too. */
const MESSAGES = 20_000;
const BESIDE = Number(process.env.STANDFAST_MESSAGES ?? 4000);

function check({ text, says }: Generated): void {
  assert.equal(wire.read(Buffer.from(text)), 0, text);
  const read = ours(wire);
  for (const field of FIELDS) assert.equal(read[field], says[field], `${field} of\n${text}`);
}

test("the core reads what a message says", () => {
  fc.assert(fc.property(generated, check), { numRuns: MESSAGES });
});

test("JsSIP reads the same, or it is explained why it does not", (t) => {
  const uses = EXPLAINED.map(() => 0);
  let alike = 0;
  const beside = fc.property(generated, (message) => {
    check(message);
    const others = disagreements(message);
    if (others.length === 0) alike++;
    for (const { field, found } of others) {
      const row = EXPLAINED.findIndex(
        ({ fields, when }) => fields.includes(field) && when.test(message.text),
      );
      assert.ok(row >= 0, `${field}: JsSIP reads ${found} in\n${message.text}`);
      uses[row] = (uses[row] ?? 0) + 1;
    }
  });
  fc.assert(beside, { numRuns: BESIDE });
  t.diagnostic(`${alike} of ${BESIDE} messages were read alike`);
  EXPLAINED.forEach(({ why }, row) => {
    assert.notEqual(uses[row], 0, `explains nothing any more: ${why}`);
    t.diagnostic(`${uses[row]}: ${why}`);
  });
});

function disagreements({ text, says }: Generated) {
  const read = theirs(text);
  if (read === undefined) return [{ field: "refused" as const, found: "nothing" }];
  return FIELDS.flatMap((field) => {
    const found = read[field];
    return found === undefined || found === says[field] ? [] : [{ field, found }];
  });
}
