// The line in the model: which server it uses, when it moves, what it does while nobody answers.
// DESIGN.md D8, D9 ("Rounds"), D13.
//
// Below: health.ts. Above: step.ts.

import { askAbove, granted, isSlow, serverOf, type Turn } from "./health.ts";
import { type Health, isOut, NONE, RANKS } from "./state.ts";

/** The primary would be the choice, and has rejected the line: it rests there. */
const REST = -2;

/** The choice of D8: the best that is not out and not held back, else one that is held back. In a round: of the rest. */
function choice(turn: Turn): number {
  const usable = best(turn, ["unknown", "up", "suspect"]);
  return usable === NONE ? best(turn, ["holding"]) : usable;
}

function best(turn: Turn, healths: readonly Health[]): number {
  for (const rank of RANKS) {
    const { health, excluded } = serverOf(turn, rank);
    if (!healths.includes(health)) continue;
    if (excluded === "held") return REST;
    if (excluded === "" && !turn.state.line.turns[rank]) return rank;
  }
  return NONE;
}

/** What the line does about all that has happened so far. */
export function react(turn: Turn): void {
  const { line } = turn.state;
  for (const rank of turn.fell) abandon(turn, rank);
  if (line.served !== NONE && turn.fell.has(line.served)) loseService(turn);
  turn.fell.clear();
  doubt(turn);
  if (isDiscontent(turn)) seek(turn);
  if (line.served !== NONE) {
    leaveStranded(turn);
    maybeReturn(turn);
  }
  turn.invited.clear();
}

/** Nothing under way, and no service, or one that will not be renewed: its server has refused the line. */
function isDiscontent({ state: { line } }: Turn): boolean {
  const isQuiet = line.served !== NONE && line.refresh !== NONE;
  return line.asking === NONE && line.returning === NONE && !isQuiet;
}

function leaveStranded(turn: Turn): void {
  const { line } = turn.state;
  if (line.stranded) askAbove(turn, line.served);
  line.stranded = false;
}

/** An attempt at a server that went out is given up. */
function abandon(turn: Turn, rank: number): void {
  const { line } = turn.state;
  if (line.asking === rank) {
    dropAttempt(turn);
    passOver(turn, rank);
  }
  if (line.returning === rank) dropReturn(turn, rank);
}

function dropAttempt(turn: Turn): void {
  turn.state.line.asking = NONE;
  turn.state.line.giveUp = NONE;
}

function dropReturn(turn: Turn, rank: number): void {
  turn.state.line.returning = NONE;
  turn.state.line.returnGiveUp = NONE;
  turn.out.push(`tells returnFailed ${rank}`);
}

/** The server in use has gone. It has had its turn; a return under way now decides. */
function loseService(turn: Turn): void {
  const { line } = turn.state;
  turn.out.push(`tells outOfService ${line.served}`);
  line.turns = [line.served === 0, line.served === 1];
  line.served = NONE;
  line.lease = NONE;
  line.refresh = NONE;
  line.quiet = true;
  line.deferred = false;
  warn(turn, true);
  if (line.returning === NONE) return;
  line.asking = line.returning;
  line.giveUp = line.returnGiveUp;
  line.returning = NONE;
  line.returnGiveUp = NONE;
}

/** Heartbeats of this server say nothing: the line that it serves asks. */
function doubt(turn: Turn): void {
  const { line } = turn.state;
  const mayAsk = line.served !== NONE && ["", "soft"].includes(serverOf(turn, line.served).excluded);
  if (turn.doubted.has(line.served) && line.asking === NONE && mayAsk) line.refresh = 0;
  turn.doubted.clear();
}

/** Without service, or about to be: the choice, else a round, else the wait for it. */
function seek(turn: Turn): void {
  const { line, servers } = turn.state;
  if (servers.every(isOut)) line.stranded = true;
  const invited = RANKS.find((one) => turn.invited.has(one) && mayBeAsked(turn, one));
  const next = invited ?? (line.wait !== NONE ? choice(turn) : nextOfRound(turn));
  if (next >= 0) ask(turn, next);
  else if (line.wait !== NONE) return;
  else if (next === NONE && line.turns.includes(true)) roundFails(turn);
  else rest(turn, next);
}

function nextOfRound(turn: Turn): number {
  const { line } = turn.state;
  const chosen = choice(turn);
  if (chosen === REST || (chosen !== NONE && !line.later)) return chosen;
  const left = RANKS.find(
    (rank) => !line.turns[rank] && serverOf(turn, rank).health !== "cooling" && mayBeAsked(turn, rank),
  );
  return left ?? NONE;
}

/** A whole round asks where the line was refused for now, and not where for a named time. */
function mayBeAsked(turn: Turn, rank: number): boolean {
  const { excluded } = serverOf(turn, rank);
  return excluded === "" || excluded === "soft";
}

function roundFails(turn: Turn): void {
  const { line } = turn.state;
  line.turns = [false, false];
  line.wait = turn.params.wait;
  line.later = true;
  line.resting = false;
  tellOut(turn);
  seek(turn);
}

/** There is none to ask, until a cooling or an exclusion ends. A rejection by the primary alone is no whole round. */
function rest(turn: Turn, why: number): void {
  const { line } = turn.state;
  const whole = line.turns[0] && line.turns[1];
  line.turns = [false, false];
  if (why === NONE || whole) tellOut(turn);
  if (line.served !== NONE || line.resting) return;
  turn.out.push("tells resting -1");
  line.resting = true;
}

