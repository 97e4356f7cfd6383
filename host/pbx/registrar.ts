// A small registrar: a datagram and the time in, answers out, no socket and no clock of its own.
// RFC 3261 §10.3, §11.2, §18.2.
//
// The same one serves the virtual world and the demonstration over real sockets.
// Below: host/sip, digest.ts, locations.ts, notifier.ts. Above: server.ts (with faults), host/node.

import type { Algorithm } from "../sip/digest.ts";
import {
  all,
  answerTo,
  type Endpoint,
  first,
  paramsOf,
  readAnswer,
  readRequest,
  type SipRequest,
  uriOf,
  writeAnswer,
} from "../sip/message.ts";
import { readUri, type SipUri } from "../sip/uri.ts";
import { Digest, type NonceLife, type Secret } from "./digest.ts";
import type { Guesses } from "./guesses.ts";
import { type Binding, Locations, NotKept, type Wish } from "./locations.ts";
import { Notifier } from "./notifier.ts";

export interface Account {
  /** User part of the address of record this account may bind; one entry for each, if there are more. */
  readonly user: string;
  /** Digest user name. */
  readonly account: string;
  readonly secret: Secret;
}

/** Accounts that change while the registrar runs. */
export interface AccountBook {
  /** Of a digest user name; undefined: nobody has it. */
  secretOf(account: string): Secret | undefined;
  /** Whether that account may bind that user. */
  mayBind(account: string, user: string): boolean;
}

/** What a registrar is told beside the accounts: each says an answer, or undefined: it goes on. */
export interface Gate {
  /** @param user of To @param network who asks; undefined: it has proven an account */
  refuse(user: string, network: string | undefined, now: number): Answer | undefined;
  /** Before a proven account makes or renews a binding. */
  admit(request: SipRequest, user: string, account: string, now: number): Answer | undefined;
  /** A proven account changes bindings of the user, by making or by removing some. */
  speaks(request: SipRequest, user: string, account: string, now: number): void;
  /** Whether an account may ask for less than `minExpiresSeconds`. */
  isFree(account: string): boolean;
  /** Body of the answer to one who asks for the bindings of a user and changes none. RFC 3261 §10.2.3. */
  tell(user: string, now: number): string | undefined;
}

export interface RegistrarOptions {
  readonly realm: string;
  readonly accounts: readonly Account[] | AccountBook;
  readonly gate?: Gate;
  /** Default: SHA-256, then MD5. */
  readonly algorithms?: readonly Algorithm[];
  readonly qop?: boolean;
  readonly nonceLifeMs?: number;
  /** Makes nonces unguessable. */
  readonly key?: string;
  /** Counts wrong passwords. An account that nobody has is answered as a wrong password then, and with 403 otherwise. */
  readonly guesses?: Guesses;
  readonly defaultExpiresSeconds?: number;
  readonly minExpiresSeconds?: number;
  readonly maxExpiresSeconds?: number;
  /** Header lines that each grant carries besides, such as `Service-Route: <sip:edge.example;lr>`. */
  readonly grantHeaders?: readonly string[];
  /** Whether phones may watch their own registration, RFC 3680; otherwise SUBSCRIBE is answered with 405. */
  readonly subscriptions?: boolean;
}

/** Replaces, for one request, what the registrar would grant. */
export interface Terms {
  readonly grantSeconds?: number;
  readonly minExpiresSeconds?: number;
  /** How long a nonce is good. */
  readonly nonces?: NonceLife;
  /** The answer lists a Contact that nobody of ours has bound. */
  readonly listsStranger?: boolean;
  /** Who asks, as far as wrong passwords are counted. */
  readonly network?: string;
}

export interface Reply {
  readonly to: Endpoint;
  readonly bytes: Uint8Array;
  /** It is from somebody who only pretends. */
  readonly isForged?: boolean;
}

/** How long a repeat of a request gets the answer of the first. RFC 3261 §17.2.2, timer J. */
const REPEAT_MS = 32_000;
/** Answers that are kept for that; with more the oldest go first, so a flood costs no memory. */
const REPEATS_MAX = 20_000;
/** Bytes of an answer and of what it is found by; a longer one is not kept, or a flood of long ones would fill the memory. */
const REPEAT_BYTES_MAX = 4096;

