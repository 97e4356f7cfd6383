// A server of the set: where it is, what it said last, and the heartbeat that asks it.
//
// A record at a fixed address, never moved, never freed. Below: base/, session/transaction.
// Above: session/heartbeat, policy/.

import { UNKNOWN } from "./states";
import { SERVERS } from "../base/limits";
import { SERVER_RECORDS, SERVER_SIZE } from "../base/memory";
import { draw } from "../base/random";
import { keepText, textFrom, textLength } from "../base/text";
import { ID_SIZE, REQUEST_SIZE, Request } from "./transaction";

// The timers of a server, in the order they fire when due together.
export const TIMER_UNTIL: u32 = 0; //    end of HOLDING or COOLING           DESIGN.md D10
export const TIMER_SUSPENDED: u32 = 1; // end of a suspension of moves back   DESIGN.md D14
export const TIMER_DECAY: u32 = 2; //    the flap penalty halves             DESIGN.md D14
export const TIMER_FLAP: u32 = 3; //     end of the time in which a fall counts as flapping
export const TIMER_GRACE: u32 = 4; //    end of the time in which a good answer needs no hold
export const TIMER_LAPSE: u32 = 5; //    a DOWN backup is forgotten
export const TIMER_LONG_DOWN: u32 = 6; // DOWN so long that REGISTER asks as well
export const TIMER_RETURN: u32 = 7; //   the back-to-primary delay since it went DOWN
export const TIMER_SETTLE: u32 = 8; //   no further change of our public address until then
export const TIMER_RETRY: u32 = 9; //    ask a suspected server again
export const SERVER_ENDS: u32 = 0x1ff; // the first nine

// What the lines have to hear of a server.
export const NEWS_FELL: u8 = 1; //    it went DOWN or COOLING
export const NEWS_RECHECK: u8 = 2; // silent, but it never answered a heartbeat: ask by REGISTER
export const NEWS_MOVED: u8 = 4; //   it redirects heartbeats: its lines have to ask where to go
export const NEWS_COOLED: u8 = 8; //  its Retry-After is over

/** Bytes of a text with its length byte. */
export const HOST_SIZE: u32 = 64;
export const LOCAL_SIZE: u32 = 56;

/** A server. Its timers lie at its start: pass its address to base/timer. */
@unmanaged
export class Server {
  /** Bit n: timer n runs; ten deadlines follow. */
  armed: u32;
  deadline0: u32;
  deadline1: u32;
  deadline2: u32;
  deadline3: u32;
  deadline4: u32;
  deadline5: u32;
  deadline6: u32;
  deadline7: u32;
  deadline8: u32;
  deadline9: u32;
  /** Flap penalty. */
  penalty: u32;
  /** CSeq of the last heartbeat. */
  cseq: u32;
  /** From tag of heartbeats, 4 bytes. */
  tag: u32;
  /** Call-ID of heartbeats, 8 bytes: one for a boot, so that a late answer is known as ours. */
  callId: u64;
  /** When a REGISTER last went to it, as a rising number: the smallest was tried least recently. */
  triedAt: u32;
  /** UDP or TCP port, 1..65535; 0: this server is not configured. */
  port: u16;
  /** TRANSPORT_UDP, TRANSPORT_TCP, TRANSPORT_TLS. */
  transport: u8;
  /** A state of policy/health.ts. */
  health: u8;
  /** Heartbeats lost in a row. */
  misses: u8;
  /** Good heartbeats in a row while DOWN. */
  goods: u8;
  /** 1: it has answered a heartbeat well, so silence means something. */
  heard: u8;
  /** 1: DOWN for so long that REGISTER asks it too. */
  longDown: u8;
  /** Times it was asked out of turn without a miss or a binding in between. */
  outOfTurn: u8;
  /** 1: the heartbeat under way is the check at the start. */
  startup: u8;
  /** Number of our public address towards it, from 1; rises when the address changes. */
  contactVersion: u8;
  /** Bits NEWS_*: what the lines have not acted on yet. */
  news: u8;
}

const REQUEST_AT: u32 = 80;
const HOST_AT: u32 = REQUEST_AT + REQUEST_SIZE;
const ADDRESS_AT: u32 = HOST_AT + HOST_SIZE;
const DOMAIN_AT: u32 = ADDRESS_AT + LOCAL_SIZE;
const LOCAL_AT: u32 = DOMAIN_AT + HOST_SIZE;
const CONTACT_AT: u32 = LOCAL_AT + LOCAL_SIZE;
const OLD_CONTACT_AT: u32 = CONTACT_AT + LOCAL_SIZE;
if (offsetof<Server>() !== REQUEST_AT) ERROR("Server resized");
if (OLD_CONTACT_AT + LOCAL_SIZE !== SERVER_SIZE) ERROR("Server resized: base/memory.ts");

/** The server at `index`, 0..SERVERS-1; its rank is its index. */
export function server(index: u32): Server {
  assert(index < SERVERS);
  return changetype<Server>(SERVER_RECORDS + index * SERVER_SIZE);
}

/** True when the host has declared the server. */
export function isConfigured(index: u32): bool {
  return server(index).port !== 0;
}

/** The OPTIONS transaction of a server. */
export function heartbeatOf(index: u32): Request {
  return changetype<Request>(changetype<usize>(server(index)) + REQUEST_AT);
}

/** Host as configured. */
export function hostOf(index: u32): usize {
  return changetype<usize>(server(index)) + HOST_AT;
}

/** Address the host was resolved to, without brackets. */
export function addressOf(index: u32): usize {
  return changetype<usize>(server(index)) + ADDRESS_AT;
}

/** Domain of the address of record at this server. */
export function domainOf(index: u32): usize {
  return changetype<usize>(server(index)) + DOMAIN_AT;
}

/** Our own "address:port" towards it. */
export function localOf(index: u32): usize {
  return changetype<usize>(server(index)) + LOCAL_AT;
}

/** "address:port" that stands in our Contact there: ours, or as the server sees us. RFC 3581 §4. */
export function contactOf(index: u32): usize {
  return changetype<usize>(server(index)) + CONTACT_AT;
}

/** The Contact address before the last change; its binding has to be removed. */
export function oldContactOf(index: u32): usize {
  return changetype<usize>(server(index)) + OLD_CONTACT_AT;
}

/** Forgets what was learnt; keeps how the server is configured. New identifiers for a new boot. */
export function bootServer(index: u32): void {
  const it = server(index);
  const base = changetype<usize>(it);
  const port = it.port;
  const transport = it.transport;
  memory.fill(base, 0, HOST_AT);
  it.port = port;
  it.transport = transport;
  it.health = UNKNOWN;
  it.contactVersion = 1;
  draw(base + offsetof<Server>("callId"), ID_SIZE);
  draw(base + offsetof<Server>("tag"), 4);
  const local = localOf(index);
  keepText(contactOf(index), LOCAL_SIZE, textFrom(local), textLength(local));
}
