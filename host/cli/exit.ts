// How a run ended, as the number that the shell sees. README.md lists them; programs rely on them.

export const DONE = 0;
export const FAILED = 1;
/** Wrong options, or a configuration that is refused. */
export const USAGE = 2;
/** Never in service within --wait. */
export const NOT_IN_SERVICE = 3;
/** A measured time was longer than the promised one. */
export const PROMISE_MISSED = 4;
/** A standby ended that was not ready to serve. sysexits.h calls it EX_UNAVAILABLE. */
export const UNREADY = 69;
/** The core trapped: an error of ours. sysexits.h calls it EX_SOFTWARE. */
export const CORE_TRAP = 70;
/** The second Ctrl-C: 128 + SIGINT. */
export const INTERRUPTED = 130;

/** An end that is decided already: say `message` on stderr, if there is one, and leave with `code`. */
export class Exit extends Error {
  readonly code: number;

  constructor(code: number, message = "") {
    super(message);
    this.name = "Exit";
    this.code = code;
  }
}
