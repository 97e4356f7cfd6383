// Every number that crosses the edge of the module. ABI.md explains each one.
//
// Read by asc and by tsc alike, so it holds nothing but `export const NAME: i32 = literal;`.
// Numbers are appended and never reused: an old host must be able to refuse what it does not know.

/** Moves when a record, an export or the meaning of a number changes. */
export const ABI_VERSION: i32 = 1;

// Results of the exports (ABI.md, "Results").
export const OK: i32 = 0;
export const NOT_MINE: i32 = 1; //        a well-formed message for the phone's own SIP stack
export const E_PARAM: i32 = -1; //        no such parameter
export const E_RANGE: i32 = -2; //        the value lies outside the range of the parameter
export const E_SERVER: i32 = -3; //       no such server
export const E_LINE: i32 = -4; //         no such line
export const E_LENGTH: i32 = -5; //       empty, or longer than the place it goes to
export const E_TEXT: i32 = -6; //         no such text, or a control character in it
export const E_STATE: i32 = -7; //        not now: already started, or not yet, or outputs wait for poll()
export const E_COMMAND: i32 = -8; //      no such command
export const E_INCOMPLETE: i32 = -9; //   start without a server, a line, or a text that they need
export const E_NO_CHALLENGE: i32 = -10; // a 401 or 407 that asks nothing
export const E_UNSUPPORTED: i32 = -11; //  only schemes or algorithms we do not speak
export const E_TOO_LONG: i32 = -12; //     a realm, nonce or opaque longer than we keep
export const E_NO_ACCOUNT: i32 = -13; //   we have no account for that server

// Reasons to refuse a datagram; counted, and told by the event `packetRefused`. `receive` returns -32 - reason.
export const REFUSED_BASE: i32 = -32;
export const R_MALFORMED: i32 = 0; //     not SIP, or a broken start line or header
export const R_TRUNCATED: i32 = 1; //     ends before its headers or its body do
export const R_FOREIGN: i32 = 2; //       from an address that is none of ours (acceptOnlyFromServer)
export const R_UNKNOWN_ANSWER: i32 = 3; // answers nothing we asked: a guess
export const R_LATE: i32 = 4; //          answers a request that is already answered or given up
export const R_MISMATCH: i32 = 5; //      the branch is ours, Call-ID, tag or CSeq is not
export const R_OVERSIZED: i32 = 6; //     longer than the input buffer
export const REFUSED_COUNT: i32 = 7;

// What poll() returns, and Output.kind.
export const OUT_SLEEP: i32 = 0; //   nothing to do for Output.sleepMs
export const OUT_SEND: i32 = 1; //    send Output.length bytes at Output.at to Output.server
export const OUT_EVENT: i32 = 2; //   Output.event happened
export const OUT_STOPPED: i32 = 3; // stopped: bindings are removed, nothing more will come
export const OUT_FLOW: i32 = 4; //    open a flow to target Output.target of Output.server, and forget its earlier one
export const OUT_FIELD: i32 = 5; //   Output.length bytes at Output.at: a header that Output.server sent with a grant

// Which header (Output.target of OUT_FIELD).
export const FIELD_NONE: i32 = 0; //          what follows replaces what the server sent before
export const FIELD_PATH: i32 = 1; //          RFC 3327
export const FIELD_SERVICE_ROUTE: i32 = 2; // RFC 3608

// What became of a flow (flow()); input `a` of RULE_TRANSPORT, where 0 is an error that ICMP reported.
export const FLOW_UP: i32 = 1; //            connected, and over TLS verified
export const FLOW_REFUSED: i32 = 2; //       cannot be opened: refused, unreachable, no address
export const FLOW_LOST: i32 = 3; //          was up; the other side closed or reset it
export const FLOW_BROKEN: i32 = 4; //        its bytes are no SIP, or the other side went silent
export const FLOW_TLS: i32 = 5; //           the handshake failed
export const FLOW_TLS_EXPIRED: i32 = 6; //   the certificate is expired, or not valid yet
export const FLOW_TLS_NAME: i32 = 7; //      the certificate is for another name
export const FLOW_TLS_UNTRUSTED: i32 = 8; // nobody we trust has signed it