const SERVER = "Server: standfast-pbx";

const ALLOW = "Allow: REGISTER, OPTIONS";

/** A 2xx that names somebody at an address of documents, RFC 5737. */
const STRANGER: Answer = { status: 200, extra: ["Contact: <sip:stranger@203.0.113.99:5060>;expires=3600"] };

/** The account that a request proved, or what it is told instead. */
type Admission = { readonly kind: "proven"; readonly user: string; readonly account: string } | Answer;

/** An answer before it is written. */
export interface Answer {
  readonly kind?: undefined;
  readonly status: number;
  /** Header lines. */
  readonly extra?: readonly string[];
  readonly body?: string;
}

export class Registrar {
  readonly #options: RegistrarOptions;
  readonly #digest: Digest;
  readonly #accounts: AccountBook;
  readonly #notifier: Notifier;
  readonly #answered = new Map<string, { readonly at: number; readonly reply: Reply }>();
  /** Replace it to let two registrars share one table. */
  locations: Locations = new Locations();

  constructor(options: RegistrarOptions) {
    this.#options = options;
    this.#notifier = new Notifier(options.realm);
    this.#accounts = "secretOf" in options.accounts ? options.accounts : bookOf(options.accounts);
    this.#digest = new Digest({
      realm: options.realm,
      algorithms: options.algorithms ?? ["SHA-256", "MD5"],
      qop: options.qop ?? true,
      nonceLifeMs: options.nonceLifeMs ?? 300_000,
      key: options.key ?? options.realm,
      guesses: options.guesses,
    });
  }

  /** Takes one datagram; what cannot be answered is dropped. */
  handle(bytes: Uint8Array, from: Endpoint, now: number): readonly Reply[] {
    const request = readRequest(bytes);
    if (request !== undefined) return this.serve(request, from, now);
    const answer = readAnswer(bytes);
    if (answer !== undefined) this.#notifier.hear(answer);
    return [];
  }

  /** As handle(), for a request that is read already. */
  serve(request: SipRequest, from: Endpoint, now: number, terms: Terms = {}): readonly Reply[] {
    if (request.method === "ACK") return [];
    const key = `${first(request, "via")} ${request.method} ${first(request, "cseq")}`;
    const known = this.#answered.get(key);
    if (known !== undefined && now - known.at <= REPEAT_MS) return [known.reply];
    if (request.method === "SUBSCRIBE" && this.#options.subscriptions) {
      const answer = this.#subscribe(request, from, now);
      const reply = this.#remember(key, this.write(request, from, answer), now);
      const user = userOf(request);
      const told =
        answer.status === 200 ? this.#notifier.full(request, this.locations.of(user, now), now) : [];
      return [reply, ...told];
    }
    const user = userOf(request);
    const before = this.#options.subscriptions ? this.locations.of(user, now) : [];
    const reply = this.#remember(key, this.write(request, from, this.#decide(request, terms, now)), now);
    return this.#options.subscriptions ? [reply, ...this.#tell(user, before, "unregistered", now)] : [reply];
  }

  /** Writes an answer the registrar did not decide itself. */
  write(request: SipRequest, from: Endpoint, answer: Answer): Reply {
    return {
      to: answerTo(request, from),
      bytes: writeAnswer(
        request,
        from,
        answer.status,
        this.#tagFor(request),
        [...(answer.extra ?? []), SERVER],
        answer.body,
      ),
    };
  }

  /** Takes a binding away, as an administrator does. @param event why, RFC 3680 §4.7.1 */
  remove(user: string, event: string, now: number): readonly Reply[] {
    const before = this.locations.of(user, now);
    this.locations.drop(user);
    return this.#tell(user, before, event, now);
  }

  /** A challenge that no credentials will satisfy, for a server that has lost its accounts. */
  challenge(status: 401 | 407, now: number): Answer {
    const header = status === 401 ? "WWW-Authenticate" : "Proxy-Authenticate";
    return { status, extra: this.#digest.challenge(header, false, now) };
  }

  /** As after a crash: bindings, nonces and transactions are gone. */
  restart(): void {
    this.locations.clear();
    this.#digest.forget();
    this.#answered.clear();
    this.#notifier.forget();
  }

  #decide(request: SipRequest, terms: Terms, now: number): Answer {
    const [number, method] = (first(request, "cseq") ?? "").split(/\s+/);
    if (method !== request.method || !/^\d{1,10}$/.test(number ?? "")) return { status: 400 };
    if (first(request, "call-id") === undefined || first(request, "from") === undefined)
      return { status: 400 };
    if (request.method === "OPTIONS") return { status: 200, extra: [ALLOW, "Accept: application/sdp"] };
    if (request.method !== "REGISTER") return { status: 405, extra: [ALLOW] };
    return this.#register(request, Number(number), terms, now);
  }

  /** A registration that would not outlive a restart is none: the phone hears so, and looks elsewhere. */
  #register(request: SipRequest, cseq: number, terms: Terms, now: number): Answer {
    try {
      return this.#grant(request, cseq, terms, now);
    } catch (error) {
      if (!(error instanceof NotKept)) throw error;
      return {
        status: 500,
        extra: [`Warning: 399 ${this.#options.realm} "The registration was not stored"`],
      };
    }
  }

  #grant(request: SipRequest, cseq: number, terms: Terms, now: number): Answer {
    const admitted = this.#admit(request, now, terms);
    if (admitted.kind !== "proven") return admitted;
    const { user, account } = admitted;
    this.#options.gate?.speaks(request, user, account, now);
    const said = bindsAnything(request) ? this.#options.gate?.admit(request, user, account, now) : undefined;
    const least = this.#options.gate?.isFree(account) ? { minExpiresSeconds: 0 } : {};
    return said ?? this.#bind(request, user, cseq, { ...terms, ...least }, now);
  }

  #subscribe(request: SipRequest, from: Endpoint, now: number): Answer {
    if (first(request, "event")?.split(";")[0] !== "reg") {
      return { status: 489, extra: ["Allow-Events: reg"] };
    }
    const admitted = this.#admit(request, now);
    if (admitted.kind !== "proven") return admitted;
    const granted = this.#notifier.subscribe(request, from, admitted.user, this.#tagFor(request), now);
    return granted === undefined ? { status: 481 } : { status: 200, extra: [`Expires: ${granted}`] };
  }

  /** Tells those who watch what has become of the bindings of an account. */
  #tell(user: string, before: readonly Binding[], event: string, now: number): readonly Reply[] {
    const after = this.locations.of(user, now);
    const gone = before.filter(({ contact }) => !after.some((one) => one.contact === contact));
    const made = after.filter(({ contact }) => !before.some((one) => one.contact === contact));
    const changes = [
      ...gone.map((binding) => ({ binding, event })),
      ...made.map((binding) => ({ binding, event: undefined })),
    ];
    return this.#notifier.changed(user, changes, after.length > 0, now);
  }

  /** Who asks, when it may ask that of the account it names. */
  #admit(request: SipRequest, now: number, { nonces, network = "" }: Terms = {}): Admission {
    const user = userOf(request);
    if (user === "") return { status: 400 };
    const { gate, guesses } = this.#options;
    const refused = gate?.refuse(user, network, now);
    if (refused !== undefined) return refused;
    const secretOf = (name: string): Secret | undefined => this.#accounts.secretOf(name);
    const verdict = this.#digest.judge(credentials(request), request.method, secretOf, now, nonces);
    if (verdict.kind === "wrong" && guesses === undefined) return { status: 403 };
    if (verdict.kind !== "proven") {
      const stale = verdict.kind === "ask" && verdict.stale;
      return { status: 401, extra: this.#digest.challenge("WWW-Authenticate", stale, now, network) };
    }
    const { account } = verdict;
    const denied = gate?.refuse(user, undefined, now);
    if (denied !== undefined) return denied;
    return this.#accounts.mayBind(account, user) ? { kind: "proven", user, account } : { status: 403 };
  }

  /** RFC 3261 §10.3 steps 6 to 8. */
  #bind(request: SipRequest, user: string, cseq: number, terms: Terms, now: number): Answer {
    const callId = first(request, "call-id") ?? "";
    const contacts = all(request, "contact");
    const told = contacts.length === 0 ? this.#options.gate?.tell(user, now) : undefined;
    if (told !== undefined) return { ...this.#list(user, now), body: told };
    const header = seconds(first(request, "expires"));
    if (contacts.includes("*")) {
      if (contacts.length > 1 || header !== 0) return { status: 400 };
      return this.locations.removeAll(user, callId, cseq, now) ? this.#list(user, now) : { status: 500 };
    }
    const uris = contacts.map((contact) => readUri(uriOf(contact)));
    if (uris.includes(undefined)) return { status: 400 };
    const asked = contacts.map(
      (contact) => seconds(paramsOf(contact).get("expires")) ?? header ?? this.#default(),
    );
    const least = terms.minExpiresSeconds ?? this.#options.minExpiresSeconds ?? 0;
    if (asked.some((wish) => wish > 0 && wish < least))
      return { status: 423, extra: [`Min-Expires: ${least}`] };
    const wishes = contacts.map((_, at): Wish => {
      const uri = uris[at] as SipUri;
      return {
        contact: `<${uriOf(contacts[at] ?? "")}>`,
        uri,
        seconds: this.#granted(asked[at] ?? 0, terms),
      };
    });
    if (!this.locations.grant(user, wishes, callId, cseq, now)) return { status: 500 };
    if (terms.grantSeconds === 0) return nothing(wishes);
    return terms.listsStranger ? STRANGER : this.#list(user, now);
  }

  #tagFor(request: SipRequest): string {
    return hash32(`${first(request, "via")}${this.#options.realm}`);
  }

  #default(): number {
    return this.#options.defaultExpiresSeconds ?? 3600;
  }

  #granted(asked: number, terms: Terms): number {
    if (asked === 0) return 0;
    return terms.grantSeconds ?? Math.min(asked, this.#options.maxExpiresSeconds ?? 604_800);
  }

  #list(user: string, now: number): Answer {
    const left = (expiresAt: number): number => Math.ceil((expiresAt - now) / 1000);
    const held = this.locations.of(user, now);
    return {
      status: 200,
      extra: [
        ...held.map(({ contact, expiresAt }) => `Contact: ${contact};expires=${left(expiresAt)}`),
        ...(this.#options.grantHeaders ?? []),
      ],
    };
  }

  #remember(key: string, reply: Reply, now: number): Reply {
    for (const [old, { at }] of this.#answered) {
      if (now - at <= REPEAT_MS && this.#answered.size < REPEATS_MAX) break;
      this.#answered.delete(old);
    }
    if (key.length + reply.bytes.length <= REPEAT_BYTES_MAX) this.#answered.set(key, { at: now, reply });
    return reply;
  }
}

