// What every suite is: a name, and a run that counts.
//
// Below: nothing. Above: tests/run.ts, which chooses suites, runs them and adds up.

/** What one suite found. Nothing that was skipped is ever in `passed`. */
export type Result = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What a reader needs to mend it, or must know: shown under the line of the suite. */
  readonly notes: readonly string[];
};

export type Suite = {
  readonly name: string;
  /** One sentence: what it proves. */
  readonly proves: string;
  /** Waits more than it computes: runs beside the others. */
  readonly sleeps: boolean;
  run(): Promise<Result>;
};

/** A suite that is one yes or no. */
export function oneResult(ok: boolean, notes: readonly string[] = []): Result {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, notes };
}

export function sum(results: readonly Result[]): Result {
  return results.reduce(
    (total, result) => ({
      passed: total.passed + result.passed,
      failed: total.failed + result.failed,
      skipped: total.skipped + result.skipped,
      notes: [...total.notes, ...result.notes],
    }),
    { passed: 0, failed: 0, skipped: 0, notes: [] },
  );
}

/** The last line of a run, read by CI. */
export function countLine(result: Result): string {
  return `${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`;
}
