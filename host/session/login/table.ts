// The states of an application session and what follows from what: one row each, and no rule stands elsewhere.
//
// DESIGN.md D39 has the reasons. Above: machine.ts, which looks a row up and does as it says.

export type State =
  | "off" //          not started
  | "starting" //     the first login at main; nothing has failed yet
  | "main" //         logged in at main
  | "closing" //      a session that is lost is being ended
  | "mainLogin" //    no session: logging in at main
  | "standbyLogin" // no session: logging in at standby
  | "standby" //      logged in at standby; main is probed
  | "leaving" //      main serves again: the standby session is being ended
  | "returning" //    and main is being logged in to
  | "waiting" //      neither let us in: a pause
  | "ending" //       told to stop; what is open is being ended
  | "over"; //        stopped

export type Input =
  | "start"
  | "opened" //      the login succeeded
  | "failed" //      it did not; there is a standby server to ask
  | "failedAlone" // it did not, and there is none, or it rests after a refusal
  | "rejected" //    the server refused our credentials
  | "lost" //        the open session is of no use any more
  | "ended" //       the server let the session go, or took too long
  | "endedHollow" // the same of main, which lets us in again and again and keeps no session
  | "back" //        main was found serving often enough
  | "due" //         the pause is over
  | "cleared" //     the standby server was taken out of the configuration
  | "stop";

export type Action =
  | "begin" //       ping standby if there is one, log in at main
  | "askMain"
  | "askStandby"
  | "askAgain" //    a return has failed: check less often, log in at standby
  | "hold" //        take the session up: poll, echo, and on standby probe main
  | "end" //         end the session
  | "pause"
  | "restMain" //    pause as long as a server rests that refused us
  | "restStandby" // pause, and leave standby alone for as long
  | "nothing";

/** What the one warning display says: nothing, or which of two things is wrong. */
export type Banner = "none" | "standby" | "noPbx";

export interface Row {
  readonly from: State;
  readonly input: Input;
  readonly action: Action;
  readonly to: State;
  /** Why, in a sentence; told with each change of state. */
  readonly rule: string;
  readonly source: string;
}

/** The guide of the queue manager whose behaviour this is, clients of the same maker, and what is ours to decide. */
const GUIDE = "innovaphone Howto: IQM Active/Standby PBX";
const CLIENTS = "innovaphone Reference 13r3, Concept myApps Redundancy";
const OURS = "DESIGN.md D39";

function row(from: State, input: Input, action: Action, to: State, rule: string, source: string): Row {
  return { from, input, action, to, rule, source };
}

