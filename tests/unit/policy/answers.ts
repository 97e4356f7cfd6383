// The first answer to a line, and what it leaves behind.
//
// Above: attempt.spec.ts and its part.

import { binding } from "../../../assembly/session/account";
import { left, T_EXCLUDED } from "../../../assembly/session/timers";
import { answer, phoneOf, told } from "../phone";

/** The first answer of the primary to line 6000. @returns what the phone said after it */
export function first(status: string, more: string = ""): string {
  phoneOf();
  told();
  answer(0, status, more);
  return told();
}

/** How line 6000 leaves the primary out: kind, and ms as `from..to` when it lies between them. */
export function excluded(): string {
  const kind = binding(0, 0).excluded;
  return kind.toString() + " " + left(T_EXCLUDED, binding(0, 0).id).toString();
}
