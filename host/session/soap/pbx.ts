// A small PBX as an application meets it: users, sessions, and the SOAP operations on them, without I/O.
//
// It is what the driver is tested against and what the demonstration of a session uses. It can be asked to misbehave in
// the ways of a real one: booting, standing by, key 0, credentials that it does not know. Below: envelope.ts,
// host/pbx/digest.ts. Above: host/node/session/pbx-service.ts.

import { Digest } from "../../pbx/digest.ts";
import { hexHash } from "../../sip/digest.ts";
import { child, type Part, readEnvelope, textOf, writeEnvelope } from "./envelope.ts";

/** serving; booting: HTTP answers, the PBX does not; rejecting: it knows no account; standingBy: it names another server. */
export type PbxMode = "serving" | "booting" | "rejecting" | "noKey" | "standingBy";

export interface PbxOptions {
  /** Of the HTTP request. */
  readonly account: string;
  readonly password: string;
  /** The path of the service. */
  readonly path: string;
  /** Who may be logged in as. */
  readonly pbxUser: string;
  /** What nobody can guess; nonces and session keys are made from it. */
  readonly key: string;
}

export interface PbxRequest {
  readonly method: string;
  readonly path: string;
  /** Every Authorization header. */
  readonly credentials: readonly string[];
  readonly body: string;
}

export interface PbxAnswer {
  readonly kind: "answer";
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** A poll: it is answered with `news()` as soon as something changes, or after a while. */
export interface PbxHold {
  readonly kind: "hold";
  readonly session: string;
}

interface PbxSession {
  readonly key: string;
  /** Up to which change it has been told. */
  told: number;
}

/** What it was asked, in order. */
export interface Asked {
  readonly operation: string;
  readonly session: string;
}

const DIGEST = { realm: "pbx", algorithms: ["SHA-256", "MD5"], qop: true, nonceLifeMs: 3_600_000 } as const;
const XML = ["content-type", "text/xml; charset=utf-8"] as const;
const RETRY_SECONDS = "5";

export class SoapPbx {
  mode: PbxMode = "serving";
  readonly asked: Asked[] = [];
  readonly #options: PbxOptions;
  readonly #digest: Digest;
  readonly #sessions = new Map<string, PbxSession>();
  /** State of each user, and the change that made it; undefined: gone. */
  readonly #users = new Map<string, { readonly state: string | undefined; readonly change: number }>();
  #changes = 0;
  #opened = 0;

  constructor(options: PbxOptions) {
    this.#options = options;
    this.#digest = new Digest({ ...DIGEST, key: options.key });
  }

  /** Names of the sessions that are open. */
  get sessions(): readonly string[] {
    return [...this.#sessions.keys()];
  }

  /** Sets the state of a user; undefined: there is none such any more. */
  set(user: string, state: string | undefined): void {
    this.#users.set(user, { state, change: ++this.#changes });
  }

  /** As after a restart: no session and no nonce is known. */
  forget(): void {
    this.#sessions.clear();
    this.#digest.forget();
  }

  /** Whether a poll of that session has something to say. */
  hasNews(id: string): boolean {
    return (this.#sessions.get(id)?.told ?? -1) < this.#changes;
  }

  /** The answer to a poll: everything to a session that was told nothing yet, else what has changed. */
  news(id: string): PbxAnswer {
    const session = this.#sessions.get(id);
    if (session === undefined) return fault("no such session");
    const fresh = [...this.#users].filter(
      ([, { state, change }]) => change > session.told && !(session.told < 0 && state === undefined),
    );
    session.told = this.#changes;
    const users = fresh.map(
      ([cn, { state }]): Part => [
        "user",
        [
          ["active", state !== undefined],
          ["cn", cn],
          ["state", state ?? ""],
        ],
      ],
    );
    return said("PollResponse", [["return", users]]);
  }

  handle(request: PbxRequest, now: number): PbxAnswer | PbxHold {
    const { account, password, path } = this.#options;
    if (this.mode === "booting") return plain(503, [["retry-after", RETRY_SECONDS]]);
    if (this.mode === "standingBy") return plain(302, [["location", "http://192.0.2.1/"]]);
    if (request.path !== path) return plain(404);
    if (request.method !== "POST") return plain(405, [["allow", "POST"]]);
    const known = { kind: "password", password } as const;
    const secretOf = (name: string) => (name === account && this.mode !== "rejecting" ? known : undefined);
    const verdict = this.#digest.judge(request.credentials, "POST", secretOf, now);
    if (verdict.kind === "wrong") return plain(403);
    if (verdict.kind === "ask") return this.#challenge(verdict.stale, now);
    return this.#operate(request.body);
  }

  #challenge(stale: boolean, now: number): PbxAnswer {
    const lines = this.#digest.challenge("WWW-Authenticate", stale, now);
    return plain(
      401,
      lines.map((line) => ["www-authenticate", line.slice(line.indexOf(":") + 2)]),
    );
  }

  #operate(body: string): PbxAnswer | PbxHold {
    const call = readEnvelope(body);
    if (call === undefined) return fault("no such document");
    const session = textOf(call, "session");
    this.asked.push({ operation: call.name, session });
    switch (call.name) {
      case "Initialize":
        return this.#initialize(child(call, "user")?.text.trim() ?? "");
      case "Poll":
        return this.#sessions.has(session) ? { kind: "hold", session } : fault("no such session");
      case "Echo":
        return said("EchoResponse", [["return", this.#isOpen(session, textOf(call, "key")) ? 1 : 0]]);
      case "End":
        this.#sessions.delete(session);
        return said("EndResponse", []);
      default:
        return fault(`no such operation: ${call.name}`);
    }
  }

  #initialize(user: string): PbxAnswer {
    if (this.mode === "noKey" || user !== this.#options.pbxUser) {
      return said("InitializeResponse", [
        ["return", 0],
        ["key", 0],
      ]);
    }
    const id = String(++this.#opened);
    const key = `${1 + Number.parseInt(hexHash("SHA-256", `${this.#options.key}:${id}`).slice(0, 7), 16)}`;
    this.#sessions.set(id, { key, told: -1 });
    return said("InitializeResponse", [
      ["return", id],
      ["key", key],
    ]);
  }

  #isOpen(id: string, key: string): boolean {
    return this.#sessions.get(id)?.key === key;
  }
}

function said(name: string, parts: readonly Part[]): PbxAnswer {
  return { kind: "answer", status: 200, headers: [XML], body: writeEnvelope(name, parts) };
}

function fault(text: string): PbxAnswer {
  const body = writeEnvelope("Fault", [
    ["faultcode", "s:Client"],
    ["faultstring", text],
  ]);
  return { kind: "answer", status: 500, headers: [XML], body };
}

function plain(status: number, headers: PbxAnswer["headers"] = []): PbxAnswer {
  return { kind: "answer", status, headers, body: "" };
}