// biome-ignore format: a row, a line
export const TABLE: readonly Row[] = [
  row("off",          "start",       "begin",       "starting",     "main is asked; a standby server, if there is one, is pinged meanwhile", GUIDE),
  row("off",          "stop",        "nothing",     "over",         "nothing was begun", OURS),

  row("starting",     "opened",      "hold",        "main",         "main lets us in", GUIDE),
  row("starting",     "failed",      "askStandby",  "standbyLogin", "main cannot be reached at the start: standby", GUIDE),
  row("starting",     "failedAlone", "pause",       "waiting",      "no standby may be asked: main again after a pause", GUIDE),
  row("starting",     "rejected",    "restMain",    "waiting",      "a refusal is no outage: standby is not asked", OURS),
  row("starting",     "stop",        "nothing",     "ending",       "the login under way decides", OURS),

  row("main",         "lost",        "end",         "closing",      "the old session goes first, as far as it can be reached", OURS),
  row("main",         "stop",        "end",         "ending",       "log out", OURS),
  row("closing",      "ended",       "askMain",     "mainLogin",    "main first, then standby", CLIENTS),
  row("closing",      "endedHollow", "askStandby",  "standbyLogin", "no session at main lasts: standby", OURS),
  row("closing",      "stop",        "nothing",     "ending",       "it is logging out already", OURS),

  row("mainLogin",    "opened",      "hold",        "main",         "main lets us in", GUIDE),
  row("mainLogin",    "failed",      "askStandby",  "standbyLogin", "main cannot be reached: standby", GUIDE),
  row("mainLogin",    "failedAlone", "pause",       "waiting",      "no standby may be asked: main again after a pause", GUIDE),
  row("mainLogin",    "rejected",    "restMain",    "waiting",      "a refusal is no outage: standby is not asked", OURS),
  row("mainLogin",    "stop",        "nothing",     "ending",       "the login under way decides", OURS),

  row("standbyLogin", "opened",      "hold",        "standby",      "standby lets us in: the warning is on", GUIDE),
  row("standbyLogin", "failed",      "pause",       "waiting",      "neither lets us in: again after a pause", OURS),
  row("standbyLogin", "rejected",    "restStandby", "waiting",      "standby rests, and main goes on being asked", OURS),
  row("standbyLogin", "cleared",     "askMain",     "mainLogin",    "main is the only server from now on", GUIDE),
  row("standbyLogin", "stop",        "nothing",     "ending",       "the login under way decides", OURS),

  row("standby",      "back",        "end",         "leaving",      "the standby session is forced down first", GUIDE),
  row("standby",      "lost",        "end",         "closing",      "the old session goes first, as far as it can be reached", OURS),
  row("standby",      "cleared",     "end",         "closing",      "main is the only server from now on", GUIDE),
  row("standby",      "stop",        "end",         "ending",       "log out", OURS),

  row("leaving",      "ended",       "askMain",     "returning",    "and then main is started", GUIDE),
  row("leaving",      "cleared",     "nothing",     "closing",      "main is the only server from now on", GUIDE),
  row("leaving",      "stop",        "nothing",     "ending",       "it is logging out already", OURS),
  row("returning",    "opened",      "hold",        "main",         "back at main: the warning is off", GUIDE),
  row("returning",    "failed",      "askAgain",    "standbyLogin", "the return failed: standby, and main is checked half as often", OURS),
  row("returning",    "rejected",    "askAgain",    "standbyLogin", "the return failed: standby, and main is checked half as often", OURS),
  row("returning",    "cleared",     "nothing",     "mainLogin",    "main is the only server from now on", GUIDE),
  row("returning",    "stop",        "nothing",     "ending",       "the login under way decides", OURS),

  row("waiting",      "due",         "askMain",     "mainLogin",    "main first, then standby", CLIENTS),
  row("waiting",      "stop",        "nothing",     "over",         "nothing is open", OURS),

  row("ending",       "opened",      "end",         "ending",       "what was opened meanwhile is ended", OURS),
  row("ending",       "failed",      "nothing",     "over",         "nothing is open", OURS),
  row("ending",       "failedAlone", "nothing",     "over",         "nothing is open", OURS),
  row("ending",       "rejected",    "nothing",     "over",         "nothing is open", OURS),
  row("ending",       "ended",       "nothing",     "over",         "nothing is open", OURS),
  row("ending",       "endedHollow", "nothing",     "over",         "nothing is open", OURS),
];

/** What the display says in each state: the warning is on exactly while it is not `none`. */
export const BANNERS: Readonly<Record<State, Banner>> = {
  off: "none",
  starting: "none", // nothing has failed yet
  main: "none",
  closing: "noPbx",
  mainLogin: "noPbx",
  standbyLogin: "noPbx",
  standby: "standby",
  leaving: "standby",
  returning: "standby",
  waiting: "noPbx",
  ending: "none", // nobody works here any more
  over: "none",
};

export const STATES = Object.keys(BANNERS) as readonly State[];

export const INPUTS: readonly Input[] = [
  "start",
  "opened",
  "failed",
  "failedAlone",
  "rejected",
  "lost",
  "ended",
  "endedHollow",
  "back",
  "due",
  "cleared",
  "stop",
];

/** What follows; undefined: the input means nothing in that state. */
export function rowFor(state: State, input: Input): Row | undefined {
  return TABLE.find((one) => one.from === state && one.input === input);
}
