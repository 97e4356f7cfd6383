// What the model knows: two servers, one line, and how long until each thing that runs.
//
// A state is plain data. Times are ms to go, so two moments that will go on alike are one state; NONE:
// it does not run. Written from the rules (DESIGN.md, D8 to D14), without a look at assembly/: one is
// held against the other by beside.ts. Above: health.ts, line.ts, step.ts.

/** A server is 0 (the primary) or 1 (the backup); a time is ms. */
export const NONE = -1;

export type Health = "unknown" | "up" | "suspect" | "down" | "holding" | "cooling";

export interface Server {
  health: Health;
  /** Heartbeats lost in a row. */
  misses: number;
  /** Good ones in a row while DOWN. */
  goods: number;
  /** It has answered a heartbeat well, so its silence means something. */
  heard: boolean;
  /** The end of a hold or of a cooling. */
  until: number;
  /** Since it went DOWN, never more than LONG_DOWN. */
  downFor: number;
  /** The next look whether it counts as forgotten. */
  lapse: number;
  /** Until then a recovery needs no hold. */
  grace: number;
  /** A heartbeat is under way, given up then. */
  beat: number;
  /** Asked out of turn since the last miss or binding. */
  tries: number;
  /** No attempt may start here before. */
  spacing: number;
  /** Why the line leaves it out, and until when: refused for now, or for a named time, or held here by the primary. */
  excluded: "" | "soft" | "hard" | "held";
  excludedFor: number;
}

export interface Line {
  /** In service there. */
  served: number;
  /** Served there last, and the end of that binding. */
  last: number;
  lease: number;
  refresh: number;
  /** Registering there, and when the request is given up. */
  asking: number;
  giveUp: number;
  /** Registering there beside the service, and when that is given up. */
  returning: number;
  returnGiveUp: number;
  /** Which servers have had their turn in this round. */
  turns: readonly [boolean, boolean];
  /** A round has failed since the last binding: the next ones ask in rank order, whatever the health. */
  later: boolean;
  /** All were out since the last binding. */
  stranded: boolean;
  /** Until the next round. */
  wait: number;
  calls: number;
  warned: boolean;
  /** Nobody may be asked. */
  resting: boolean;
  /** The outage is told, or there was none yet. */
  quiet: boolean;
  /** That a call defers the return is told. */
  deferred: boolean;
}

export interface State {
  /** Until the next point of the grid of heartbeats. */
  point: number;
  servers: [Server, Server];
  line: Line;
}

/** What a set of parameters comes to. All times ms, all multiples of one another as far as they can be. */
export interface Params {
  /** 0: no heartbeats. */
  readonly detect: number;
  readonly maxMisses: number;
  readonly recoverCount: number;
  /** 0: the primary is preferred. */
  readonly hold: number;
  readonly timeout: number;
  /** Asked for, and granted. */
  readonly lease: number;
  readonly refresh: number;
  readonly wait: number;
  readonly spacing: number;
  /** How long a line leaves a server out that would not serve it, and rests where it was rejected. */
  readonly lineCool: number;
  readonly rest: number;
  readonly returnsInCall: boolean;
}

/** A server that is DOWN for so long is no more a matter of heartbeats alone; a lapse comes after. D10. */
export const LONG_DOWN = 3_600_000;
export const LAPSE = 300_000;
/** Times that a server is asked out of turn. D9, "Rounds". */
export const TRIES = 3;

export const RANKS = [0, 1] as const;

export function newState(params: Params): State {
  return {
    point: params.detect > 0 ? params.detect : NONE,
    servers: [newServer(), newServer()],
    line: {
      served: NONE,
      last: NONE,
      lease: NONE,
      refresh: NONE,
      asking: NONE,
      giveUp: NONE,
      returning: NONE,
      returnGiveUp: NONE,
      turns: [false, false],
      later: false,
      stranded: false,
      wait: NONE,
      calls: 0,
      warned: false,
      resting: false,
      quiet: true,
      deferred: false,
    },
  };
}

function newServer(): Server {
  return {
    health: "unknown",
    misses: 0,
    goods: 0,
    heard: false,
    until: NONE,
    downFor: 0,
    lapse: NONE,
    grace: NONE,
    beat: NONE,
    tries: 0,
    spacing: NONE,
    excluded: "",
    excludedFor: NONE,
  };
}

export function copyOf({ point, servers, line }: State): State {
  return { point, servers: [{ ...servers[0] }, { ...servers[1] }], line: { ...line } };
}

/** Two states are one when this is the same. */
export function keyOf({ point, servers, line }: State): string {
  return [point, ...Object.values(servers[0]), ...Object.values(servers[1]), ...Object.values(line)].join(
    " ",
  );
}

/** DOWN or COOLING. */
export function isOut({ health }: Server): boolean {
  return health === "down" || health === "cooling";
}
