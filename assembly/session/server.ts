// A server of the set: where it is, what it said last, and the heartbeat that asks it.
//
// A record at a fixed address, never moved, never freed; its rank is its index. The record begins with
// its heartbeat's request. Below: base/, session/transaction. Above: session/heartbeat, policy/.

import { SERVERS } from "../base/limits";
import { SERVER_RECORDS, SERVER_SIZE, SERVER_STRIDE } from "../base/memory";
import { copyText } from "../base/text";
import { bootRequest, Request } from "./transaction";

// Server.news: what the lines have to hear of a server.
export const NEWS_FELL: u8 = 1; //    it went DOWN or COOLING
export const NEWS_RECHECK: u8 = 2; // silent, but it never answered a heartbeat: ask by REGISTER
export const NEWS_MOVED: u8 = 4; //   it redirects heartbeats: its lines have to ask where to go
export const NEWS_COOLED: u8 = 8; //  its Retry-After is over

/** boundVersion of a binding that an earlier run may have left under oldContactOf(); no contactVersion is it. */
export const EARLIER: u8 = 255;

// Server.flow: the way to the target in use. Over UDP it is always open.
export const SHUT: u8 = 0; //    the next request opens it
export const OPENING: u8 = 1; // the host is at it
export const OPEN: u8 = 2; //

/** Bytes of a text with its length byte. */
export const HOST_SIZE: u32 = 64;
export const LOCAL_SIZE: u32 = 56;

/** A server. From `health` on the host may read it: ABI.md, "ServerView". */
@unmanaged
export class Server extends Request {
  /** Good heartbeats in a row while DOWN. */
  goods: u8;
  /** 1: DOWN for so long that REGISTER asks it too. */
  longDown: u8;
  /** Times it was asked out of turn without a miss or a binding in between. */
  outOfTurn: u8;
  /** UNKNOWN, UP, SUSPECT, DOWN, HOLDING, COOLING: a state of policy/health.ts. */
  health: u8;
  /** Heartbeats lost in a row. */
  misses: u8;
  /** 1: it has answered a heartbeat well, so silence means something. */
  heard: u8;
  /** 1: the heartbeat under way is the check at the start. */
  startup: u8;
  /** Ms until a hold or a cooling ends, 0: none runs. Filled when the host asks. */
  untilMs: u32;
  /** Flap penalty. */
  penalty: u32;
  /** Ms until a suspension of moves back ends at the latest, 0: none runs. Filled when the host asks. */
  suspendedMs: u32;
  /** Ms until the next heartbeat, 2^32-1: none is planned. Filled when the host asks. */
  heartbeatMs: u32;
  /** When a REGISTER last went to it, as a rising number: the smallest was tried least recently. */
  tried: u32;
  /** When it was DOWN last, host ms. */
  backAt: u32;
  /** Flow-Timer of the last grant, s; 0: none. RFC 5626 §5.4. */
  flowTimer: u16;
  /** Number of our public address towards it, 1..254; rises when the address changes. */
  contactVersion: u8;
  /** Bits NEWS_*: what the lines have not acted on yet. */
  news: u8;
  /** Targets that failed since the last good word. RFC 3263 §4.3. */
  spent: u8;
  /** 1: requests were lost with a flow and sent again on another; not twice between two good words. */
  resent: u8;
  /** 1: this flow has answered a keepalive, so silence means something. RFC 5626 §4.4.1. */
  ponged: u8;
  /** Flows in a row that were lost soon after they opened, saturating at 16. RFC 5626 §4.5. */
  losses: u8;
  /** 1: a keepalive has to be sent now. */
  keepDue: u8;
  // Below here a boot forgets nothing, but the flow of a stream.
  /** SHUT, OPENING, OPEN; over UDP SHUT until the host has heard of another target. */
  flow: u8;
  /** UDP or TCP port, 1..65535; 0: this server is not configured. */
  port: u16;
  /** TRANSPORT_UDP, TRANSPORT_TCP, TRANSPORT_TLS. */
  transport: u8;
  /** Number of the flow, rising: what is told of an earlier one counts no more. */
  generation: u8;
  /** Index of the resolved address in use. */
  target: u8;
  /** How many there are, 1..TARGETS_MAX; 0: one. RFC 3263 §4. */
  targets: u8;
}

/** Where the host begins to read. */
export const SERVER_VIEW: usize = offsetof<Server>("health");
const HOST_AT: usize = (offsetof<Server>() + 3) & ~3;
const ADDRESS_AT: usize = HOST_AT + HOST_SIZE;
const DOMAIN_AT: usize = ADDRESS_AT + LOCAL_SIZE;
const LOCAL_AT: usize = DOMAIN_AT + HOST_SIZE;
const CONTACT_AT: usize = LOCAL_AT + LOCAL_SIZE;
const OLD_CONTACT_AT: usize = CONTACT_AT + LOCAL_SIZE;
if (OLD_CONTACT_AT + LOCAL_SIZE !== SERVER_SIZE) ERROR("Server resized: base/memory.ts");

/** The server of rank `at`, 0..SERVERS-1. */
export function server(at: u32): Server {
  assert(at < SERVERS);
  return changetype<Server>(SERVER_RECORDS + at * SERVER_STRIDE);
}

/** Host as configured. */
export function hostOf(at: u32): usize {
  return changetype<usize>(server(at)) + HOST_AT;
}

/** Address the host was resolved to, without brackets. */
export function addressOf(at: u32): usize {
  return changetype<usize>(server(at)) + ADDRESS_AT;
}

/** Domain of the address of record at this server. */
export function domainOf(at: u32): usize {
  return changetype<usize>(server(at)) + DOMAIN_AT;
}

/** Our own "address:port" towards it. */
export function localOf(at: u32): usize {
  return changetype<usize>(server(at)) + LOCAL_AT;
}

/** "address:port" that stands in our Contact there: ours, or as the server sees us. RFC 3581 §4. */
export function contactOf(at: u32): usize {
  return changetype<usize>(server(at)) + CONTACT_AT;
}

/** The Contact address under which a line was bound last before the present one; that binding has to be removed. */
export function oldContactOf(at: u32): usize {
  return changetype<usize>(server(at)) + OLD_CONTACT_AT;
}

/** Forgets what was learnt; keeps how the server is configured. New identifiers for a new boot. */
export function bootServer(at: u32): void {
  const it = server(at);
  memory.fill(changetype<usize>(it), 0, offsetof<Server>("flow"));
  it.contactVersion = 1;
  if (it.transport !== 0) it.flow = SHUT;
  bootRequest(it, at);
  copyText(contactOf(at), localOf(at), LOCAL_SIZE);
}
