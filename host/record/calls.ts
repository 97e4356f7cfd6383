// The calls of a recording, made again.
//
// A row per call: how many numbers it has, whether bytes follow, and what is called. A number of a call that has
// no bytes may be followed by a word for readers. Below: core/load.ts, escape.ts. Above: replay.ts.

import { E_LENGTH } from "../../assembly/abi.ts";
import { INPUT_MAX } from "../core/core.ts";
import type { CoreExports } from "../core/load.ts";
import { unescapeBytes } from "./escape.ts";

/** A call that is ready to be made. */
export type Call = (core: CoreExports, now: number) => number;

interface Row {
  readonly numbers: number;
  readonly hasBytes?: true;
  /** Where they go; the input buffer unless it says otherwise. */
  readonly at?: 0;
  /** @param given the numbers, and after them how many bytes there are */
  readonly make: (core: CoreExports, given: readonly number[], now: number) => number;
}

const ROWS: ReadonlyMap<string, Row> = new Map<string, Row>([
  ["setSeed", { numbers: 0, hasBytes: true, make: (core) => core.setSeed() }],
  ["setParam", { numbers: 2, make: (core, [id = 0, value = 0]) => core.setParam(id, value) }],
  [
    "setServer",
    {
      numbers: 3,
      make: (core, [server = 0, port = 0, transport = 0]) => core.setServer(server, port, transport),
    },
  ],
  [
    "setText",
    {
      numbers: 3,
      hasBytes: true,
      make: (core, [what = 0, line = 0, server = 0, size = 0]) => core.setText(what, line, server, size),
    },
  ],
  [
    "setTargets",
    {
      numbers: 3,
      make: (core, [server = 0, count = 0, current = 0]) => core.setTargets(server, count, current),
    },
  ],
  ["start", { numbers: 0, make: (core, _, now) => core.start(now) }],
  ["resume", { numbers: 0, hasBytes: true, make: (core, _, now) => core.resume(now) }],
  // No export: the host puts a state back. ABI.md, "Snapshots".
  ["memory", { numbers: 0, hasBytes: true, at: 0, make: () => 0 }],
  [
    "receive",
    {
      numbers: 2,
      hasBytes: true,
      make: (core, [server = 0, length = 0], now) => core.receive(server, length, now),
    },
  ],
  [
    "flow",
    {
      numbers: 3,
      make: (core, [server = 0, generation = 0, state = 0], now) => core.flow(server, generation, state, now),
    },
  ],
  ["frame", { numbers: 1, hasBytes: true, make: (core, [length = 0]) => core.frame(length) }],
  ["failed", { numbers: 1, make: (core, [server = 0], now) => core.failed(server, now) }],
  ["wake", { numbers: 0, make: (core, _, now) => core.wake(now) }],
  [
    "command",
    {
      numbers: 3,
      make: (core, [code = 0, line = 0, server = 0], now) => core.command(code, line, server, now),
    },
  ],
]);

/**
 * Reads a call.
 * @param text what stands behind the mark: `receive 0 512 SIP/2.0 ..`
 * @returns undefined: this program knows no such call
 */
export function readCall(text: string): Call | undefined {
  const row = ROWS.get(/^\w+/.exec(text)?.[0] ?? "");
  if (row === undefined) return undefined;
  const [whole, words = ""] = new RegExp(`^\\w+((?: \\d+){${row.numbers}})(?= |$)`).exec(text) ?? [];
  if (whole === undefined) return undefined;
  const numbers = words.split(" ").slice(1).map(Number);
  const bytes = row.hasBytes ? unescapeBytes(text.slice(whole.length + 1)) : new Uint8Array();
  if (bytes === undefined || (row.at === undefined && bytes.length > INPUT_MAX)) return undefined;
  return (core, now) => {
    const buffer = core.buffer() >>> 0;
    if (row.at === 0 && bytes.length !== buffer) return E_LENGTH; // the state of another build
    new Uint8Array(core.memory.buffer, row.at ?? buffer, bytes.length).set(bytes);
    return row.make(core, [...numbers, bytes.length], now);
  };
}
