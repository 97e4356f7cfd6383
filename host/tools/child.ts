// Starts other programs, and takes them down with us.
//
// Every child leads a process group of its own, so that one signal reaches what it started too. Above: the tools
// and tests/run/.

import { type ChildProcess, spawn } from "node:child_process";

export type Outcome = {
  /** Exit code; 128 + signal when it was killed; 127 when it could not be started. */
  readonly code: number;
  /** What it wrote on stdout and stderr, in the order it came. */
  readonly output: string;
};

export type Options = {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Shows the output as it comes; it is kept all the same. */
  readonly show?: boolean;
  /** Ends the child after so long. 0: never. */
  readonly limitMs?: number;
};

const running = new Set<ChildProcess>();
let guarded = false;

/** Runs a program to its end. Never throws: a program that does not start is an outcome with code 127. */
export function run(command: string, words: readonly string[], options: Options = {}): Promise<Outcome> {
  guard();
  const { promise, resolve } = withResolve<Outcome>();
  const child = spawn(command, words, {
    cwd: options.cwd,
    detached: true,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      if (options.show) process.stdout.write(chunk);
    });
  }
  const limitMs = options.limitMs ?? 0;
  const limit = limitMs > 0 ? setTimeout(() => end(child, "SIGKILL"), limitMs) : undefined;
  const finish = (code: number, last = "") => {
    running.delete(child);
    clearTimeout(limit);
    resolve({ code, output: Buffer.concat(chunks).toString() + last });
  };
  child.on("error", (error) => finish(127, `${command}: ${error.message}\n`));
  child.on("close", (code, signal) => {
    if (signal === null) finish(code ?? 1);
    else finish(137, `\n${command} was ended by ${signal}${limitMs > 0 ? ` (limit ${limitMs} ms)` : ""}\n`);
  });
  return promise;
}

/** Whether a program can be started at all. */
export async function has(command: string): Promise<boolean> {
  return (await run("sh", ["-c", `command -v ${command}`])).code === 0;
}

/** Ends a child and everything it started. */
function end(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}

/** From the first child on: Ctrl-C, a hang-up or our own end takes every child down. */
function guard(): void {
  if (guarded) return;
  guarded = true;
  const endAll = (signal: NodeJS.Signals) => {
    for (const child of running) end(child, signal);
  };
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.once(signal, () => {
      endAll("SIGTERM");
      setTimeout(() => process.exit(code), 500);
    });
  }
  process.once("exit", () => endAll("SIGKILL"));
}

function withResolve<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
