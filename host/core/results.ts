// The numbers the core answers with, in words. ABI.md, "Results".
//
// Below: abi.ts of the core. Above: core.ts, whoever shows an error to people.

import * as abi from "../../assembly/abi.ts";

export interface ResultWords {
  readonly name: string;
  readonly cause: string;
  readonly remedy: string;
}

const WORDS: ReadonlyMap<number, ResultWords> = new Map([
  row(abi.OK, "ok", "done", "nothing to do"),
  row(abi.NOT_MINE, "notMine", "a message for the phone's own SIP stack", "hand it to that stack"),
  row(abi.E_PARAM, "param", "no such parameter", "use an id of the table of parameters"),
  row(abi.E_RANGE, "range", "the value is outside of the parameter's range", "choose one in the range"),
  row(abi.E_SERVER, "server", "no such server", "declare it first, or use a smaller index"),
  row(abi.E_LINE, "line", "no such line", "use a line that has a user"),
  row(abi.E_LENGTH, "length", "empty, or longer than the place it goes to", "shorten it"),
  row(abi.E_TEXT, "text", "no such text, or a control character in it", "send printable characters"),
  row(
    abi.E_STATE,
    "state",
    "not now: already started, or not yet, or outputs wait",
    "configure, start, then feed and drain in turn",
  ),
  row(abi.E_COMMAND, "command", "no such command", "use a command of the list"),
  row(abi.E_INCOMPLETE, "incomplete", "a server, a line or a text is missing", "complete the configuration"),
  row(
    abi.E_NO_CHALLENGE,
    "noChallenge",
    "the server asks for credentials without saying how",
    "repair the server",
  ),
  row(
    abi.E_UNSUPPORTED,
    "unsupported",
    "the server asks in a way we do not speak",
    "offer digest with MD5 or SHA-256",
  ),
  row(abi.E_TOO_LONG, "tooLong", "the challenge is longer than we keep", "shorten realm, nonce or opaque"),
  row(
    abi.E_NO_ACCOUNT,
    "noAccount",
    "the server wants credentials, and we have none for it",
    "configure them",
  ),
]);

const REFUSALS: ReadonlyMap<number, string> = new Map([
  [abi.R_MALFORMED, "malformed"],
  [abi.R_TRUNCATED, "truncated"],
  [abi.R_FOREIGN, "foreign"],
  [abi.R_UNKNOWN_ANSWER, "unknownAnswer"],
  [abi.R_LATE, "late"],
  [abi.R_OVERSIZED, "oversized"],
  [abi.R_MISMATCH, "mismatch"],
]);

/** A call that the core would not take: an error of the caller, never of the world. */
export class CoreError extends Error {
  readonly code: number;
  readonly words: ResultWords;

  constructor(call: string, code: number) {
    const words = resultWords(code);
    super(`${call}: ${words.cause} (${words.name}, ${code}); ${words.remedy}`);
    this.name = "CoreError";
    this.code = code;
    this.words = words;
  }
}

/** What a result means, refusals of datagrams included. */
export function resultWords(code: number): ResultWords {
  if (code <= abi.REFUSED_BASE) {
    const name = refusalName(abi.REFUSED_BASE - code);
    return { name, cause: `the datagram was refused: ${name}`, remedy: "nothing to do; it is counted" };
  }
  return (
    WORDS.get(code) ?? {
      name: `code${code}`,
      cause: "unknown to this host",
      remedy: "use a host of the module's version",
    }
  );
}

/** Whether receive() refused the datagram and counted it. */
export function isRefusal(code: number): boolean {
  return code <= abi.REFUSED_BASE && code > abi.REFUSED_BASE - abi.REFUSED_COUNT;
}

/** The name of an R_ number. */
export function refusalName(reason: number): string {
  return REFUSALS.get(reason) ?? `reason${reason}`;
}

function row(code: number, name: string, cause: string, remedy: string): readonly [number, ResultWords] {
  return [code, { name, cause, remedy }];
}
