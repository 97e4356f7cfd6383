// What a session tells: every decision with its cause, what the display shows, and what goes into the error log.
//
// Display and error log are two outputs, as in the queue manager's guide: a sentence may go to one, or to both.
// Above: machine.ts makes them; host/cli/session-output.ts shows them.

import type { Call, Change, Result, ServerName, Session } from "./driver.ts";
import type { Banner, Input, State } from "./table.ts";

/** The warning of a start with a dead standby server: this line, and no other words. */
export const STANDBY_IS_DOWN = "Warning: standby PBX is down!";

/** `at` is the time of the input that caused it, ms of the clock that was handed in. */
export type SessionEvent = { readonly at: number } & (
  | {
      readonly kind: "state";
      readonly from: State;
      readonly to: State;
      readonly input: Input;
      /** What led to it, for people. */
      readonly cause: string;
      /** Which rule of the table followed from it. */
      readonly rule: string;
      /** How long the state it leaves has lasted, ms. */
      readonly lastedMs: number;
    }
  /** The warning display: what it says from now on. `since`: when the standby session began; only with "standby". */
  | { readonly kind: "banner"; readonly banner: Banner; readonly since?: number }
  /** A line for the display. */
  | { readonly kind: "display"; readonly text: string }
  /** A line for the error log. */
  | { readonly kind: "errorLog"; readonly text: string }
  /** A session is open: what was known of another one is void. */
  | { readonly kind: "opened"; readonly session: Session }
  /** A session is over for us, whatever its server thinks. */
  | { readonly kind: "closed"; readonly session: Session; readonly cause: string }
  | { readonly kind: "news"; readonly session: Session; readonly changes: readonly Change[] }
  /** An echo or a poll went unanswered. */
  | {
      readonly kind: "missed";
      readonly server: ServerName;
      readonly call: "echo" | "poll";
      readonly misses: number;
      readonly of: number;
      readonly cause: string;
    }
  /** Main was probed from standby. */
  | {
      readonly kind: "checked";
      readonly serving: boolean;
      readonly inRow: number;
      readonly of: number;
      readonly cause: string;
      readonly nextMs: number;
    }
  /** An answer that nobody waits for any more, of a session that is over or a login that took too long. */
  | { readonly kind: "stale"; readonly id: number }
);

/** What the machine wants: a call made, a call given up, or something told. */
export type Output =
  | { readonly kind: "call"; readonly id: number; readonly call: Call }
  | { readonly kind: "drop"; readonly id: number }
  | { readonly kind: "event"; readonly event: SessionEvent };

/** What the machine is told. */
export type SessionInput =
  | { readonly kind: "start" }
  /** The result of the call with that number. */
  | { readonly kind: "result"; readonly id: number; readonly result: Result }
  /** A moment at which something may be due. */
  | { readonly kind: "tick" }
  | { readonly kind: "clearStandby" }
  | { readonly kind: "stop" };
