// Every state that can be reached, breadth first, and the core beside the model on every step.
//
// Breadth first keeps the ways short: what is wrong first is told with the shortest schedule that leads there.
// Only states that were not gone on from yet keep their copy of the core. Below: beside.ts, safety.ts.

import type { CompiledModule } from "../../host/core/load.ts";
import { differences, stepCore } from "./beside.ts";
import { type Moment, SteppedCore } from "./core.ts";
import { broken } from "./safety.ts";
import { lineOf } from "./schedule.ts";
import { type ModelSet, paramsOf } from "./sets.ts";
import { keyOf, newState, type Params, type State } from "./state.ts";
import { type Input, inputs, next, untilNext } from "./step.ts";

export interface Explored {
  readonly states: readonly State[];
  readonly transitions: number;
  /** Steps to the state that is farthest from the start. */
  readonly depth: number;
  /** States that were not gone on from: a server was DOWN for too long. */
  readonly cut: number;
  /** What went wrong first, with the schedule that leads to it; undefined: nothing. */
  readonly wrong: string | undefined;
}

/** How a state was reached first: from which one, by which input, after how long. */
interface Way {
  readonly from: number;
  readonly input: Input;
  readonly passed: number;
}

interface Open {
  readonly at: number;
  readonly moment: Moment;
}

/** @param module the shipped one, or one with a fault to find */
export function explore(set: ModelSet, module: CompiledModule): Explored {
  return new Exploration(set, module).run();
}

class Exploration {
  readonly #set: ModelSet;
  readonly #params: Params;
  readonly #core: SteppedCore;
  readonly #known = new Map<string, number>();
  readonly #states: State[] = [];
  readonly #ways: Way[] = [];
  #transitions = 0;
  #cut = 0;

  constructor(set: ModelSet, module: CompiledModule) {
    this.#set = set;
    this.#params = paramsOf(set);
    this.#core = new SteppedCore(module, set.settings);
  }

  run(): Explored {
    let depth = -1;
    try {
      let open = [this.#start()];
      while (open.length > 0) {
        depth++;
        open = open.flatMap((one) => this.#goOn(one));
      }
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      return { ...this.#figures(depth), wrong: error.message };
    }
    return { ...this.#figures(depth), wrong: undefined };
  }

  #figures(depth: number): Omit<Explored, "wrong"> {
    return { states: this.#states, transitions: this.#transitions, depth, cut: this.#cut };
  }

  #start(): Open {
    const found = this.#step(newState(this.#params), { from: -1, input: { kind: "start" }, passed: 0 });
    if (found === undefined) throw new Error("the first state was known");
    return found;
  }

  /** Every step from there. @returns the new states that they lead to */
  #goOn({ at, moment }: Open): Open[] {
    const state = this.#states[at] as State;
    if (state.servers.some(({ downFor }) => downFor >= 1000 * this.#set.longestSeconds)) {
      this.#cut++;
      return [];
    }
    const due = untilNext(state);
    const offered = inputs(state, this.#set.words);
    const ways: Way[] = offered.map((input) => ({ from: at, input, passed: 0 }));
    if (this.#set.late) ways.push(...offered.map((input) => ({ from: at, input, passed: due })));
    ways.push({ from: at, input: { kind: "wake" }, passed: due });
    return ways.flatMap((way) => {
      this.#core.restore(moment);
      return this.#step(state, way) ?? [];
    });
  }

  /** One step of both. @returns the state it leads to when it is new */
  #step(before: State, way: Way): Open | undefined {
    const { input, passed } = way;
    const params = this.#params;
    const { state: after, out } = next(before, input, passed, params);
    const said = this.#guarded(way, () => stepCore(this.#core, input, passed));
    this.#transitions++;
    const wrong = [
      ...differences(this.#core, said, { state: after, out }, params),
      ...broken({ before, input, passed, after, out, params }),
    ];
    if (wrong.length > 0) throw this.#wrong(way, wrong);
    const key = keyOf(after);
    if (this.#known.has(key)) return undefined;
    const at = this.#states.length;
    this.#known.set(key, at);
    this.#states.push(after);
    this.#ways.push(way);
    return { at, moment: this.#core.moment() };
  }

  #guarded<Result>(way: Way, act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      throw this.#wrong(way, [String(error)]);
    }
  }

  #wrong(way: Way, what: readonly string[]): Wrong {
    return new Wrong([`${this.#set.name}:`, ...this.#schedule(way), ...what].join("\n"));
  }

  /** The shortest way there: when, and what came in. */
  #schedule(last: Way): string[] {
    const ways = [last];
    for (let { from } = last; from >= 0; from = ways[0]?.from ?? -1) ways.unshift(this.#ways[from] as Way);
    let now = 0;
    return ways.map(({ input, passed }) => {
      now += passed;
      return lineOf(now, input);
    });
  }
}

class Wrong extends Error {}
