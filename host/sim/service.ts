// Who was really served, and when not: the truth beside what the phone tells.
//
// A line is served while the server it says it uses is reachable and holds a binding of it. A phone
// learns of a dead server later than its callers do; the gap counted here is theirs. Above: world.ts.

import type { PhoneEvent } from "../core/events.ts";

/** toMs undefined: it lasted to the end of the run. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number | undefined;
}

export interface LineSummary {
  readonly line: string;
  /** undefined: never served. */
  readonly firstServedMs: number | undefined;
  /** Times without service after the first one. */
  readonly gaps: readonly Gap[];
  readonly longestGapMs: number;
  readonly totalGapMs: number;
  /** When it came back to the primary, each time. */
  readonly backMs: readonly number[];
  /** Where it ended; undefined: out of service. */
  readonly server: string | undefined;
}

interface Watch {
  server: string | undefined;
  firstServedMs: number | undefined;
  lostAt: number | undefined;
  readonly gaps: Gap[];
  readonly backMs: number[];
}

export class Service {
  readonly #watches: ReadonlyMap<string, Watch>;

  constructor(lines: readonly string[]) {
    this.#watches = new Map(lines.map((line) => [line, newWatch()]));
  }

  /** Takes what the phone tells. */
  hear(event: PhoneEvent): void {
    const watch = this.#watches.get(event.line ?? "");
    if (watch === undefined) return;
    if (event.type === "inService" || event.type === "moved") watch.server = event.server;
    else if (event.type === "outOfService") watch.server = undefined;
    if (event.type === "moved" && event.server === "primary") watch.backMs.push(event.t);
  }

  /** The phone has forgotten everything. */
  forget(): void {
    for (const watch of this.#watches.values()) watch.server = undefined;
  }

  /** Looks at the truth at the end of an instant. @param serves whether that server serves that line */
  look(now: number, serves: (server: string, line: string) => boolean): void {
    for (const [line, watch] of this.#watches) {
      const served = watch.server !== undefined && serves(watch.server, line);
      if (served && watch.firstServedMs === undefined) watch.firstServedMs = now;
      if (served && watch.lostAt !== undefined) {
        watch.gaps.push({ fromMs: watch.lostAt, toMs: now });
        watch.lostAt = undefined;
      }
      if (!served && watch.firstServedMs !== undefined) watch.lostAt ??= now;
    }
  }

  summary(untilMs: number): readonly LineSummary[] {
    return [...this.#watches].map(([line, watch]) => {
      const open = watch.lostAt === undefined ? [] : [{ fromMs: watch.lostAt, toMs: undefined }];
      const gaps = [...watch.gaps, ...open];
      const lengths = gaps.map(({ fromMs, toMs }) => (toMs ?? untilMs) - fromMs);
      return {
        line,
        firstServedMs: watch.firstServedMs,
        gaps,
        longestGapMs: Math.max(0, ...lengths),
        totalGapMs: lengths.reduce((sum, length) => sum + length, 0),
        backMs: watch.backMs,
        server: watch.server,
      };
    });
  }
}

function newWatch(): Watch {
  return {
    server: undefined,
    firstServedMs: undefined,
    lostAt: undefined,
    gaps: [],
    backMs: [],
  };
}
