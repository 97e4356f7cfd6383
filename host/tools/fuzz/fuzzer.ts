// One run of a fuzz target: starts it, reads what libFuzzer prints, ends it when asked.
//
// Above: session.ts, tests/fuzz/.

import { spawn } from "node:child_process";
import type { Readable } from "node:stream";

/** What libFuzzer counts. */
export type Figures = {
  /** Inputs that ran. */
  readonly executions: number;
  /** Edges of the core that some input took. */
  readonly edges: number;
  /** Inputs that were kept, as each takes something new. */
  readonly kept: number;
};

export type Ended = Figures & {
  readonly code: number;
  /** All edges of the core. */
  readonly allEdges: number;
  /** All that was printed. */
  readonly output: string;
};

/** Sanitizers find their symbolizer in PATH; a find has to end the program. */
const ENVIRONMENT = { ASAN_OPTIONS: "detect_leaks=0:handle_abort=1", UBSAN_OPTIONS: "print_stacktrace=1" };

export type Run = { readonly ended: Promise<Ended>; interrupt(): void };

/** @param tell is called with each line of progress */
export function start(
  program: string,
  words: readonly string[],
  tell: (now: Figures) => void = () => {},
): Run {
  const child = spawn(program, words, {
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const lines: string[] = [];
  let figures: Figures = { executions: 0, edges: 0, kept: 0 };
  const read = (line: string) => {
    lines.push(line);
    figures = figuresOf(line) ?? figures;
    if (figuresOf(line) !== undefined) tell(figures);
  };
  for (const stream of [child.stdout, child.stderr]) readLines(stream, read);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      process.removeListener("exit", kill);
      const output = lines.join("\n");
      const executions = Number(/^(?:stat::number_of_executed_units:|Done) +(\d+)/m.exec(output)?.[1] ?? 0);
      const allEdges = Number(/\((\d+) inline 8-bit counters\)/.exec(output)?.[1] ?? 0);
      resolve({
        ...figures,
        executions: Math.max(executions, figures.executions),
        code: code ?? 1,
        allEdges,
        output,
      });
    });
  });
  return { ended, interrupt: () => void child.kill("SIGINT") };
}

/** `#4096 pulse cov: 760 ft: 2031 corp: 260/3407b lim: 63 exec/s: 2802 rss: 59Mb` */
function figuresOf(line: string): Figures | undefined {
  const [, executions, edges, kept] = /^#(\d+)\s.* cov: (\d+) ft: \d+ corp: (\d+)/.exec(line) ?? [];
  if (executions === undefined) return undefined;
  return { executions: Number(executions), edges: Number(edges), kept: Number(kept) };
}

function readLines(stream: Readable, take: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("latin1");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  });
  stream.on("end", () => rest !== "" && take(rest));
}
