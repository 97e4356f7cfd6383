// A phone with two servers and two lines that is put where a spec of health wants it.
//
// Above: health.spec.ts and its parts.

import { phone } from "../../../assembly/policy/state";
import { bootLine, line } from "../../../assembly/session/account";
import { Server, server } from "../../../assembly/session/server";
import { SERVED } from "../../../assembly/session/states";
import { fresh, furnish } from "../phone";

/** Server 0, in this state, heard of before. */
export function primary(health: u8): Server {
  fresh();
  furnish(2, 2);
  bootLine(0);
  bootLine(1);
  phone().servers = 2;
  const it = server(0);
  it.health = health;
  it.heard = 1;
  return it;
}

export function serveAt(index: u32, at: u32): void {
  line(index).state = SERVED;
  line(index).served = <u8>at;
}
