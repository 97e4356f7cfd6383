// Where the first message of a stream ends, in the reading of the embedded registrar.
import assert from "node:assert/strict";
import { test } from "node:test";
import { unitLength } from "../../../host/sip/framing.ts";

const HEAD = "OPTIONS sip:a SIP/2.0\r\nVia: x\r\n";

/** A row: the bytes, and how many make the first unit. */
const ROWS: readonly (readonly [bytes: string, length: number])[] = [
  ["", 0],
  ["\r", 0],
  ["\r\n", 2],
  ["\r\n\r\n", 2],
  ["\rx", -1],
  ["\n", -1],
  [" OPTIONS", -1],
  ["\0", -1],
  ["OPTIONS", 0],
  [`${HEAD}Content-Length: 0\r\n`, 0],
  [`${HEAD}Content-Length: 0\r\n\r\n`, HEAD.length + 21],
  [`${HEAD}Content-Length: 0\r\n\r\nOPTIONS`, HEAD.length + 21],
  [`${HEAD}Content-Length: 10\r\n\r\nabc`, HEAD.length + 32],
  [`${HEAD}l:3\r\n\r\nabc`, HEAD.length + 10],
  [`${HEAD}CONTENT-LENGTH \t: 3 \r\n\r\nabc`, HEAD.length + 27],
  [`${HEAD}\r\n`, -1],
  [`${HEAD}Content-Length: x\r\n\r\n`, -1],
  [`${HEAD}X-Content-Length: 3\r\n\r\n`, -1],
];

for (const [bytes, length] of ROWS) {
  test(`${JSON.stringify(bytes)}: ${length}`, () => assert.equal(unitLength(Buffer.from(bytes)), length));
}
