// Many phones that run beside the pair: where each of them is served, and when that changed.
//
// Below: farm-child.ts, in a process of its own. Above: the tests of partitions and kills.

import type { TestContext } from "node:test";
import type { LineState } from "../../host/core/view.ts";
import { bundleOne } from "../../host/tools/bundle.mjs";
import { Running } from "../host/running.ts";
import { PATIENCE_MS } from "../host/until.ts";
import { type Ground, HERE } from "../real/ground.ts";
import type { FarmPlan } from "./farm-child.ts";

/** One event of one line. */
export interface FarmEvent {
  readonly type: string;
  readonly line?: string;
  readonly server?: string;
  /** Wall clock, ms. */
  readonly at: number;
}

export class Farm {
  readonly #program: Running;
  readonly #users: readonly string[];

  private constructor(program: Running, users: readonly string[]) {
    this.#program = program;
    this.#users = users;
  }

  /** Ends with the test. @param ground where the phones are */
  static async start(context: TestContext, plan: FarmPlan, ground: Ground = HERE): Promise<Farm> {
    const script = await bundleOne("tests/pair/farm-child.ts", "build/tests/farm-child.mjs");
    const [program = "", ...words] = [...ground, process.execPath, script ?? "", JSON.stringify(plan)];
    const running = new Running(program, words);
    context.after(() => running.child.kill("SIGKILL"));
    return new Farm(running, plan.users);
  }

  /** Where each line is served now, in the order of the users; "": nowhere. */
  async places(): Promise<readonly string[]> {
    const at = new Map((await this.#states()).map((state) => [state.line, placeOf(state)]));
    return this.#users.map((user) => at.get(user) ?? "");
  }

  /** Waits until every line is served by that server, such as "primary". */
  async allAt(server: string, withinMs = PATIENCE_MS): Promise<void> {
    const until = performance.now() + withinMs;
    for (;;) {
      const elsewhere = (await this.#states()).filter((state) => placeOf(state) !== server);
      if (elsewhere.length === 0) return;
      if (performance.now() > until)
        throw new Error(
          `${elsewhere.length} lines are not at ${server} within ${withinMs} ms: ${JSON.stringify(elsewhere.slice(0, 5))}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  async #states(): Promise<readonly LineState[]> {
    const before = this.#told().length;
    this.#program.type("tell");
    await this.#program.until(() => this.#told().length > before);
    return (JSON.parse(this.#told().at(-1) ?? "") as { readonly lines: readonly LineState[] }).lines;
  }

  /** Every event so far, oldest first. */
  events(): readonly FarmEvent[] {
    return this.#lines()
      .map((line) => JSON.parse(line) as FarmEvent)
      .filter(({ type }) => type !== "lines");
  }

  /** Removes every binding and ends. */
  async stop(): Promise<void> {
    this.#program.type("stop");
    await this.#program.end();
  }

  #told(): readonly string[] {
    return this.#lines().filter((line) => line.startsWith('{"type":"lines"'));
  }

  #lines(): readonly string[] {
    return this.#program.stdout.split("\n").slice(0, -1);
  }
}

function placeOf({ state, server }: LineState): string {
  return state === "served" ? (server ?? "") : "";
}