// Texts the host sets (setText).
export const TEXT_USER: i32 = 0; //      line: user part of its address of record
export const TEXT_DISPLAY: i32 = 1; //   line: display name, may be empty
export const TEXT_ACCOUNT: i32 = 2; //   line and server: digest user name
export const TEXT_PASSWORD: i32 = 3; //  line and server: digest password
export const TEXT_HOST: i32 = 4; //      server: host as configured, name or address
export const TEXT_ADDRESS: i32 = 5; //   server: address it was resolved to, no brackets
export const TEXT_DOMAIN: i32 = 6; //    server: domain of the address of record there
export const TEXT_LOCAL: i32 = 7; //     server: our own "address:port" towards it, IPv6 in brackets
export const TEXT_AGENT: i32 = 8; //     User-Agent
export const TEXT_INSTANCE: i32 = 9; //  stable name of this device, 8 hex digits
export const TEXT_OLD_CONTACT: i32 = 10; // server: "address:port" of our Contact there in an earlier run
export const TEXT_COUNT: i32 = 11;

export const TRANSPORT_UDP: i32 = 0;
export const TRANSPORT_TCP: i32 = 1;
export const TRANSPORT_TLS: i32 = 2;

/** `server` of receive(): the source is no server of the set; of an event: no server in particular. */
export const SERVER_NONE: i32 = 255;
/** `server` of receive(): no server of the set, but on the host's list of accepted addresses. */
export const SERVER_LISTED: i32 = 254;
/** `line` of a command: every line; of an event: no line in particular. */
export const LINE_ALL: i32 = 65535;
/** Output.sleepMs: no timer runs. */
export const SLEEP_FOREVER: i32 = -1;

// Commands; each harmless in every state.
export const CMD_REFRESH: i32 = 0; //      register again now
export const CMD_RETURN_NOW: i32 = 1; //   end pins, holds and damping once
export const CMD_MOVE_TO: i32 = 2; //      go to `server` and stay until it fails
export const CMD_CALL_FAILED: i32 = 3; //  a call failed: is the binding still there?
export const CMD_CALL_BEGIN: i32 = 4;
export const CMD_CALL_END: i32 = 5;
export const CMD_LINK_DOWN: i32 = 6;
export const CMD_LINK_UP: i32 = 7;
export const CMD_RESTART: i32 = 8; //      as a boot without memory
export const CMD_STOP: i32 = 9; //         remove the bindings and end
export const CMD_CREDENTIALS: i32 = 10; // account or password of the line changed
export const CMD_BINDING_LOST: i32 = 11; // the registrar says that our binding is gone; `server` is a reason REG_*
export const CMD_COUNT: i32 = 12;

// Why a binding is gone (CMD_BINDING_LOST). RFC 3680 §5.3.
export const REG_DEACTIVATED: i32 = 0; //  register again, now
export const REG_PROBATION: i32 = 1; //    register again
export const REG_REJECTED: i32 = 2; //     do not register again
export const REG_TIMEOUT: i32 = 3; //
export const REG_GIVEUP: i32 = 4; //
export const REG_NORESOURCE: i32 = 5; //
export const REG_EXPIRED: i32 = 6; //      it was not refreshed in time
export const REG_UNREGISTERED: i32 = 7; // somebody removed it

