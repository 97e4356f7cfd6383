// Faults to plant in the core, one at a time: what the simulation is worth is which of them it finds.
//
// Each is one piece of text exchanged in one source, as a slip of the hand would; each breaks a rule that stands in
// DESIGN.md. Above: build.ts, hunt.ts.

import type { Patch } from "../../host/tools/build/sources.ts";

export type Mutant = {
  readonly name: string;
  readonly patches: readonly Patch[];
  /** Where the rule stands. */
  readonly rule: string;
  /** What a phone with this fault does. */
  readonly fault: string;
};

export const MUTANTS: readonly Mutant[] = [
  {
    name: "miss-counted-early",
    patches: [
      {
        file: "assembly/policy/health.ts",
        old: "if (<u32>it.misses > allowed) {",
        new: "if (<u32>it.misses >= allowed) {",
      },
    ],
    rule: "D10",
    fault: "gives a server up one lost heartbeat too early",
  },
  {
    name: "miss-counted-late",
    patches: [
      {
        file: "assembly/policy/health.ts",
        old: "if (<u32>it.misses > allowed) {",
        new: "if (<u32>it.misses > allowed + 1) {",
      },
    ],
    rule: "D10",
    fault: "gives a server up one lost heartbeat too late",
  },
  {
    name: "recovery-counted-early",
    patches: [
      {
        file: "assembly/policy/health.ts",
        old: "if (<u32>it.goods >= param(RECOVER_COUNT) ||",
        new: "if (<u32>it.goods + 1 >= param(RECOVER_COUNT) ||",
      },
    ],
    rule: "D10",
    fault: "believes a server that was DOWN one answer too early",
  },
  {
    name: "cooling-cut-short",
    patches: [
      {
        file: "assembly/policy/health.ts",
        old: "return min(max(retryAfter, param(RETRY_AFTER_MIN)), param(RETRY_AFTER_MAX));",
        new: "return param(RETRY_AFTER_MIN);",
      },
    ],
    rule: "D18",
    fault: "comes back to a server before its Retry-After is over",
  },
  {
    name: "bad-word-forgotten",
    patches: [
      {
        file: "assembly/policy/health.ts",
        old: "  server(at).news |= NEWS_FELL;\n",
        new: "",
      },
    ],
    rule: "D10",
    fault: "does not tell its lines that their server is DOWN",
  },
  {
    name: "rank-reversed",
    patches: [
      {
        file: "assembly/policy/choice.ts",
        old: "for (let s: u32 = 0; s < servers; s++) {\n    const fit =",
        new: "for (let k: u32 = servers; k > 0; k--) {\n    const s = k - 1;\n    const fit =",
      },
    ],
    rule: "D8",
    fault: "prefers the last of equal servers",
  },
  {
    name: "call-holds-up-failover",
    patches: [
      {
        file: "assembly/policy/settle.ts",
        old: "if (isSeeking(index)) seek(index);",
        new: "if (isSeeking(index) && line(index).calls === 0) seek(index);",
      },
    ],
    rule: "D13",
    fault: "leaves a dead server only when the calls are over",
  },
  {
    name: "removed-before-bound",
    patches: [
      {
        file: "assembly/policy/attempt.ts",
        old: "  hop(index, at, purpose);\n}",
        new: "  if (purpose === RETURN) start(binding(index, line(index).served), REMOVE, true);\n  hop(index, at, purpose);\n}",
      },
    ],
    rule: "D13",
    fault: "removes the binding it uses before it has another",
  },
  {
    name: "excluded-for-ever",
    patches: [
      {
        file: "assembly/policy/attempt.ts",
        old: "arm(T_EXCLUDED, own.id, forMs);",
        new: "",
      },
    ],
    rule: "D8",
    fault: "never asks a server again that refused the line once",
  },
  {
    name: "removal-forgotten",
    patches: [
      {
        file: "assembly/policy/service.ts",
        old: "if (param(REMOVE_LAST_REGISTRATION) !== 0) start(binding(index, from), REMOVE, true);",
        new: "",
      },
    ],
    rule: "D13",
    fault: "leaves its binding at the backup when it moves back",
  },
  {
    name: "refresh-not-armed",
    patches: [
      {
        file: "assembly/policy/service.ts",
        old: "armRest(T_REFRESH, own.line, refreshPointMs(seconds), elapsed);",
        new: "",
      },
    ],
    rule: "D9",
    fault: "lets the lease run out",
  },
  {
    name: "lease-from-the-answer",
    patches: [
      {
        file: "assembly/policy/service.ts",
        old: "const elapsed = now() - own.sentAt;",
        new: "const elapsed: u32 = 0;",
      },
    ],
    rule: "D9",
    fault: "counts a lease from the answer, so it outlives the binding",
  },
  {
    name: "warning-stays-on",
    patches: [
      {
        file: "assembly/policy/service.ts",
        old: "tellLine(on !== 0 ? EV_WARNING_ON : EV_WARNING_OFF, index);",
        new: "if (on !== 0) tellLine(EV_WARNING_ON, index);",
      },
    ],
    rule: "D9",
    fault: "never switches the warning off",
  },
  {
    name: "wait-not-armed",
    patches: [
      {
        file: "assembly/policy/round.ts",
        old: "arm(T_WAIT, index, waitMs(it.rounds));",
        new: "",
      },
    ],
    rule: "D9, rounds",
    fault: "has nothing ahead after a round in which nobody served",
  },
  {
    name: "wait-does-not-grow",
    patches: [
      {
        file: "assembly/policy/backoff.ts",
        old: "param(RETRY_BASE) << min(n, 16)",
        new: "param(RETRY_BASE)",
      },
    ],
    rule: "D9, rounds",
    fault: "asks dead servers as often in the tenth round as in the first",
  },
  {
    name: "penalty-never-decays",
    patches: [
      {
        file: "assembly/policy/damping.ts",
        old: "it.penalty >>= min(1 + late / lifeMs, 31);",
        new: "",
      },
    ],
    rule: "D14",
    fault: "never forgives a server that flapped",
  },
  {
    name: "dead-backup-never-asked",
    patches: [
      {
        file: "assembly/policy/watch.ts",
        old: "<i32>at <= lowest || isOut(at)) grid = T_POINT;",
        new: "<i32>at <= lowest) grid = T_POINT;",
      },
    ],
    rule: "D11",
    fault: "sends no heartbeat to a backup that is DOWN",
  },
  {
    name: "late-answer-believed",
    patches: [
      {
        file: "assembly/policy/inbox.ts",
        old: "if (!isLive(request)) return R_LATE;",
        new: "",
      },
    ],
    rule: "D15",
    fault: "believes an answer to a request it has given up, or had answered",
  },
  {
    name: "spacing-ignored",
    patches: [
      {
        file: "assembly/session/registration.ts",
        old: "} else if (isArmed(T_SPACING, own.id)) {",
        new: "} else if (false) {",
      },
    ],
    rule: "D9",
    fault: "starts attempts at a server as fast as they are wanted",
  },
  {
    name: "granted-time-ignored",
    patches: [
      {
        file: "assembly/session/registration.ts",
        old: "return min(seconds, own.askedSeconds);",
        new: "return own.askedSeconds;",
      },
    ],
    rule: "D9",
    fault: "counts on the lease it asked for instead of the one it got",
  },
  {
    name: "nonce-count-stands-still",
    patches: [
      {
        file: "assembly/session/registration.ts",
        old: "    held.nc++;\n",
        new: "    held.nc = 1;\n",
      },
    ],
    rule: "D9, credentials",
    fault: "uses a nonce again with the same count",
  },
  {
    name: "challenge-of-another-server",
    patches: [
      {
        file: "assembly/session/account.ts",
        old: "held.algorithm !== NO_ALGORITHM && held.server === own.server ?",
        new: "held.algorithm !== NO_ALGORITHM ?",
      },
    ],
    rule: "D9, credentials",
    fault: "answers a server with the nonce of another",
  },
  {
    name: "clock-that-wraps-stops",
    patches: [
      {
        file: "assembly/base/timer.ts",
        old: "if (<i32>(time - now()) > 0) store",
        new: "if (time > now()) store",
      },
    ],
    rule: "D6",
    fault: "stands still after the clock of the host has wrapped",
  },
  {
    name: "repeats-never-slow",
    patches: [
      {
        file: "assembly/session/transaction.ts",
        old: "send(it, 2 * it.repeatMs);",
        new: "send(it, it.repeatMs);",
      },
    ],
    rule: "D9, time-outs",
    fault: "repeats a request every 500 ms",
  },
];

