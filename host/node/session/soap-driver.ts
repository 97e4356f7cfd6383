// The driver for a PBX that is spoken to by SOAP over HTTP or HTTPS.
//
// Each server has its own place, certificate authority, account and user, and nothing that belongs to one of them is within
// reach of a request to the other. Passwords go out as digests only. Below: http.ts, host/session/soap,
// host/regevent/credentials.ts. Above: follow.ts.
import { Credentials } from "../../regevent/credentials.ts";
import type {
  Driver,
  EndResult,
  Failed,
  OpenResult,
  PollResult,
  ProbeResult,
  ServerName,
  Session,
} from "../../session/login/driver.ts";
import { DOCUMENT_MAX } from "../../session/soap/envelope.ts";
import {
  type HttpAnswer,
  type Login,
  readEnd,
  readOpen,
  readPoll,
  readProbe,
  writeEnd,
  writeOpen,
  writePoll,
  writeProbe,
} from "../../session/soap/meaning.ts";
import { randomHex } from "../identity.ts";
import { HttpCall, type HttpFailure, type HttpPlace } from "./http.ts";

/** One server, with everything that is only its own. */
export interface SoapServer extends HttpPlace, Login {
  /** Of the HTTP request. */
  readonly account: string;
  readonly password: string;
}

/** A login whose answer is late is waited for this long, ms: it may have opened a session that has to be ended. */
const LATE_LOGIN_MS = 60_000;

export class SoapDriver implements Driver {
  readonly #servers: Readonly<Partial<Record<ServerName, SoapServer>>>;
  readonly #closing = new AbortController();

  /** @param standby undefined: there is none, and nothing is ever sent to one */
  constructor(main: SoapServer, standby: SoapServer | undefined) {
    this.#servers = { main, ...(standby && { standby }) };
  }

  async open(name: ServerName): Promise<OpenResult> {
    const server = this.#server(name);
    const signal = AbortSignal.any([AbortSignal.timeout(LATE_LOGIN_MS), this.#closing.signal]);
    const answer = await call(server, writeOpen(server), signal);
    return answer.kind === "failed" ? answer : readOpen(answer);
  }

  async poll(session: Session, signal: AbortSignal): Promise<PollResult> {
    const answer = await call(this.#server(session.server), writePoll(session), signal);
    return answer.kind === "failed" ? answer : readPoll(answer);
  }

  async probe(name: ServerName, session: Session | undefined, signal: AbortSignal): Promise<ProbeResult> {
    const answer = await call(this.#server(name), writeProbe(session), signal);
    return answer.kind === "failed" ? answer : readProbe(answer, session);
  }

  async end(session: Session, signal: AbortSignal): Promise<EndResult> {
    const answer = await call(this.#server(session.server), writeEnd(session), signal);
    return answer.kind === "failed" ? answer : readEnd(answer);
  }

  close(): void {
    this.#closing.abort();
  }

  #server(name: ServerName): SoapServer {
    const server = this.#servers[name];
    if (server === undefined) throw new RangeError(`no server ${name} is configured`);
    return server;
  }
}

type Answered = (HttpAnswer & { readonly kind: "answered" }) | Failed;

/** One call: asked without credentials, and again with them for as long as the server asks for something new. */
async function call(server: SoapServer, body: string, signal: AbortSignal): Promise<Answered> {
  const http = new HttpCall(server, signal, DOCUMENT_MAX);
  const credentials = new Credentials(server.account, server.password, randomHex);
  try {
    for (;;) {
      const reply = await http.post(headersOf(credentials, server.path), body);
      if (reply.kind === "failure") return failed(reply);
      const isAsked =
        reply.headers.some(({ name }) => name === "www-authenticate") && credentials.take(reply);
      if (!isAsked) return { kind: "answered", status: reply.status, body: reply.body };
    }
  } finally {
    http.close();
  }
}

function headersOf(credentials: Credentials, path: string): readonly (readonly [string, string])[] {
  const proofs = credentials.lines("POST", path).map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 2)] as const;
  });
  return [["content-type", "text/xml; charset=utf-8"], ["soapaction", '""'], ...proofs];
}

function failed({ cause, text }: HttpFailure): Failed {
  return { kind: "failed", cause, text, answered: cause === "garbled" };
}
