// The health of a server in the model: what an answer or a silence makes of it. DESIGN.md D10.
//
// Below: state.ts. Above: line.ts, step.ts.

import {
  isOut,
  LAPSE,
  LONG_DOWN,
  NONE,
  type Params,
  RANKS,
  type Server,
  type State,
  TRIES,
} from "./state.ts";

/** One step under way: the state that it changes, and what it sends and tells. */
export interface Turn {
  readonly params: Params;
  readonly state: State;
  readonly out: string[];
  /** Servers that went out in this step, until the line has heard it. */
  readonly fell: Set<number>;
  /** A server that the line is to ask for itself: its heartbeats say nothing. */
  readonly doubted: Set<number>;
  /** Servers to be asked out of turn. */
  readonly invited: Set<number>;
}

export function serverOf(turn: Turn, rank: number): Server {
  return turn.state.servers[rank as 0 | 1];
}

/** A good answer to a heartbeat. */
export function heardWell(turn: Turn, rank: number): void {
  const server = serverOf(turn, rank);
  server.heard = true;
  if (server.health !== "down") server.misses = 0;
  const isOurs = server.health === "holding" && server.grace !== NONE;
  if (server.health === "unknown" || server.health === "suspect" || isOurs) become(turn, rank, "up");
  else if (server.health === "down") recovering(turn, rank);
}

/** A REGISTER was refused by a server that works. */
export function workedWell(turn: Turn, rank: number): void {
  const server = serverOf(turn, rank);
  server.misses = 0;
  if (server.health === "unknown" || server.health === "suspect") become(turn, rank, "up");
}

/** A good answer of a server that is DOWN: enough of them, and it is back. */
function recovering(turn: Turn, rank: number): void {
  const { params, state } = turn;
  const server = serverOf(turn, rank);
  const isOurs = server.grace !== NONE;
  server.goods = Math.min(server.goods + 1, params.recoverCount);
  if (server.goods < params.recoverCount && !isOurs) return;
  if (state.line.served === NONE && ++server.tries > TRIES) {
    server.tries = TRIES;
    return;
  }
  const { served, asking } = state.line;
  const holds = params.hold > 0 && (served > rank || asking > rank) && !isOurs;
  become(turn, rank, holds ? "holding" : "up");
  if (!holds) return;
  server.until = params.hold;
  if (served > rank) turn.out.push(`tells failbackScheduled ${rank}`);
}

/** A heartbeat was lost. */
export function missed(turn: Turn, rank: number): void {
  const server = serverOf(turn, rank);
  server.goods = 0;
  server.tries = 0;
  if (isOut(server)) return;
  server.misses++;
  const tooMany = server.misses > turn.params.maxMisses;
  if (tooMany && server.heard) {
    fall(turn, rank, 0);
    return;
  }
  if (tooMany) turn.doubted.add(rank);
  if (tooMany) server.misses = 0;
  if (server.health === "holding") return; // one miss does not disturb a hold
  server.health = "suspect";
  if (!tooMany) turn.out.push(`tells serverSuspect ${rank}`);
}

/** A REGISTER failed in a way that speaks for the server. @param cooling ms of its Retry-After, 0: none */
export function failed(turn: Turn, rank: number, cooling: number): void {
  const { health } = serverOf(turn, rank);
  if (health === "cooling" || (health === "down" && cooling === 0)) return;
  fall(turn, rank, cooling);
}

function fall(turn: Turn, rank: number, cooling: number): void {
  const server = serverOf(turn, rank);
  become(turn, rank, cooling > 0 ? "cooling" : "down");
  server.until = cooling > 0 ? cooling : NONE;
  if (cooling === 0) startDown(server, rank);
  turn.fell.add(rank);
}

function startDown(server: Server, rank: number): void {
  server.downFor = 0;
  if (rank > 0) server.lapse = LAPSE;
}

/** A REGISTER was granted. */
export function granted(turn: Turn, rank: number): void {
  const server = serverOf(turn, rank);
  if (server.health === "down") server.heard = false;
  server.tries = 0;
  if (server.health !== "up") become(turn, rank, "up");
  server.misses = 0;
}

/** A hold or a cooling is over. */
export function untilEnds(turn: Turn, rank: number): void {
  const server = serverOf(turn, rank);
  server.until = NONE;
  if (server.health === "holding") {
    become(turn, rank, "up");
    return;
  }
  server.health = "down";
  server.misses = 0;
  startDown(server, rank);
  turn.invited.add(rank);
}

/** A server that is DOWN below the one in use, and of which heartbeats say nothing, is forgotten after a while. */
export function lapses(turn: Turn, rank: number): void {
  const server = serverOf(turn, rank);
  const { served } = turn.state.line;
  if (served !== NONE && served < rank && isSlow(turn, rank)) become(turn, rank, "unknown");
  else server.lapse = LAPSE;
}

/** Heartbeats are no way to find out about it. */
export function isSlow(turn: Turn, rank: number): boolean {
  const server = serverOf(turn, rank);
  if (turn.params.detect === 0) return true;
  return !server.heard || (server.health === "down" && server.downFor >= LONG_DOWN);
}

/** All were out and one answers: the outage was ours, so those above it are asked, and need no hold. */
export function askAbove(turn: Turn, rank: number): void {
  for (const above of RANKS) {
    if (above >= rank) continue;
    serverOf(turn, above).grace = turn.params.timeout;
    beat(turn, above);
  }
}

export function beat(turn: Turn, rank: number): void {
  const server = serverOf(turn, rank);
  if (server.beat !== NONE) return;
  server.beat = turn.params.timeout;
  turn.out.push(`> OPTIONS ${rank}`);
}

const WORDS = {
  up: "serverUp",
  down: "serverDown",
  holding: "serverHolding",
  cooling: "serverCooling",
} as const;

function become(turn: Turn, rank: number, health: Server["health"]): void {
  const server = serverOf(turn, rank);
  server.health = health;
  if (health === "down") server.misses = 0; // else they are in a row still: over the end of a hold, too
  server.goods = 0;
  server.until = NONE;
  server.downFor = 0;
  server.lapse = NONE;
  const word = health in WORDS ? WORDS[health as keyof typeof WORDS] : undefined;
  if (word !== undefined) turn.out.push(`tells ${word} ${rank}`);
}
