// A watcher and embedded registrars with nothing but time between them, and hand-written servers.

import { Registrar } from "../../../host/pbx/registrar.ts";
import { Watcher, type WatcherOptions, type WatcherOrder } from "../../../host/regevent/watcher.ts";
import {
  type Endpoint,
  first,
  readAnswer,
  readRequest,
  type SipRequest,
  writeAnswer,
} from "../../../host/sip/message.ts";
import { readUri } from "../../../host/sip/uri.ts";

const PASSWORD = "secret";
const INSTANCE = "0a0b0c0d";
const LOCAL: Endpoint = { address: "192.0.2.100", port: 5060 };
const SERVERS: readonly Endpoint[] = [
  { address: "192.0.2.1", port: 5060 },
  { address: "192.0.2.2", port: 5060 },
];

/** Our own contact at the primary. */
export const OURS = `sip:6000@192.0.2.100:5060;sf=${INSTANCE}0`;

/** What a server does with a SUBSCRIBE; undefined: it is silent. */
export type Serve = (request: SipRequest, bench: Bench) => readonly Uint8Array[] | undefined;

export class Bench {
  readonly watcher: Watcher;
  readonly registrars: readonly Registrar[];
  now = 0;
  /** Every SUBSCRIBE, copies too: `seconds server expires|- signed|bare`. */
  readonly asked: string[] = [];
  readonly requests: SipRequest[] = [];
  /** Status of each answer to a NOTIFY. */
  readonly answered: number[] = [];
  readonly lost: string[] = [];
  readonly notices: string[] = [];
  /** Replaces a registrar. */
  readonly serve: (Serve | undefined)[] = [];
  readonly #queue: (() => void)[] = [];

  constructor(options: Partial<WatcherOptions> = {}) {
    let drawn = 0;
    const lines = options.lines ?? [{ number: "6000", display: "" }];
    this.registrars = SERVERS.map(
      (_, rank) =>
        new Registrar({
          realm: "sip.example",
          key: `pbx${rank}`,
          subscriptions: true,
          accounts: lines.map(({ number }) => ({
            user: number,
            account: number,
            secret: { kind: "password", password: PASSWORD },
          })),
        }),
    );
    this.watcher = new Watcher({
      servers: ["primary", "backup1"].map((name) => ({ name, domain: "sip.example", transport: "udp" })),
      lines,
      accountOf: (account) => ({ account, password: PASSWORD }),
      instance: INSTANCE,
      localTowards: () => "192.0.2.100:5060",
      rport: true,
      userAgent: "standfast",
      expirySeconds: 3600,
      timing: { t1Ms: 500, t2Ms: 4000 },
      retryBaseMs: 30_000,
      retryMaxMs: 1_800_000,
      random: { hex: (bytes) => (++drawn).toString(16).padStart(2 * bytes, "0"), fraction: () => 0 },
      carry: (order) => this.#carry(order),
      ...options,
    });
  }

  /** The line is served there, for the first time or after a move. */
  use(server = 0, left = true, line = "6000"): this {
    this.watcher.serve({ line, server, afresh: false, isOut: () => !left, now: this.now });
    return this.#settle();
  }

  runTo(seconds: number): this {
    while (this.watcher.nextAt <= 1000 * seconds) {
      this.now = Math.max(this.now, this.watcher.nextAt);
      this.watcher.tick(this.now);
      this.#settle();
    }
    this.now = 1000 * seconds;
    return this;
  }

  /** The line was out of service, and the same server serves it again. */
  comeBack(server = 0): this {
    this.watcher.serve({ line: "6000", server, afresh: true, isOut: () => false, now: this.now });
    return this.#settle();
  }

  renew(server = 0): this {
    this.watcher.credentials("6000", server, this.now);
    return this.#settle();
  }

  stop(): this {
    this.watcher.stop(this.now);
    return this.#settle();
  }

  /** Puts a contact into a table: ours, or that of somebody else. */
  bind(server = 0, contact = `sip:6000@192.0.2.100:5060;sf=${INSTANCE}${server}`): this {
    const uri = readUri(contact);
    if (!uri) throw new Error(contact);
    const wish = { contact: `<${contact}>`, uri, seconds: 3600 };
    this.registrars[server]?.locations.grant("6000", [wish], contact, 1, this.now);
    return this;
  }

