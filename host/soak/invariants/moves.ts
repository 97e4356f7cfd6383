// A line does not flap. host/lint/flapping.ts.
//
// A command may move a line as often as it is given; moves that it causes are allowed for.

import { lineCoolMoves, movesPerHour } from "../../lint/flapping.ts";
import type { Invariant } from "../watcher.ts";

const HOUR_MS = 3_600_000;
/** There and back, for each server that a command or a boot made eligible again. */
const MOVES_OF_A_COMMAND = 8;

export const moves: Invariant = {
  name: "moves",
  source: "DESIGN.md D14; host/lint, moves an hour",
  says: "a line moves no more often in an hour than the linter says",
  watch({ settings, case: it, lines }, broken) {
    const limit = movesPerHour(settings, it.servers) + lineCoolMoves(settings);
    const movedAt = new Map<string, number[]>(lines.map((line) => [line, []]));
    let commands = 0;
    return {
      stepped({ action }) {
        if (["host", "device", "link"].includes(action.kind)) commands++;
      },
      told({ type, line = "", t }) {
        if (type !== "moved") return;
        const recent = (movedAt.get(line) ?? []).filter((at) => at > t - HOUR_MS);
        recent.push(t);
        movedAt.set(line, recent);
        const most = limit + MOVES_OF_A_COMMAND * commands;
        if (recent.length > most) broken(`${line} moved ${recent.length} times in an hour, at most ${most}`);
      },
    };
  },
};
