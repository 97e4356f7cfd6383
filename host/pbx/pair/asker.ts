// What a standby asks its master beside its own registration: what it is, and to take bindings back.
//
// Requests over one connection, each with the PBX password; nothing is repeated, as a stream loses nothing. Handing a
// binding back is a registration by a third party: To names the phone, From the standby (RFC 3261 §10.2). No I/O.
// Below: host/regevent/credentials.ts, host/sip. Above: host/node/pair/upstream.ts.

import { Credentials } from "../../regevent/credentials.ts";
import { first, fromLatin1, paramsOf, readAnswer, type SipAnswer } from "../../sip/message.ts";
import { HANDED_BACK, STANDBY_USER } from "./marker.ts";

export interface AskerOptions {
  readonly realm: string;
  readonly pbxPassword: string;
  /** Of this node. */
  readonly name: string;
  /** This node as it stands in Via, `192.0.2.2`. */
  readonly sentBy: string;
  readonly userAgent: string;
  /** That many bytes, as hex digits. */
  readonly random: (bytes: number) => string;
  readonly send: (bytes: Uint8Array) => void;
}

/** Without a contact it only asks. */
export interface Question {
  readonly user: string;
  readonly contact?: string;
  readonly seconds?: number;
}

/** undefined: no answer, as the connection was lost. */
export type Done = (answer: SipAnswer | undefined) => void;

/**
 * What became of a binding that was handed back: taken (or the phone has one there itself); refused: it is nobody's there,
 * or no licence is left; again: all else may be otherwise later, such as a proof that is not looked at now.
 */
export function outcomeOf(answer: SipAnswer | undefined): "taken" | "again" | "refused" {
  if (answer?.status === 403 || answer?.status === 404) return "refused";
  return answer !== undefined && answer.status >= 200 && answer.status < 300 ? "taken" : "again";
}

interface Pending {
  readonly question: Question;
  readonly done: Done;
  readonly callId: string;
  readonly credentials: Credentials;
  cseq: number;
}

export class Asker {
  readonly #options: AskerOptions;
  readonly #pending = new Map<string, Pending>();

  constructor(options: AskerOptions) {
    this.#options = options;
  }

  ask(question: Question, done: Done): void {
    const { pbxPassword, random } = this.#options;
    const credentials = new Credentials(STANDBY_USER, pbxPassword, random);
    credentials.begin();
    this.#send({ question, done, callId: `${HANDED_BACK}${random(8)}`, credentials, cseq: 0 });
  }

  /** @returns false: it answers nothing of ours */
  hear(bytes: Uint8Array): boolean {
    const answer = readAnswer(bytes);
    const branch = answer && paramsOf(first(answer, "via") ?? "").get("branch");
    const pending = branch === undefined ? undefined : this.#pending.get(branch);
    if (answer === undefined || branch === undefined || pending === undefined) return false;
    if (answer.status < 200) return true;
    this.#pending.delete(branch);
    if (answer.status === 401 && pending.credentials.take(answer)) this.#send(pending);
    else pending.done(answer);
    return true;
  }

  /** The connection is gone: nothing more is answered. */
  lost(): void {
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { done } of waiting) done(undefined);
  }

  #send(pending: Pending): void {
    const { realm, name, sentBy, userAgent, random, send } = this.#options;
    const { question, callId, credentials } = pending;
    const branch = `z9hG4bKask${random(8)}`;
    pending.cseq += 1;
    this.#pending.set(branch, pending);
    const uri = `sip:${realm}`;
    const lines = [
      `REGISTER ${uri} SIP/2.0`,
      `Via: SIP/2.0/TLS ${sentBy};branch=${branch}`,
      "Max-Forwards: 70",
      `From: "${name}" <sip:${STANDBY_USER}@${realm}>;tag=${callId}`,
      `To: <sip:${question.user}@${realm}>`,
      `Call-ID: ${callId}`,
      `CSeq: ${pending.cseq} REGISTER`,
      `User-Agent: ${userAgent}`,
      ...(question.contact === undefined
        ? []
        : [`Contact: ${question.contact};expires=${question.seconds ?? 0}`]),
      ...credentials.lines("REGISTER", uri),
      "Content-Length: 0",
    ];
    send(fromLatin1(`${lines.join("\r\n")}\r\n\r\n`));
  }
}
