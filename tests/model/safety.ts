// What must be true of every step, whatever comes in. Each is a sentence of the rules: DESIGN.md D8 to D14.
//
// Above: explore.ts.

import { isOut, NONE, type Params, RANKS, type State } from "./state.ts";
import { type Input, untilNext } from "./step.ts";

export interface Step {
  readonly before: State;
  readonly input: Input;
  readonly passed: number;
  readonly after: State;
  readonly out: readonly string[];
  readonly params: Params;
}

type Law = readonly [sentence: string, holds: (step: Step) => boolean];

const LAWS: readonly Law[] = [
  [
    "in service is a lease that runs, at a server that is not out (D9)",
    ({ after: { line, servers } }) =>
      line.served === NONE ||
      (line.lease > 0 && !servers.some((it, rank) => rank === line.served && isOut(it))),
  ],
  [
    "one server is in use: a return is to another one, an attempt beside it is the refresh (D13)",
    ({ after: { line } }) =>
      line.returning === NONE ||
      (line.returning < line.served && (line.asking === NONE || line.asking === line.served)),
  ],
  [
    "without an outage or a refusal a line moves upwards only (D13)",
    ({ before, after, out }) =>
      before.line.served === NONE ||
      after.line.served === NONE ||
      out.includes(`tells outOfService ${before.line.served}`) ||
      after.servers[0].excluded !== "" ||
      after.line.served <= before.line.served,
  ],
  [
    "a return is to a server that is UP, or goes with a refresh where heartbeats say nothing (D13, D10)",
    ({ before, after, out }) =>
      after.line.returning === NONE ||
      before.line.returning !== NONE ||
      after.servers[0].health === "up" ||
      out.includes("> REGISTER 1"),
  ],
  [
    "no return begins during a call (D13)",
    ({ before, after, params }) =>
      params.returnsInCall ||
      after.line.calls === 0 ||
      after.line.returning === before.line.returning ||
      after.line.returning === NONE,
  ],
  [
    "the backup is asked only when the primary is out, held back or has had its turn (D8)",
    ({ before, after, out }) =>
      !out.includes("> REGISTER 1") ||
      before.line.asking === 1 ||
      before.line.served === 1 ||
      ["down", "cooling", "holding"].includes(after.servers[0].health) ||
      after.line.turns[0] ||
      after.servers[0].excluded !== "" ||
      before.servers[0].excluded !== "" ||
      after.line.wait !== NONE,
  ],
  [
    "but for a rejection by the primary nothing keeps a line without service while a server lives (D8)",
    ({ after: { line, servers } }) =>
      line.served !== NONE ||
      line.asking !== NONE ||
      servers[0].excluded === "held" ||
      servers.every((it) => isOut(it) || it.excluded !== ""),
  ],
  [
    "a miss that is not one too many disturbs no hold (D10)",
    ({ before, input, after, params }) =>
      input.kind !== "options" ||
      input.answer !== "miss" ||
      before.servers[0].health !== "holding" ||
      input.server !== 0 ||
      before.servers[0].misses >= params.maxMisses ||
      after.servers[0].health !== "down",
  ],
  [
    "a server goes DOWN by one miss too many, by a REGISTER that failed, or after a cooling (D10)",
    ({ before, input, after, params }) =>
      RANKS.every((rank) => {
        const [was, is] = [before.servers[rank], after.servers[rank]];
        if (is.health !== "down" || was.health === "down") return true;
        const asked = before.line.asking === rank || before.line.returning === rank;
        const answered = input.kind === "options" && input.server === rank && input.answer !== "miss";
        const missed = was.beat !== NONE && was.heard && was.misses >= params.maxMisses && !answered;
        return asked || missed || was.health === "cooling";
      }),
  ],
  [
    "an answer that says nothing leaves the health alone (D10)",
    ({ before, input, passed, after }) =>
      input.kind !== "options" ||
      input.answer !== "neutral" ||
      passed > 0 ||
      RANKS.every((rank) => before.servers[rank].health === after.servers[rank].health),
  ],
  [
    "what a server says of the line alone ends neither its health nor the service (D8, D9)",
    ({ before, input, passed, after }) =>
      input.kind !== "register" ||
      (input.answer !== "error" && input.answer !== "rejected") ||
      passed > 0 ||
      (before.line.served === after.line.served &&
        !isOut(after.servers[input.server as 0 | 1]) === !isOut(before.servers[input.server as 0 | 1])),
  ],
  [
    "where the line was refused for a named time nothing is registered before that is over (D8)",
    ({ before, passed, out }) =>
      RANKS.every(
        (rank) =>
          before.servers[rank].excludedFor <= passed ||
          before.servers[rank].excluded === "soft" ||
          !out.includes(`> REGISTER ${rank}`),
      ),
  ],
  [
    "nothing is registered at a server that cools (D18)",
    ({ after, out }) =>
      RANKS.every((rank) => after.servers[rank].health !== "cooling" || !out.includes(`> REGISTER ${rank}`)),
  ],
  [
    "from start to start of two attempts at a server the spacing passes (D9)",
    ({ before, passed, out }) =>
      RANKS.every((rank) => before.servers[rank].spacing <= passed || !out.includes(`> REGISTER ${rank}`)),
  ],
  [
    "a REGISTER under way is not given up for a better server (D9)",
    ({ before: { line, servers }, input, passed, after }) =>
      line.asking === NONE ||
      line.giveUp === NONE ||
      after.line.asking === line.asking ||
      after.line.served === line.returning ||
      (input.kind === "register" && input.server === line.asking) ||
      line.giveUp === passed ||
      RANKS.some((rank) => rank === line.asking && isOut(after.servers[rank]) && !isOut(servers[rank])),
  ],
  [
    "the warning is on while a line is out of service or not on its primary (D9)",
    ({ after: { line } }) =>
      line.served === NONE ? line.last === NONE || line.warned : line.warned === (line.served !== 0),
  ],
  [
    "the end of service is told, and its beginning, and each once (D17)",
    ({ before, after, out }) => {
      const ends = out.filter((text) => text.startsWith("tells outOfService") && !text.endsWith("-1")).length;
      const begins = out.filter((text) => text.startsWith("tells inService")).length;
      const wasServed = before.line.served === NONE ? 0 : 1;
      return ends <= 1 && begins <= 1 && wasServed - ends + begins === (after.line.served === NONE ? 0 : 1);
    },
  ],
  ["something is always due (D9)", ({ after }) => untilNext(after) > 0 && untilNext(after) < 1e9],
];

/** The sentences that are not true of this step. */
export function broken(step: Step): string[] {
  return LAWS.filter(([, holds]) => !holds(step)).map(([sentence]) => `not true: ${sentence}`);
}
