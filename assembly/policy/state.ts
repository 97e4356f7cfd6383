// The one record of the phone: time, cause, queue, and what holds for all lines and servers.
//
// Below: base/. Above: the rest of policy/.

import { REFUSED_COUNT } from "../abi";
import { PHONE, PHONE_SIZE } from "../base/memory";

// The timers of the phone, in the order they fire when due together.
export const TIMER_STOP: u32 = 0; //         stop waits no longer for the removals
export const TIMER_TELL_REFUSED: u32 = 1; // the next event about refused packets may be told
export const TIMER_POINT: u32 = 2; //        grid of primaryDetectInterval     DESIGN.md D11
export const TIMER_BACKUP_POINT: u32 = 3; // grid of backupDetectInterval
export const TIMER_OPTIONS_POINT: u32 = 4; // grid of sipOptionsInterval
export const PHONE_LIMITS: u32 = 0x01;
export const PHONE_ENDS: u32 = 0x02;
export const PHONE_DUES: u32 = 0x1c;

// Phone.phase.
export const OFF: u8 = 0; //      being configured
export const RUNNING: u8 = 1; //
export const STOPPING: u8 = 2; // the bindings are being removed
export const STOPPED: u8 = 3; //

@unmanaged
export class Phone {
  /** Bit n: timer n runs; five deadlines follow. */
  armed: u32;
  deadline0: u32;
  deadline1: u32;
  deadline2: u32;
  deadline3: u32;
  deadline4: u32;
  /** Host time of the last call, ms. */
  now: u32;
  /** First input of the cause, see because(). */
  a: u32;
  /** Second input of the cause. */
  b: u32;
  /** Position of the oldest queued event. */
  firstEvent: u32;
  /** Events queued. */
  queued: u32;
  /** A number that rises with each REGISTER attempt. */
  attempts: u32;
  /** Refused since the last event about it. */
  refusedNow: u32;
  /** SIP status of the cause. */
  status: u16;
  /** Rule of the cause. */
  rule: u8;
  /** OFF, RUNNING, STOPPING, STOPPED. */
  phase: u8;
  /** 1: the local link is up. */
  linked: u8;
  /** 1: something changed that a line may have to act on. */
  changed: u8;
  /** Reason of the last refusal. */
  refusedReason: u8;
  /** Servers declared, 0..SERVERS. */
  servers: u8;
  /** Bytes of an answer that waits in TX, 0: none. */
  replyLength: u16;
  /** Server it goes to. */
  replyTo: u8;
  unused: u8;
  // then a count for each reason R_*
}

const PHONE_RECORD: u32 = 64;
if (offsetof<Phone>() !== PHONE_RECORD) ERROR("Phone resized");
if (PHONE_RECORD + 4 * REFUSED_COUNT !== PHONE_SIZE) ERROR("Phone resized: base/memory.ts");

/** The phone. */
export function phone(): Phone {
  return changetype<Phone>(PHONE);
}

/** Host time of the call under way, ms. */
export function now(): u32 {
  return phone().now;
}

/** Something changed that a line may have to act on. */
export function changed(): void {
  phone().changed = 1;
}

/** How many datagrams were refused for `reason`, R_*. Wraps. */
export function refusals(reason: u32): u32 {
  return load<u32>(PHONE + PHONE_RECORD + 4 * reason);
}

/** Counts one refusal. */
export function countRefusal(reason: u32): void {
  store<u32>(PHONE + PHONE_RECORD + 4 * reason, refusals(reason) + 1);
}
