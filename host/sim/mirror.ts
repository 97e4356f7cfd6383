// Two instances that are fed alike and must say the same, shown to the host as one.
//
// What the leading one is told goes to the other as well, with what lies in the input buffer; what poll() hands out is
// compared byte for byte, and so is the memory between two inputs. Below: core/load.ts. Above: world.ts, tests.

import { OUT_FIELD, OUT_SEND, OUT_SLEEP } from "../../assembly/abi.ts";
import { INPUT_MAX } from "../core/core.ts";
import type { CoreExports } from "../core/load.ts";

const OUTPUT_SIZE = 40;

/** @returns exports that answer as `leading` does, and throw an Error where `following` answers otherwise */
export function mirror(leading: CoreExports, following: CoreExports): CoreExports {
  const handler: ProxyHandler<CoreExports> = {
    get(_, name: keyof CoreExports) {
      const run = leading[name];
      if (typeof run !== "function") return run;
      return (...args: number[]) => both(name, args, leading, following);
    },
  };
  return new Proxy({} as CoreExports, handler);
}

function both(
  name: keyof CoreExports,
  args: readonly number[],
  leading: CoreExports,
  following: CoreExports,
): number {
  input(following).set(input(leading));
  const [said, also] = [leading, following].map((exports) =>
    (exports[name] as (...args: readonly number[]) => number)(...args),
  );
  const shown = `${name}(${args.join(", ")})`;
  if (said !== also) throw new Error(`${shown}: ${said}, and ${also} in the copy`);
  if (name === "poll") compare(said ?? 0, leading, following);
  if (name === "poll" && said === OUT_SLEEP) compareStates(leading, following);
  return said ?? 0;
}

function input({ memory, buffer }: CoreExports): Uint8Array {
  return new Uint8Array(memory.buffer, buffer() >>> 0, INPUT_MAX);
}

function compare(kind: number, leading: CoreExports, following: CoreExports): void {
  const [said, also] = [leading, following].map((exports) => handedOut(kind, exports));
  if (said !== also)
    throw new Error(`poll: ${JSON.stringify(said)}, and in the copy ${JSON.stringify(also)}`);
}

/** Between two inputs the memory is alike too. ABI.md, "Snapshots". */
function compareStates(leading: CoreExports, following: CoreExports): void {
  const [one, other] = [state(leading), state(following)];
  const at = one.findIndex((word, index) => word !== other[index]);
  if (at >= 0) throw new Error(`the memory at ${4 * at}: ${one[at]}, and ${other[at]} in the copy`);
}

function state({ memory, buffer }: CoreExports): Uint32Array {
  return new Uint32Array(memory.buffer, 0, (buffer() >>> 0) >> 2);
}

/** The Output as text, with the bytes it points at. ABI.md, "Output". */
function handedOut(kind: number, { memory, output }: CoreExports): string {
  const at = output() >>> 0;
  const view = new DataView(memory.buffer, at, OUTPUT_SIZE);
  const part = (from: number, length: number): string =>
    String.fromCharCode(...new Uint8Array(memory.buffer, from, length));
  const points = kind === OUT_SEND || kind === OUT_FIELD;
  return part(at, OUTPUT_SIZE) + (points ? part(view.getUint32(4, true), view.getUint32(8, true)) : "");
}