/** Found by the comparison with the model, not by the simulation within its short run. tests/model/faults.test.ts. */
export const MODEL_MUTANTS: readonly Mutant[] = [
  {
    name: "asked-out-of-turn-for-ever",
    patches: [
      {
        file: "assembly/policy/health.ts",
        old: "if (it.outOfTurn >= OUT_OF_TURN_MAX) return;",
        new: "",
      },
    ],
    rule: "D9, rounds",
    fault: "asks a server that answers OPTIONS and never REGISTER at each heartbeat",
  },
  {
    name: "hold-blocks-last-resort",
    patches: [
      {
        file: "assembly/policy/choice.ts",
        old: "return preferred === NOBODY ? scan(index, true) : preferred;",
        new: "return preferred;",
      },
      {
        file: "assembly/policy/choice.ts",
        old: "((asked >> s) & 1) !== 0 || server(s).health === COOLING) continue;",
        new: "((asked >> s) & 1) !== 0 || server(s).health >= HOLDING) continue;",
      },
    ],
    rule: "D8",
    fault: "waits for the end of a hold while nobody else serves",
  },
  {
    name: "return-in-call",
    patches: [
      {
        file: "assembly/policy/returning.ts",
        old: "const onCall = isOnCall(it);",
        new: "const onCall = false;",
      },
    ],
    rule: "D13",
    fault: "moves back while a call is up",
  },
];
