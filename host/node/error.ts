// An error of the machine we run on, told so that somebody can act on it: where, what, and the way out.

export class HostError extends Error {
  /** Stable name of the case, for programs. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "HostError";
    this.code = code;
  }
}
