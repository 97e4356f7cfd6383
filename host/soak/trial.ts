// One case played through with every invariant watching.
//
// The faults, then the calm: everything is withdrawn at once, and after as long as the rules may take to heal the
// phone has to be whole again; then it is stopped. No clock and no I/O: the same case gives the same verdict.
// Below: sim/world.ts, invariants/. Above: shrink.ts, host/cli/simulate.ts.

import type { CompiledModule } from "../core/load.ts";
import { timeoutMs } from "../lint/clock.ts";
import { promisesOf } from "../lint/promises.ts";
import { parseScenario, type Step } from "../sim/scenario.ts";
import { type Watch, World } from "../sim/world.ts";
import { type RowPlace, readCounts, rowName } from "../tools/mutants/rows.ts";
import { boundsOf } from "./bounds.ts";
import { type Case, settingsOf } from "./case.ts";
import { Counting, type Counts } from "./counts.ts";
import { INVARIANTS } from "./invariants/all.ts";
import { namesOf, phoneOf } from "./phone.ts";
import { Truth } from "./truth.ts";
import type { Facts, Invariant, Moment, Watcher } from "./watcher.ts";
import { readArrived, readSent } from "./wire.ts";

/** An invariant that did not hold. */
export interface Violation {
  readonly invariant: string;
  readonly atMs: number;
  readonly text: string;
}

export interface Verdict {
  /** In the order of time; the first ends the run unless all are wanted. */
  readonly violations: readonly Violation[];
  readonly counts: Counts;
  /** A line for each thing that happened; empty unless it was asked for. */
  readonly trace: readonly string[];
}

export interface TrialOptions {
  /** Where a counting build keeps the counts of the rows of its tables. */
  readonly rows?: readonly RowPlace[];
  /** Default: all of them. */
  readonly invariants?: readonly Invariant[];
  /** Go on after the first violation. */
  readonly all?: boolean;
  /** End the run then, ms, healed or not: for those who know when it breaks. */
  readonly untilMs?: number;
  /** Write down what happens; several times as slow. */
  readonly trace?: boolean;
}

/** Not an invariant: the run itself broke off, by a trap or an error of the host. */
export const TRAP = "trap";

export function runCase(module: Uint8Array | CompiledModule, it: Case, options: TrialOptions = {}): Verdict {
  return new Trial(module, it, options).run();
}

/** Thrown to end a run early; never leaves this file. */
class Enough extends Error {}

class Trial {
  readonly #facts: Facts;
  readonly #world: World;
  readonly #watchers: readonly Watcher[];
  readonly #counting: Counting;
  readonly #violations: Violation[] = [];
  readonly #endsAtFirst: boolean;
  readonly #stopsAt: number | undefined;
  readonly #untilMs: number;
  readonly #rows: readonly RowPlace[];
  #told = "";
  /** Steps of the scenario that have happened. */
  #done = 0;

