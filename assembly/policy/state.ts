// The one record of the phone: cause, queue, and what holds for all lines and servers.
//
// Below: base/. Above: the rest of policy/.

import { REFUSED_COUNT } from "../abi";
import { PHONE, PHONE_SIZE, REFUSALS, REFUSALS_SIZE } from "../base/memory";

// Phone.phase.
export const OFF: u8 = 0; //      being configured
export const RUNNING: u8 = 1; //
export const STOPPING: u8 = 2; // the bindings are being removed
export const STOPPED: u8 = 3; //

@unmanaged
export class Phone {
  /** Rule of the cause, see because(). */
  rule: u8;
  /** OFF, RUNNING, STOPPING, STOPPED. */
  phase: u8;
  /** 1: the local link is up. */
  linked: u8;
  /** 1: something changed that a line may have to act on. */
  changed: u8;
  /** Servers declared, 0..SERVERS. */
  servers: u8;
  /** Server that an answer in TX goes to. */
  replyTo: u8;
  /** SIP status of the cause, 0: none. */
  status: u16;
  /** First input of the cause. */
  a: u32;
  /** Second input of the cause. */
  b: u32;
  /** Bytes of an answer that waits in TX, 0: none. */
  replyLength: u16;
  /** Place of the oldest queued event. */
  firstEvent: u16;
  /** Events queued. */
  queued: u16;
  /** Server whose grant lies in RX with headers to hand out, plus 1; 0: none. */
  offers: u8;
  /** 1: the handing out has begun. */
  offering: u8;
  /** A number that rises with each attempt. */
  attempts: u32;
}
if (offsetof<Phone>() !== PHONE_SIZE) ERROR("Phone resized: base/memory.ts");

// A count for each reason R_*.
if (4 * REFUSED_COUNT !== REFUSALS_SIZE) ERROR("reasons added: base/memory.ts");

/** The phone. */
export function phone(): Phone {
  return changetype<Phone>(PHONE);
}

/** Has the host read all that the last input caused? */
export function isDrained(): bool {
  const it = phone();
  return it.queued === 0 && it.replyLength === 0 && it.offers === 0;
}

/** Something changed that a line may have to act on. */
export function changed(): void {
  phone().changed = 1;
}

/** How many datagrams were refused for `reason`, R_*. Wraps. */
export function refusals(reason: u32): u32 {
  return load<u32>(REFUSALS + 4 * reason);
}

/** Counts one refusal. */
export function countRefusal(reason: u32): void {
  store<u32>(REFUSALS + 4 * reason, refusals(reason) + 1);
}