/** Accounts that stay as they are. */
function bookOf(accounts: readonly Account[]): AccountBook {
  const book = new Map<string, Account[]>();
  for (const one of accounts) book.set(one.account, [...(book.get(one.account) ?? []), one]);
  return {
    secretOf: (name) => book.get(name)?.[0]?.secret,
    mayBind: (name, user) => book.get(name)?.some((one) => one.user === user) === true,
  };
}

/** Not one that only asks, or only removes. RFC 3261 §10.2.2, §10.2.3. */
function bindsAnything(request: SipRequest): boolean {
  const header = first(request, "expires");
  return all(request, "contact").some((contact) => (paramsOf(contact).get("expires") ?? header) !== "0");
}

/** The user part of To; "" when there is none. */
export function userOf(request: SipRequest): string {
  return readUri(uriOf(first(request, "to") ?? ""))?.user ?? "";
}

/** What a request gives as proof of who sent it. */
export function credentials(request: SipRequest): readonly string[] {
  return request.headers
    .filter((header) => header.name === "authorization" || header.name === "proxy-authorization")
    .map((header) => header.value);
}

/** A number of seconds; undefined when absent or no number: RFC 3261 §10.3 step 7 then takes the default. */
function seconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Math.min(Number(text), 0xffff_ffff) : undefined;
}

/** A grant of no time at all: what was asked for is named, and is gone. */
function nothing(wishes: readonly Wish[]): Answer {
  return { status: 200, extra: wishes.map(({ contact }) => `Contact: ${contact};expires=0`) };
}

/** FNV-1a: a tag has to be the same for a repeat, not secret. */
function hash32(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
