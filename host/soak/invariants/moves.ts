// A line does not flap. host/lint/flapping.ts.
//
// A command may move a line as often as it is given; moves that it causes are allowed for, and those that failures of
// the last server cause, away from it and there again: the linter knows nothing of them.

import { lineCoolMoves, movesPerHour } from "../../lint/flapping.ts";
import type { Invariant } from "../watcher.ts";

const HOUR_MS = 3_600_000;
/** There and back, for each server that a command or a boot made eligible again. */
const MOVES_OF_A_COMMAND = 8;

export const moves: Invariant = {
  name: "moves",
  source: "DESIGN.md D14; host/lint, moves an hour",
  says: "a line moves no more often in an hour than the linter says",
  watch({ settings, case: it, lines, servers }, broken) {
    const limit = movesPerHour(settings, it.servers) + lineCoolMoves(settings);
    const movedAt = new Map<string, number[]>(lines.map((line) => [line, []]));
    let commands = 0;
    const fallsAt: number[] = [];
    return {
      stepped({ action }) {
        if (["host", "device", "link"].includes(action.kind)) commands++;
      },
      told({ type, line = "", server, t }) {
        const isRecent = (at: number): boolean => at > t - HOUR_MS;
        if (type === "serverDown" && server === servers.at(-1)) fallsAt.push(t);
        if (type !== "moved") return;
        const recent = (movedAt.get(line) ?? []).filter(isRecent);
        recent.push(t);
        movedAt.set(line, recent);
        const most = limit + MOVES_OF_A_COMMAND * commands + 2 * fallsAt.filter(isRecent).length;
        if (recent.length > most) broken(`${line} moved ${recent.length} times in an hour, at most ${most}`);
      },
    };
  },
};
