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

/** The system's name of an error, such as ECONNREFUSED; what it says where it has none. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

/** What an error says; the cause of a fetch that failed says more than its message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}