  constructor(module: CompiledModule, it: Case, options: TrialOptions) {
    this.#facts = factsOf(module, it);
    const { config, steps } = this.#facts;
    this.#rows = options.rows ?? [];
    this.#untilMs = options.untilMs ?? Number.POSITIVE_INFINITY;
    this.#endsAtFirst = options.all !== true;
    this.#stopsAt = steps.find(({ action }) => action.kind === "host" && action.verb === "stop")?.atMs;
    this.#counting = new Counting(this.#facts);
    this.#watchers = [
      this.#counting,
      ...(options.invariants ?? INVARIANTS).map((one) =>
        one.watch(this.#facts, (text) => this.#broken(one.name, text)),
      ),
    ];
    this.#world = new World({
      module,
      config,
      steps,
      seed: it.seed,
      clockAtMs: it.clockAtMs,
      isQuiet: options.trace !== true,
      watch: this.#watch(),
    });
    for (const rank of config.servers.keys()) this.#world.agent.core.setTargets(rank, it.targets, 0);
  }

  run(): Verdict {
    try {
      this.#play();
    } catch (error) {
      if (!(error instanceof Enough)) this.#fault(error);
    }
    return {
      violations: this.#violations,
      counts: this.#counts(),
      trace: this.#world.trace,
    };
  }

  #counts(): Counts {
    const counts = this.#counting.counts(this.#world.now);
    const rows = readCounts(this.#world.agent.core.memory, this.#rows);
    return { ...counts, rows: Object.fromEntries(rows.map((row) => [rowName(row), row.count])) };
  }

  #play(): void {
    const { case: it, settings, bounds } = this.#facts;
    const world = this.#world;
    if (this.#stopsAt === undefined) {
      world.runTo(it.calmAtMs + bounds.healMs);
      for (const watcher of this.#watchers) watcher.healed?.(this.#moment());
      this.#enough();
      world.command("stop");
    }
    const askedAt = this.#stopsAt ?? world.now;
    world.runTo(askedAt + timeoutMs(settings, "registerTimeout") + 1000);
    for (const watcher of this.#watchers) watcher.stopped?.(this.#moment(), askedAt, world.stoppedAt);
  }

  #watch(): Watch {
    const watchers = this.#watchers;
    return {
      packet: ({ at, from, server, bytes }) => {
        if (from !== "phone") return;
        this.#pass(at);
        const sent = readSent(at, server, bytes);
        for (const watcher of watchers) watcher.sent?.(sent);
      },
      arrived: ({ at, server, bytes, isForged }) => {
        this.#pass(at);
        if (isForged) return; // what follows from it follows from nothing
        const arrived = readArrived(at, server, bytes);
        if (arrived !== undefined) for (const watcher of watchers) watcher.arrived?.(arrived);
      },
      told: (event, world) => {
        this.#pass(world.now);
        for (const watcher of watchers) watcher.told?.(event);
      },
      moment: (world) => {
        this.#pass(world.now);
        const moment = this.#moment();
        for (const watcher of watchers) watcher.moment?.(moment);
        this.#enough();
      },
    };
  }

  /** Steps come first in their moment, so they are known before what they cause. */
  #pass(now: number): void {
    const { steps, truth, lines } = this.#facts;
    for (let step = steps[this.#done]; step !== undefined && step.atMs <= now; step = steps[++this.#done]) {
      truth.apply(step, lines);
      for (const watcher of this.#watchers) watcher.stepped?.(step);
    }
  }

  #moment(): Moment {
    const world = this.#world;
    const { agent } = world;
    return {
      now: world.now,
      isFresh: agent.inputAt === (world.now + this.#facts.case.clockAtMs) >>> 0,
      lines: agent.lines(),
      servers: agent.servers(),
      held: (server, line) => world.servers.get(server)?.table.of(line, world.now) ?? [],
      memory: () => agent.core.memory,
    };
  }

  /** Says it once: what is wrong now is mostly wrong a moment later too. */
  #broken(invariant: string, text: string): void {
    const told = `${invariant} ${text.replace(/\d+/g, "")}`;
    if (told === this.#told) return;
    this.#told = told;
    this.#violations.push({ invariant, atMs: this.#world?.now ?? 0, text });
  }

  #enough(): void {
    if (this.#endsAtFirst && this.#violations.length > 0) throw new Enough();
    if (this.#world.now > this.#untilMs) throw new Enough();
  }

  #fault(error: unknown): void {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#violations.push({ invariant: TRAP, atMs: this.#world.now, text });
  }
}

/** What holds for a whole run of a case. */
export function factsOf(module: CompiledModule, it: Case): Facts {
  const settings = settingsOf(it);
  const config = phoneOf(it, settings, it.transport);
  const { servers, lines } = namesOf(it);
  const steps = stepsOf(it, servers, lines);
  return {
    module,
    case: it,
    config,
    settings,
    servers,
    lines,
    steps,
    bounds: boundsOf(it, steps),
    promises: promisesOf(config),
    truth: new Truth(servers),
  };
}

/** The scenario up to the calm, and the end of all that is wrong by then. */
function stepsOf(it: Case, servers: readonly string[], lines: readonly string[]): readonly Step[] {
  const faults = parseScenario(it.scenario.join("\n"), { servers, lines }).filter(
    ({ atMs }) => atMs < it.calmAtMs,
  );
  const last = faults.find(({ action }) => action.kind === "host" && action.verb === "stop");
  if (last !== undefined) return faults.slice(0, faults.indexOf(last) + 1);
  const calm = calmSteps(it, faults, servers);
  return [...faults, ...parseScenario(calm.join("\n"))];
}

function calmSteps(it: Case, faults: readonly Step[], servers: readonly string[]): readonly string[] {
  const at = it.calmAtMs / 1000;
  const calls = faults.filter(({ action }) => action.kind === "call" && action.begins).length;
  const isPinned = faults.some(({ action }) => action.kind === "host" && action.verb === "moveTo");
  return [
    ...servers.map((server) => `${at} ${server} back`),
    ...["loss 0", "delay 0..0", "duplicate 0", "cut none", "icmp on"].map((verb) => `${at} network ${verb}`),
    `${at} link up`,
    ...Array<string>(calls).fill(`${at} call end`),
    ...(isPinned ? [`${at} host returnNow`] : []),
  ];
}
