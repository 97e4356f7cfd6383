// An image in QEMU, with its command line, its network and its end.
//
// Every run has a limit and ends with us (host/tools/child.ts). Above: steps.ts, tests/firmware.

import { type Outcome, run } from "../child.ts";
import type { Board } from "./cortex-m.ts";

export interface Run {
  readonly board: Board;
  /** Path of the ELF file. */
  readonly image: string;
  /** Words of its command line. None may hold a blank. */
  readonly words?: readonly string[];
  /** What `LanSocket.nic` says; undefined: the cable is out. */
  readonly nic?: string;
  readonly limitMs: number;
  /** More for QEMU, such as `-icount`. */
  readonly options?: readonly string[];
}

/** Boots the image; resolves at its end, with its exit code and its log. */
export function emulate({ board, image, words = [], nic, limitMs, options = [] }: Run): Promise<Outcome> {
  const args = ["image", ...words].map((word) => `arg=${word.replaceAll(",", ",,")}`);
  return run(
    "qemu-system-arm",
    [
      ...["-M", board.name, "-kernel", image],
      ...["-display", "none", "-serial", "none", "-monitor", "none"],
      ...["-semihosting-config", ["enable=on", "target=native", ...args].join(",")],
      ...["-nic", nic ?? "none"],
      ...options,
    ],
    { limitMs },
  );
}
