// One step of the model: time passes, something comes in, what is due happens, and the line reacts to
// each. DESIGN.md D6.
//
// Below: health.ts, line.ts. Above: explore.ts, beside.ts.

import {
  beat,
  failed,
  heardWell,
  lapses,
  missed,
  serverOf,
  type Turn,
  untilEnds,
  workedWell,
} from "./health.ts";
import { admit, bound, isWatched, leaseEnds, leaveOut, notBound, react, refresh, send } from "./line.ts";
import { copyOf, LONG_DOWN, NONE, type Params, RANKS, type State } from "./state.ts";

/** How a request is answered: of a REGISTER and of a heartbeat. */
export type Answer = "granted" | "refused" | "busy" | "error" | "rejected" | "good" | "miss" | "neutral";

/** Inputs by one word, for the sets. */
export type Word = Answer | "call";

export type Input =
  | { readonly kind: "start" }
  /** Nothing comes in; time passes. */
  | { readonly kind: "wake" }
  | { readonly kind: "register" | "options"; readonly server: number; readonly answer: Answer }
  | { readonly kind: "call"; readonly begins: boolean };

export interface Next {
  readonly state: State;
  /** What it sends and tells, in no order. */
  readonly out: readonly string[];
}

/** Retry-After of a 503. */
export const COOLING = 60_000;

/** @param passed ms since the state before, at most until the next thing is due */
export function next(before: State, input: Input, passed: number, params: Params): Next {
  const turn: Turn = {
    params,
    state: copyOf(before),
    out: [],
    fell: new Set(),
    doubted: new Set(),
    invited: new Set(),
  };
  pass(turn.state, passed);
  take(turn, input);
  react(turn);
  while (fireFirst(turn)) react(turn);
  return { state: turn.state, out: turn.out.sort() };
}

function take(turn: Turn, input: Input): void {
  switch (input.kind) {
    case "call":
      turn.state.line.calls += input.begins ? 1 : -1;
      break;
    case "register":
      registered(turn, input.server, input.answer);
      break;
    case "options":
      serverOf(turn, input.server).beat = NONE;
      if (input.answer === "good") heardWell(turn, input.server);
      else if (input.answer === "miss") missed(turn, input.server);
      break;
    default:
  }
}

function registered(turn: Turn, server: number, answer: Answer): void {
  const moving = turn.state.line.returning === server;
  if (answer === "granted") {
    bound(turn, server);
    return;
  }
  if (answer === "rejected") {
    turn.out.push(`tells rejected ${server}`);
    workedWell(turn, server);
  } else if (answer !== "error") failed(turn, server, answer === "busy" ? COOLING : 0);
  notBound(turn, server);
  if (answer === "error") leaveOut(turn, server, "soft", turn.params.lineCool);
  else if (answer === "rejected") {
    leaveOut(turn, server, server === 0 && !moving ? "held" : "hard", turn.params.rest);
  }
}

/** What may be due: its time, and what happens then. In the order of one instant. */
type Due = readonly [left: number, fire: () => void];

function dues(turn: Turn): Due[] {
  const { state, params } = turn;
  const { line } = state;
  const of = (list: (rank: 0 | 1) => Due): Due[] => RANKS.map(list);
  return [
    ...of((rank) => [
      serverOf(turn, rank).beat,
      () => take(turn, { kind: "options", server: rank, answer: "miss" }),
    ]),
    ...of((rank) => [
      giveUpAt(state, rank),
      () => take(turn, { kind: "register", server: rank, answer: "refused" }),
    ]),
    ...of((rank) => [serverOf(turn, rank).until, () => untilEnds(turn, rank)]),
    ...of((rank) => [serverOf(turn, rank).grace, () => (serverOf(turn, rank).grace = NONE)]),
    ...of((rank) => [serverOf(turn, rank).lapse, () => lapses(turn, rank)]),
    [line.lease, () => leaseEnds(turn)],
    [line.wait, () => (line.wait = NONE)],
    ...of((rank) => [serverOf(turn, rank).excludedFor, () => admit(turn, rank)]),
    [
      state.point,
      () => {
        state.point = params.detect;
        for (const rank of RANKS) if (isWatched(turn, rank)) beat(turn, rank);
      },
    ],
    [line.refresh, () => refresh(turn)],
    ...of((rank) => [sendAt(state, rank), () => send(turn, rank)]),
  ];
}

function giveUpAt({ line }: State, rank: number): number {
  if (line.asking === rank) return line.giveUp;
  return line.returning === rank ? line.returnGiveUp : NONE;
}

/** An attempt there is to be sent: now, or when registerSpacing is over. */
function sendAt({ line, servers }: State, rank: 0 | 1): number {
  const isUnsent =
    (line.asking === rank && line.giveUp === NONE) || (line.returning === rank && line.returnGiveUp === NONE);
  return isUnsent ? Math.max(servers[rank].spacing, 0) : NONE;
}

function fireFirst(turn: Turn): boolean {
  const due = dues(turn).find(([left]) => left === 0);
  due?.[1]();
  return due !== undefined;
}

/** Until something is due, ms; never 0. */
export function untilNext(state: State): number {
  const { line, servers, point } = state;
  const times = [point, line.lease, line.refresh, line.wait, line.giveUp, line.returnGiveUp];
  for (const { until, grace, lapse, beat, excludedFor } of servers)
    times.push(until, grace, lapse, beat, excludedFor);
  for (const rank of RANKS) times.push(sendAt(state, rank));
  return Math.min(...times.filter((left) => left !== NONE));
}

const LINE_TIMES = ["lease", "refresh", "wait", "giveUp", "returnGiveUp"] as const;
const SERVER_TIMES = ["until", "grace", "lapse", "beat", "spacing", "excludedFor"] as const;

function pass(state: State, ms: number): void {
  if (state.point !== NONE) state.point -= ms;
  for (const name of LINE_TIMES) if (state.line[name] !== NONE) state.line[name] -= ms;
  for (const server of state.servers) {
    for (const name of SERVER_TIMES) if (server[name] !== NONE) server[name] -= ms;
    if (server.spacing <= 0) server.spacing = NONE;
    if (server.health === "down") server.downFor = Math.min(server.downFor + ms, LONG_DOWN);
  }
}

/** Everything of these words that may come in now. */
export function inputs(state: State, words: readonly Word[]): Input[] {
  const found: Input[] = [];
  for (const server of RANKS) {
    if (state.servers[server].beat !== NONE) found.push(...answersOf("options", server, words));
    if (giveUpAt(state, server) !== NONE) found.push(...answersOf("register", server, words));
  }
  if (words.includes("call")) found.push({ kind: "call", begins: state.line.calls === 0 });
  return found;
}

const ANSWERS = {
  options: ["good", "miss", "neutral"],
  register: ["granted", "refused", "busy", "error", "rejected"],
} as const satisfies Record<string, readonly Answer[]>;

function answersOf(kind: "options" | "register", server: number, words: readonly Word[]): Input[] {
  return ANSWERS[kind].filter((answer) => words.includes(answer)).map((answer) => ({ kind, server, answer }));
}
