// A mistake in a configuration: where it stands, what it is, what would be right, and the way out.
//
// All mistakes of a configuration are reported together, and nothing of a refused one is applied.

/** Stable names of the mistakes, for programs. Appended, never renamed. */
export type ConfigCode =
  | "unreadable"
  | "not-utf8"
  | "empty"
  | "syntax"
  | "unknown-key"
  | "duplicate"
  | "differs"
  | "wrong-type"
  | "out-of-range"
  | "text"
  | "order"
  | "no-server"
  | "too-many"
  | "same-server"
  | "no-line"
  | "same-number"
  | "missing-credentials"
  | "too-large"
  | "secret"
  | "ca-file"
  | "missing";

export interface ConfigError {
  readonly code: ConfigCode;
  /** `file:line`, the file alone, or the option of the command line. */
  readonly where: string;
  /** What is wrong; never holds a password. */
  readonly message: string;
  /** The allowed values, where there is a range: `0 or 500..32000 ms`. */
  readonly allowed?: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** A known key that this product does not act on, named once. */
export interface Ignored {
  readonly key: string;
  readonly where: string;
  readonly why: string;
}

/** One line for people: `phone.conf:12: maxDetectFailCount = 200, allowed 0..100; …`. */
export function describeError(error: ConfigError): string {
  const range = error.allowed === undefined ? "" : `, allowed ${error.allowed}`;
  return `${error.where}: ${error.message}${range}; ${error.remedy}`;
}

/** One line for people: `phone.conf:7: DTMF Mode is ignored: …`. */
export function describeIgnored(ignored: Ignored): string {
  return `${ignored.where}: ${ignored.key} is ignored: ${ignored.why}`;
}
