// Heartbeats stay on their grids.

import { isBoot } from "../truth.ts";
import type { Invariant } from "../watcher.ts";

export const grid: Invariant = {
  name: "grid",
  source: "DESIGN.md D11",
  says: "the next heartbeat is due at a point of a grid, whole intervals after the start",
  watch({ settings }, broken) {
    const { primaryDetectInterval, backupDetectInterval, sipOptions, sipOptionsInterval } = settings;
    const intervals = [
      primaryDetectInterval,
      primaryDetectInterval === 0 ? 0 : backupDetectInterval,
      sipOptions ? sipOptionsInterval : 0,
    ].filter((each) => each > 0);
    // Retries are off the grid on purpose, and the start of a random grid cannot be seen.
    if (settings.detectPhase !== "fixed" || settings.detectRetryInterval > 0) return {};
    let bootAt = 0;
    return {
      stepped({ action, atMs }) {
        if (isBoot(action)) bootAt = atMs;
      },
      moment({ now, isFresh, lines, servers }) {
        if (!isFresh || lines.some(({ state }) => state === "leaving")) return;
        for (const { server, heartbeatMs } of servers) {
          if (heartbeatMs === undefined) continue;
          const at = now + heartbeatMs - bootAt;
          if (!intervals.some((seconds) => at % (1000 * seconds) === 0))
            broken(
              `the heartbeat to ${server} is due ${at} ms after the start, on no grid of ${intervals.join(", ")} s`,
            );
        }
      },
    };
  },
};
