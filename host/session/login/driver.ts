// The four calls by which a session talks to a server, and what can come of each.
//
// Whoever speaks another protocol writes a `Driver`; host/node/session/soap-driver.ts is the one for HTTP and SOAP.
// The machine never sees a name, a secret or a socket: it says which server, and hears a result. Above: machine.ts.

/** The two servers of a session. */
export type ServerName = "main" | "standby";

/** What a server gave us at login. */
export interface Ticket {
  /** Its name for the session. Two servers may hand out the same one. */
  readonly id: string;
  /** What proves that the session is ours. */
  readonly key: string;
}

/** An open session. */
export interface Session {
  readonly server: ServerName;
  readonly ticket: Ticket;
  /** Ours for it: no other session of this run has the same, whatever the servers call theirs. */
  readonly serial: number;
}

/** Something that is new in a session: a user or a call, as the server tells it. */
export interface Change {
  readonly kind: "user" | "call";
  readonly id: string;
  /** undefined: it is gone. */
  readonly state: string | undefined;
}

/** Why a server is of no use just now. */
export type FailureCause =
  | "timeout" //    no answer in time
  | "refused" //    nobody listens there
  | "unreachable" // no way to it, no address, a connection that broke
  | "tls" //        its certificate is not accepted
  | "booting" //    it answers, and does not serve
  | "standingBy" // it answers that another server is active
  | "noKey" //      it answers a login with key 0
  | "garbled"; //   it answers what we do not understand

export interface Failed {
  readonly kind: "failed";
  readonly cause: FailureCause;
  /** For people; never a secret. */
  readonly text: string;
  /** Whether something answered at all. */
  readonly answered: boolean;
}

/** The server answers, and does not want us: credentials that it does not know. It is no outage. */
export interface Rejected {
  readonly kind: "rejected";
  readonly text: string;
}

/** The server does not know the session. */
export interface Gone {
  readonly kind: "gone";
  readonly text: string;
}

export type OpenResult = { readonly kind: "opened"; readonly ticket: Ticket } | Failed | Rejected;
export type PollResult =
  | { readonly kind: "news"; readonly changes: readonly Change[] }
  | Gone
  | Failed
  | Rejected;
export type ProbeResult = { readonly kind: "serving" } | Gone | Failed | Rejected;
export type EndResult = { readonly kind: "ended" } | Gone | Failed | Rejected;
export type Result = OpenResult | PollResult | ProbeResult | EndResult;

/**
 * A way to talk to the servers. No call throws: what goes wrong is a result. A call is given up when its signal is
 * aborted, and then its result does not matter. `open` alone has no signal: an answer that is late says which session has
 * to be ended. It settles by itself, within a minute or so.
 */
export interface Driver {
  /** Logs in. */
  open(server: ServerName): Promise<OpenResult>;
  /** Waits for news of a session. */
  poll(session: Session, signal: AbortSignal): Promise<PollResult>;
  /** Whether the session is well; without one, whether the server would log us in. Opens nothing. */
  probe(server: ServerName, session: Session | undefined, signal: AbortSignal): Promise<ProbeResult>;
  /** Logs out. */
  end(session: Session, signal: AbortSignal): Promise<EndResult>;
  /** Nothing more is asked of it: it lets go of its connections. */
  close(): void;
}

/** A call that the machine wants made. */
export type Call =
  | { readonly kind: "open"; readonly server: ServerName }
  | { readonly kind: "poll"; readonly session: Session }
  | { readonly kind: "probe"; readonly server: ServerName; readonly session?: Session }
  | { readonly kind: "end"; readonly session: Session };

/** Whom a call is for. */
export function serverOf(call: Call): ServerName {
  return call.kind === "poll" || call.kind === "end" ? call.session.server : call.server;
}

/** What a result says, for people. */
export function wordsOf(result: Result): string {
  return "text" in result ? result.text : result.kind;
}