// Events (Event.type). The names of contracts are these in camel case.
export const EV_IN_SERVICE: i32 = 1;
export const EV_OUT_OF_SERVICE: i32 = 2;
export const EV_MOVED: i32 = 3;
export const EV_BOUND: i32 = 4;
export const EV_UNBOUND: i32 = 5;
export const EV_REJECTED: i32 = 6;
export const EV_SERVER_UP: i32 = 7;
export const EV_SERVER_SUSPECT: i32 = 8;
export const EV_SERVER_DOWN: i32 = 9;
export const EV_SERVER_HOLDING: i32 = 10;
export const EV_SERVER_COOLING: i32 = 11;
export const EV_FAILBACK_SCHEDULED: i32 = 12;
export const EV_FAILBACK_DEFERRED: i32 = 13;
export const EV_RETURN_FAILED: i32 = 14;
export const EV_WARNING_ON: i32 = 15;
export const EV_WARNING_OFF: i32 = 16;
export const EV_STANDBY_DOWN: i32 = 17;
export const EV_CONTACT_MISSING: i32 = 18;
export const EV_ADDRESS_CHANGED: i32 = 19;
export const EV_PACKET_REFUSED: i32 = 20;
export const EV_RESTING: i32 = 21;

// Rules (Event.rule): why. Inputs a and b are named beside each.
export const RULE_START: i32 = 1; //        the first service, or the first round of a boot; a: failed rounds; b: 1, it goes on from a snapshot
export const RULE_HEARTBEAT: i32 = 2; //    a: misses in a row, b: allowed misses
export const RULE_TIMEOUT: i32 = 3; //      a: ms waited
export const RULE_TRANSPORT: i32 = 4; //    an error of the transport; packetRefused: a reason R_*, b how many for that reason so far; addressChanged: a settle time, s
export const RULE_STATUS: i32 = 5; //       Event.status is the cause; a: Retry-After, s; 0: none
export const RULE_CREDENTIALS: i32 = 6; //  Event.status; a: E_NO_CHALLENGE .. E_NO_ACCOUNT or 0 as i32
export const RULE_LINK: i32 = 7; //         the local link
export const RULE_LEASE: i32 = 8; //        granted or run out; a: seconds granted, b: seconds asked
export const RULE_CALLS: i32 = 9; //        a: calls on the line
export const RULE_DAMPING: i32 = 10; //     a: penalty, b: limit
export const RULE_HOLD: i32 = 11; //        a: back-to-primary delay, s
export const RULE_FAILOVER: i32 = 12; //    a: server left (255 none)
export const RULE_FAILBACK: i32 = 13; //    a: server left
export const RULE_COMMAND: i32 = 14; //     a: the command

// What is due next (Event.next, LineView.next).
export const NEXT_NONE: i32 = 0;
export const NEXT_REGISTER: i32 = 1; //  a REGISTER is being sent
export const NEXT_REFRESH: i32 = 2;
export const NEXT_ROUND: i32 = 3; //     the next round of attempts
export const NEXT_RETRY: i32 = 4; //     an exclusion, a rest or a cooling ends
export const NEXT_RETURN: i32 = 5; //    a hold or damping ends
export const NEXT_HEARTBEAT: i32 = 6;
export const NEXT_CALL_END: i32 = 7;
export const NEXT_LINK: i32 = 8; //      the link has to come up
export const NEXT_GIVE_UP: i32 = 9; //   a time-out

// Health of a server (ServerView.health).
export const UNKNOWN: i32 = 0;
export const UP: i32 = 1;
export const SUSPECT: i32 = 2;
export const DOWN: i32 = 3;
export const HOLDING: i32 = 4;
export const COOLING: i32 = 5;

// State of a line (LineView.state).
export const LINE_OFF: i32 = 0; //       not configured, or not started
export const LINE_STARTING: i32 = 1; //  waits for its place in the start or failover spread
export const LINE_SEEKING: i32 = 2; //   out of service, asking a server
export const LINE_WAITING: i32 = 3; //   out of service until the next round
export const LINE_RESTING: i32 = 4; //   out of service, every server refuses this account
export const LINE_SERVED: i32 = 5; //    in service
export const LINE_CUT: i32 = 6; //       the local link is down
export const LINE_LEAVING: i32 = 7; //   stop: its binding is being removed