/** At a start the first outage is told when a whole round has failed. */
function tellOut(turn: Turn): void {
  const { line } = turn.state;
  if (line.served !== NONE) return;
  if (line.quiet && line.last === NONE) turn.out.push("tells outOfService -1");
  line.quiet = false;
}

/** Registers there: what is due to be sent goes out when all else of this instant has happened, and as soon as it may. */
function ask(turn: Turn, rank: number): void {
  const { line } = turn.state;
  line.asking = rank;
  line.giveUp = NONE;
  line.resting = false;
}

/** The REGISTER of the attempt under way. */
export function send(turn: Turn, rank: number): void {
  const { line } = turn.state;
  if (line.asking === rank) line.giveUp = turn.params.timeout;
  else line.returnGiveUp = turn.params.timeout;
  serverOf(turn, rank).spacing = turn.params.spacing;
  turn.out.push(`> REGISTER ${rank}`);
}

/** The refresh is due; beside it one may ask a better server that heartbeats would not find. */
export function refresh(turn: Turn): void {
  const { line } = turn.state;
  line.refresh = NONE;
  if (line.asking !== NONE) return;
  ask(turn, line.served);
  accompany(turn);
}

function accompany(turn: Turn): void {
  const { line } = turn.state;
  if (line.served !== 1 || line.returning !== NONE || mustStay(turn)) return;
  const better = serverOf(turn, 0);
  if (better.excluded !== "") return;
  const mayServe =
    better.health === "down"
      ? better.downFor >= turn.params.hold
      : ["unknown", "suspect"].includes(better.health);
  if (mayServe && isSlow(turn, 0)) startReturn(turn);
}

/** Back to the primary when it is UP: make before break, and not during a call. */
function maybeReturn(turn: Turn): void {
  const { line } = turn.state;
  if (line.served !== 1 || serverOf(turn, 0).health !== "up" || serverOf(turn, 0).excluded !== "") {
    line.deferred = false;
    return;
  }
  if (line.returning !== NONE || (line.asking !== NONE && line.asking !== line.served)) return;
  if (!mustStay(turn)) startReturn(turn);
  else if (!line.deferred) {
    turn.out.push("tells failbackDeferred 0");
    line.deferred = true;
  }
}

function mustStay({ state, params }: Turn): boolean {
  return state.line.calls > 0 && !params.returnsInCall;
}

function startReturn(turn: Turn): void {
  const { line } = turn.state;
  line.returning = 0;
  line.returnGiveUp = NONE;
}

/** A REGISTER was granted there. */
export function bound(turn: Turn, rank: number): void {
  const { line, servers } = turn.state;
  granted(turn, rank);
  admit(turn, rank);
  const wasServed = line.served;
  const age = turn.params.timeout - (line.asking === rank ? line.giveUp : line.returnGiveUp);
  if (wasServed === NONE) turn.out.push(`tells inService ${rank}`);
  if (line.last !== NONE && line.last !== rank) turn.out.push(`tells moved ${rank}`);
  if (wasServed !== rank) turn.out.push(`tells bound ${rank}`);
  Object.assign(line, {
    served: rank,
    last: rank,
    lease: turn.params.lease - age,
    refresh: turn.params.refresh - age,
    asking: NONE,
    giveUp: NONE,
    wait: NONE,
    turns: [false, false],
    later: false,
    resting: false,
    quiet: false,
  });
  if (line.returning === rank) {
    line.returning = NONE;
    line.returnGiveUp = NONE;
  }
  warn(turn, rank !== 0);
  if (wasServed !== rank && rank === 1 && servers[0].health === "holding") {
    turn.out.push("tells failbackScheduled 0");
  }
}

/** The attempt there has ended without a binding. While a wait runs it was no turn. */
export function notBound(turn: Turn, rank: number): void {
  const { line } = turn.state;
  if (line.returning === rank) {
    dropReturn(turn, rank);
    return;
  }
  dropAttempt(turn);
  passOver(turn, rank);
}

function passOver(turn: Turn, rank: number): void {
  const { line } = turn.state;
  if (line.wait === NONE) line.turns = [line.turns[0] || rank === 0, line.turns[1] || rank === 1];
  if (line.served === NONE) warn(turn, true);
}

function warn(turn: Turn, on: boolean): void {
  const { line } = turn.state;
  if (line.warned === on) return;
  line.warned = on;
  turn.out.push(on ? "tells warningOn -1" : "tells warningOff -1");
}

/** The line leaves that server out. */
export function leaveOut(turn: Turn, rank: number, how: "soft" | "hard" | "held", ms: number): void {
  serverOf(turn, rank).excluded = how;
  serverOf(turn, rank).excludedFor = ms;
}

/** It may ask there again. */
export function admit(turn: Turn, rank: number): void {
  const { line } = turn.state;
  serverOf(turn, rank).excluded = "";
  serverOf(turn, rank).excludedFor = NONE;
  line.turns = [line.turns[0] && rank !== 0, line.turns[1] && rank !== 1];
}

export function leaseEnds(turn: Turn): void {
  const { line } = turn.state;
  turn.out.push(`tells outOfService ${line.served}`);
  Object.assign(line, { served: NONE, lease: NONE, refresh: NONE, turns: [false, false] });
  warn(turn, true);
}

export function isWatched(turn: Turn, rank: number): boolean {
  const { served } = turn.state.line;
  if (turn.params.detect === 0) return false;
  return served === NONE || rank <= served || isOut(serverOf(turn, rank));
}
