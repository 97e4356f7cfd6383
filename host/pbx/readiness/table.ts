// The states of a start, as rows. Sources: the options' guide (options.ts) and DESIGN.md D37.
//
// Above: readiness.ts, which turns what happens into inputs and carries the actions out.

export type ReadinessState = "STARTING" | "CHECKING" | "OK" | "SERVICE_UNAVAILABLE";

/**
 * unchecked, checked: the start, by the plan; complete: the last part that was missing is there;
 * failed: a part said that it cannot; timeOver: `backup-init-check-timeout` after the start;
 * promoted, demoted: the node became active, or gave that up.
 */
export type ReadinessInput =
  | "unchecked"
  | "checked"
  | "complete"
  | "failed"
  | "timeOver"
  | "promoted"
  | "demoted";

/**
 * arm: the timeout begins; pass: all is there, however late, and the node may listen; refuse: tell what is missing;
 * doubleFailure: it serves, and tells what it lacks; relieve: that is over; none: stay.
 */
export type ReadinessAction = "none" | "arm" | "pass" | "refuse" | "doubleFailure" | "relieve";

export interface ReadinessRow {
  readonly state: ReadinessState;
  readonly input: ReadinessInput;
  readonly action: ReadinessAction;
  readonly next: ReadinessState;
}

type Row = readonly [ReadinessState, ReadinessInput, ReadinessAction, ReadinessState];

// biome-ignore format: a row, a line
const ROWS: readonly Row[] = [
  // state                input        action           next
  ["STARTING",            "unchecked", "pass",          "OK"], //                  "Default Value: false"; a primary checks nothing
  ["STARTING",            "checked",   "arm",           "CHECKING"], //            "during startup"
  ["CHECKING",            "complete",  "pass",          "OK"], //                  "all internal components are successfully initialized"
  ["CHECKING",            "failed",    "refuse",        "SERVICE_UNAVAILABLE"], // "If the SIP port does not open"; D37: no need to wait
  ["CHECKING",            "timeOver",  "refuse",        "SERVICE_UNAVAILABLE"], // "the timeout for internal components"
  ["CHECKING",            "promoted",  "doubleFailure", "CHECKING"], //            D37: a switch-over while one is not ready
  ["CHECKING",            "demoted",   "relieve",       "CHECKING"],
  ["SERVICE_UNAVAILABLE", "complete",  "pass",          "OK"], //                  D37: late success counts
  ["SERVICE_UNAVAILABLE", "failed",    "refuse",        "SERVICE_UNAVAILABLE"], // another part, or another reason
  ["SERVICE_UNAVAILABLE", "promoted",  "doubleFailure", "SERVICE_UNAVAILABLE"], // D37
  ["SERVICE_UNAVAILABLE", "demoted",   "relieve",       "SERVICE_UNAVAILABLE"],
];

/** Every pair that stands in no row changes nothing. In OK nothing does: it is a check of the start. */
export const READINESS_TABLE: readonly ReadinessRow[] = ROWS.map(([state, input, action, next]) => ({
  state,
  input,
  action,
  next,
}));

export function readinessRow(state: ReadinessState, input: ReadinessInput): ReadinessRow {
  const row = READINESS_TABLE.find((each) => each.state === state && each.input === input);
  return row ?? { state, input, action: "none", next: state };
}
