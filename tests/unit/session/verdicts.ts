// A line that asks server 0, and the verdicts on what comes back.
//
// Above: registration.spec.ts and its part.

import { Binding, binding, bootLine } from "../../../assembly/session/account";
import { answered } from "../../../assembly/session/registration";
import { bootServer } from "../../../assembly/session/server";
import { fresh, furnish } from "../phone";
import { answer as message, read } from "../wire/packet";

export const OURS = "Contact: <sip:6000@192.0.2.100:5060;sf=0a0b0c0d0>";

export function own(): Binding {
  return binding(0, 0);
}

export function reset(): void {
  fresh();
  furnish();
  bootServer(0);
  bootServer(1);
  bootLine(0);
}

/** The verdict on an answer to the request under way. */
export function verdict(status: string, more: string = ""): u8 {
  expect(read(message(status, more))).toBe("ok", status);
  return answered(own());
}

export function challenge(nonce: string, more: string = ""): string {
  return 'WWW-Authenticate: Digest realm="r", nonce="' + nonce + '", qop="auth"' + more + "\r\n";
}

/** The verdict on a 401 with this nonce. */
export function challenged(nonce: string, more: string = ""): u8 {
  return verdict("401 Unauthorized", challenge(nonce, more));
}
