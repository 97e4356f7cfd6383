// The rules of a standby's role as rows: in this role, on this input, do this, then be that. DESIGN.md D34.
//
// One rule stands behind all of them: a client is sent to the master exactly while the standby itself is registered
// there, and after an outage has been so for returnDelay; otherwise the standby serves it. The two delays keep a short
// error from moving anybody. Above: role.ts.

export type RoleName = "UNREGISTERED" | "STANDBY" | "LOST" | "ACTIVE" | "RETURNING";

/** What happened. The last two come from the clock, when the delay that the role waits for is over. */
export type Input = "registered" | "lost" | "takeoverDue" | "returnDue";

/**
 * note: keep the newest cause. join: stand by. wait: begin takeoverDelay. resume: nothing has changed for anybody.
 * takeOver: serve, raise the alarm. watch: begin returnDelay. stay: the return failed. handBack: stand by, clear the
 * alarm, give the bindings back.
 */
export type Action = "note" | "join" | "wait" | "resume" | "takeOver" | "watch" | "stay" | "handBack";

export interface Row {
  readonly role: RoleName;
  readonly input: Input;
  readonly action: Action;
  readonly next: RoleName;
  /** Why, in a sentence; told with each change of role. */
  readonly rule: string;
  readonly source: string;
}

/** In the order of the life of a pair; every grid is printed in it. */
export const ROLES: readonly RoleName[] = ["UNREGISTERED", "STANDBY", "LOST", "ACTIVE", "RETURNING"];
export const INPUTS: readonly Input[] = ["registered", "lost", "takeoverDue", "returnDue"];

/** What the vendor's guide says of each switch, and what is ours to decide. */
const GUIDE = "innovaphone Howto13r3, Setting up a Standby PBX";
const DIVERTS = `${GUIDE}: in the standby role registrations are diverted to the master`;
const TAKES_OVER = `${GUIDE}: without the master or the way to it, registrations are accepted`;
const TIMEOUT = `${GUIDE}: roles are switched after a time-out only, so short errors switch nothing`;
const RETURNS = `${GUIDE}: the master that is back takes its role again`;
const OURS = "DESIGN.md D34";

function row(
  role: RoleName,
  input: Input,
  action: Action,
  next: RoleName,
  rule: string,
  source: string,
): Row {
  return { role, input, action, next, rule, source };
}

/** Cells without a row are silent: nothing is done, nothing changes. */
// biome-ignore format: one row, one line
export const ROWS: readonly Row[] = [
  row("UNREGISTERED", "registered",  "join",     "STANDBY",      "the master is there: it serves", DIVERTS),
  row("UNREGISTERED", "lost",        "note",     "UNREGISTERED", "the delay runs from the start", OURS),
  row("UNREGISTERED", "takeoverDue", "takeOver", "ACTIVE",       "no master since the start: serve from what is stored", TAKES_OVER),

  row("STANDBY",      "lost",        "wait",     "LOST",         "a short loss moves nobody: wait takeoverDelay", TIMEOUT),

  row("LOST",         "registered",  "resume",   "STANDBY",      "back in time: nothing has changed for anybody", TIMEOUT),
  row("LOST",         "lost",        "note",     "LOST",         "the delay runs from the first loss", OURS),
  row("LOST",         "takeoverDue", "takeOver", "ACTIVE",       "takeoverDelay is over: serve", TAKES_OVER),

  row("ACTIVE",       "registered",  "watch",    "RETURNING",    "the master has to stay for returnDelay first", TIMEOUT),
  row("ACTIVE",       "lost",        "note",     "ACTIVE",       "it serves already", TAKES_OVER),

  row("RETURNING",    "lost",        "stay",     "ACTIVE",       "the master did not stay: go on serving", TIMEOUT),
  row("RETURNING",    "returnDue",   "handBack", "STANDBY",      "returnDelay is over: the master serves again", RETURNS),
];

/** The row of a cell; undefined: it is silent. */
export function rowOf(role: RoleName, input: Input): Row | undefined {
  return ROWS.find((one) => one.role === role && one.input === input);
}
