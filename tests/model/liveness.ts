// From every state, once the world is kind, service comes: on the primary when both servers answer, on the
// backup when only that one does.
//
// Kind: no request at a server that answers is lost, whatever the order of the answers; calls end. A way that
// comes back to where it was, or that takes longer than allowed, breaks it. Above: model.test.ts.

import { keyOf, NONE, type Params, RANKS, type State } from "./state.ts";
import { type Input, next, untilNext } from "./step.ts";

export interface Liveness {
  /** The longest that any way takes, ms. */
  readonly longest: number;
  /** States that were passed. */
  readonly states: number;
  /** The first way that never ends, as keys of states; none: there is none. */
  readonly circle: readonly string[] | undefined;
}

/** @param answers which servers answer @param goal where the line has to be served */
export function arrive(
  from: readonly State[],
  params: Params,
  answers: readonly number[],
  goal: number,
): Liveness {
  const times = new Map<string, number>();
  const onWay = new Set<string>();
  let circle: string[] | undefined;
  const timeFrom = (state: State): number => {
    if (state.line.served === goal) return 0;
    const key = keyOf(state);
    const known = times.get(key);
    if (known !== undefined) return known;
    if (onWay.has(key)) {
      circle ??= [...onWay, key];
      return Number.POSITIVE_INFINITY;
    }
    onWay.add(key);
    const longest = Math.max(
      ...kindSteps(state, answers).map(
        ([input, passed]) => passed + timeFrom(next(state, input, passed, params).state),
      ),
    );
    onWay.delete(key);
    times.set(key, longest);
    return longest;
  };
  const longest = from.reduce((most, state) => Math.max(most, timeFrom(state)), 0);
  return { longest, states: times.size, circle };
}

/** What a kind world does next: it answers whatever it can, and only then lets time pass. */
function kindSteps(state: State, answers: readonly number[]): (readonly [Input, number])[] {
  const { line, servers } = state;
  if (line.calls > 0) return [[{ kind: "call", begins: false }, 0]];
  const found: (readonly [Input, number])[] = [];
  for (const server of RANKS) {
    if (!answers.includes(server)) continue;
    if (servers[server].beat !== NONE) found.push([{ kind: "options", server, answer: "good" }, 0]);
    if (isAsked(state, server)) found.push([{ kind: "register", server, answer: "granted" }, 0]);
  }
  return found.length > 0 ? found : [[{ kind: "wake" }, untilNext(state)]];
}

function isAsked({ line }: State, server: number): boolean {
  return (
    (line.asking === server && line.giveUp !== NONE) ||
    (line.returning === server && line.returnGiveUp !== NONE)
  );
}