  /** An administrator takes the bindings of 6000 away. */
  remove(event: string, server = 0): this {
    const told = this.registrars[server]?.remove("6000", event, this.now) ?? [];
    for (const { bytes } of told) this.hear(bytes, server);
    return this;
  }

  /** Lets a message arrive. @returns whether the watcher took it */
  hear(bytes: Uint8Array, server: number | undefined): boolean {
    const from = SERVERS[server ?? -1] ?? { address: "203.0.113.9", port: 5060 };
    const taken = this.watcher.hear(bytes, server, from, this.now);
    this.#settle();
    return taken;
  }

  /** The SUBSCRIBE of that number, from 0; -1 the last. */
  request(at: number): SipRequest {
    const found = this.requests.at(at);
    if (!found) throw new Error(`there is no SUBSCRIBE ${at}`);
    return found;
  }

  #carry(order: WatcherOrder): void {
    switch (order.kind) {
      case "send":
        this.#queue.push(() => this.#send(order.server, order.bytes));
        break;
      case "reply":
        this.answered.push(readAnswer(order.bytes)?.status ?? 0);
        break;
      case "lost":
        this.lost.push(`${this.now / 1000} ${order.line} ${order.event}`);
        break;
      case "notice":
        this.notices.push(order.text);
    }
  }

  #send(server: number, bytes: Uint8Array): void {
    const request = readRequest(bytes);
    if (!request) throw new Error("no request was sent");
    const signed = first(request, "authorization") ?? first(request, "proxy-authorization");
    this.requests.push(request);
    this.asked.push(
      `${this.now / 1000} ${server} ${first(request, "expires") ?? "-"} ${signed ? "signed" : "bare"}`,
    );
    const serve = this.serve[server];
    const replies = serve
      ? serve(request, this)
      : this.registrars[server]?.handle(bytes, LOCAL, this.now).map((reply) => reply.bytes);
    for (const reply of replies ?? []) this.hear(reply, server);
  }

  #settle(): this {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) next();
    return this;
  }
}

/** A server that says one thing to every SUBSCRIBE. */
export function says(status: number, ...extra: string[]): Serve {
  return (request) => [writeAnswer(request, LOCAL, status, "remote", extra)];
}

export interface Told {
  readonly state?: string;
  readonly cseq?: number;
  readonly event?: string;
  readonly type?: string;
  readonly body?: string;
  readonly fromTag?: string;
  readonly toTag?: string;
  readonly callId?: string;
}

/** A NOTIFY in the dialog of that SUBSCRIBE, unless told otherwise. */
export function notify(subscribe: SipRequest, told: Told = {}): Uint8Array {
  const { state = "active;expires=3600", cseq = 1, event = "reg", body = "" } = told;
  const from = first(subscribe, "from") ?? "";
  const lines = [
    "NOTIFY sip:6000@192.0.2.100:5060 SIP/2.0",
    `Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKn${cseq}`,
    `From: <sip:6000@sip.example>;tag=${told.fromTag ?? "remote"}`,
    `To: ${told.toTag === undefined ? from : from.replace(/tag=.*/, `tag=${told.toTag}`)}`,
    `Call-ID: ${told.callId ?? first(subscribe, "call-id")}`,
    `CSeq: ${cseq} NOTIFY`,
    `Event: ${event}`,
    ...(state === "" ? [] : [`Subscription-State: ${state}`]),
    ...(body === "" ? [] : [`Content-Type: ${told.type ?? "application/reginfo+xml"}`]),
    `Content-Length: ${new TextEncoder().encode(body).length}`,
  ];
  return new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

export interface Written {
  readonly version?: number;
  readonly state?: "full" | "partial";
  readonly registration?: string;
  readonly aor?: string;
  /** `STATE EVENT URI`, one contact each. */
  readonly contacts?: readonly string[];
  /** More attributes of each contact. */
  readonly more?: string;
}

/** A document of RFC 3680 §5. */
export function reginfo(written: Written = {}): string {
  const { version = 0, state = "full", registration = "active", contacts = [], more = "" } = written;
  const told = contacts.map((contact) => {
    const [what, event, uri = ""] = contact.split(" ");
    return `<contact id="${uri}" state="${what}" event="${event}"${more}><uri>${uri}</uri></contact>`;
  });
  return (
    `<?xml version="1.0"?><reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="${version}" state="${state}">` +
    `<registration aor="${written.aor ?? "sip:6000@sip.example"}" id="a" state="${registration}">${told.join("")}</registration></reginfo>`
  );
}
