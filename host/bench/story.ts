// The life of one phone up to the moments that are measured, with the answers that belong to each.
//
// Nothing here is timed. Answers fit one state only: branches and nonces are drawn from the seed, so they are
// asked for once from a registrar of host/pbx and used each time the state is put back.
// Below: phone.ts, host/pbx. Above: steps.ts.

import * as abi from "../../assembly/abi.ts";
import type { CompiledModule } from "../core/load.ts";
import { Registrar } from "../pbx/registrar.ts";
import type { Algorithm } from "../sip/digest.ts";
import { textOf } from "./messages.ts";
import { BenchPhone, OWN, PASSWORD, type Params, USER } from "./phone.ts";

/** A state, the time at which something happens in it, and what the server answers then. */
export interface Moment {
  readonly memory: Uint8Array;
  readonly at: number;
  readonly answer: Uint8Array;
}

export interface Story {
  /** The first REGISTER is out, its 401 is about to come. */
  readonly challenged: Moment;
  /** In service and quiet; the answer is the 200 that came last. */
  readonly served: Moment;
  /** A timer is due: a request goes out, its 200 comes. */
  readonly due: Moment;
}

const START_AT = 1_000;
/** Longer than from one refresh to the next: the nonce is still good. */
const NONCE_LIFE_MS = 3_600_000;

/** The phone registers, is challenged, is bound, and sends the first thing that is due after that. */
export function tell(module: CompiledModule, algorithm: Algorithm, params: Params): Story {
  const registrar = new Registrar({
    realm: "example.test",
    accounts: [{ user: USER, account: USER, secret: { kind: "password", password: PASSWORD } }],
    algorithms: [algorithm],
    nonceLifeMs: NONCE_LIFE_MS,
    key: "bench",
  });
  const answer = (sent: readonly Uint8Array[], now: number, expected: string): Uint8Array => {
    const [bytes = new Uint8Array()] = registrar
      .handle(sent.at(-1) ?? new Uint8Array(), OWN, now)
      .map((each) => each.bytes);
    if (sent.length !== 1 || !textOf(bytes).startsWith(expected)) {
      throw new Error(`${sent.length} sent, and the answer is no ${expected}: ${textOf(bytes)}`);
    }
    return bytes;
  };

  const phone = new BenchPhone(module).configure(params);
  phone.core.start(START_AT);
  const challenge = answer(phone.drain(), START_AT, "SIP/2.0 401 ");
  const challenged = { memory: phone.save(), at: START_AT, answer: challenge };
  take(phone, challenge, START_AT);
  const granted = answer(phone.drain(), START_AT, "SIP/2.0 200 ");
  take(phone, granted, START_AT);
  phone.drain();
  const served = { memory: phone.save(), at: START_AT, answer: granted };
  const { memory, at, sent } = nextRequest(phone, START_AT);
  return { challenged, served, due: { memory, at, answer: answer(sent, at, "SIP/2.0 200 ") } };
}

function take(phone: BenchPhone, bytes: Uint8Array, now: number): void {
  const result = phone.receive(0, bytes, now);
  if (result !== abi.OK) throw new Error(`an answer was not taken: ${result}`);
}

/** Lets time pass until something is sent. @returns the state before, the time, and what was sent */
function nextRequest(
  phone: BenchPhone,
  from: number,
): { memory: Uint8Array; at: number; sent: Uint8Array[] } {
  let at = from;
  for (;;) {
    const memory = phone.save();
    at += phone.sleepMs;
    phone.core.wake(at);
    const sent = phone.drain();
    if (sent.length > 0) return { memory, at, sent };
  }
}
