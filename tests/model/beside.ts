// The core beside the model: the same input to both, and everything that shows compared.
//
// Below: core.ts, step.ts. Above: explore.ts.

import { CMD_CALL_BEGIN, CMD_CALL_END } from "../../assembly/abi.ts";
import type { SteppedCore } from "./core.ts";
import { isWatched } from "./line.ts";
import { NONE, type Params, type State } from "./state.ts";
import { COOLING, type Input, type Next, untilNext } from "./step.ts";

/** Feeds `input` after `passed` ms of sleep. @returns what the core sent and told, sorted */
export function stepCore(core: SteppedCore, input: Input, passed: number): string[] {
  return [...core.sleep(passed), ...feed(core, input)].sort();
}

function feed(core: SteppedCore, input: Input): string[] {
  switch (input.kind) {
    case "start":
      return core.start();
    case "wake":
      return core.wake();
    case "call":
      return core.command(input.begins ? CMD_CALL_BEGIN : CMD_CALL_END, 0);
    case "options":
      return core.answer(`OPTIONS ${input.server}`, STATUS[input.answer]);
    case "register": {
      const extra = input.answer === "busy" ? [`Retry-After: ${COOLING / 1000}`] : [];
      return core.answer(`REGISTER ${input.server}`, STATUS[input.answer], extra);
    }
  }
}

const STATUS = {
  granted: 200,
  refused: 504,
  busy: 503,
  error: 500,
  rejected: 403,
  good: 200,
  miss: 503,
  neutral: 500,
} as const;

/** What differs between the two, a line each; none: nothing. */
export function differences(
  core: SteppedCore,
  out: readonly string[],
  model: Next,
  params: Params,
): string[] {
  const mine = { ...seen(model.state, params), out: model.out.join(", ") };
  const its = { ...shown(core), out: out.join(", ") };
  const found: string[] = [];
  for (const [name, value] of Object.entries(mine)) {
    const other = its[name as keyof typeof its];
    if (`${value}` !== `${other}`) found.push(`${name}: the model says ${value}, the core ${other}`);
  }
  const due = untilNext(model.state);
  if (core.sleepMs > due) found.push(`sleep: the model says ${due}, the core ${core.sleepMs}`);
  return found;
}

type Shown = Record<string, string | number | boolean>;

/** The model as the views of the core would show it. */
function seen(state: State, params: Params): Shown {
  const { line, servers } = state;
  const shows: Shown = {
    state:
      line.served !== NONE
        ? "served"
        : line.asking !== NONE
          ? "seeking"
          : line.resting
            ? "resting"
            : "waiting",
    served: line.served,
    asking: line.asking,
    returning: line.returning,
    calls: line.calls,
    warned: line.warned,
    lease: line.lease,
  };
  servers.forEach((server, rank) => {
    const turn = {
      params,
      state,
      out: [],
      fell: new Set<number>(),
      doubted: new Set<number>(),
      invited: new Set<number>(),
    };
    Object.assign(shows, {
      [`health${rank}`]: server.health,
      [`misses${rank}`]: server.misses,
      [`heard${rank}`]: server.heard,
      [`until${rank}`]: server.until,
      [`point${rank}`]: isWatched(turn, rank) ? state.point : NONE,
    });
  });
  return shows;
}

function shown(core: SteppedCore): Shown {
  const line = core.core.line(0, core.names);
  if (line === undefined) throw new Error("there is no line");
  const rankOf = (name: string | undefined): number =>
    name === undefined ? NONE : core.names.servers.indexOf(name);
  const shows: Shown = {
    state: line.state,
    served: rankOf(line.server),
    asking: rankOf(line.asking),
    returning: rankOf(line.returning),
    calls: line.calls,
    warned: line.warning,
    lease: line.leaseMs ?? NONE,
  };
  for (const rank of [0, 1]) {
    const server = core.core.server(rank, core.names);
    Object.assign(shows, {
      [`health${rank}`]: server?.health ?? "",
      [`misses${rank}`]: server?.misses ?? 0,
      [`heard${rank}`]: server?.heard ?? false,
      [`until${rank}`]: server?.untilMs ?? NONE,
      [`point${rank}`]: server?.heartbeatMs ?? NONE,
    });
  }
  return shows;
}
