// One dialog of a subscription, and the SUBSCRIBE requests in it. RFC 3261 §12, RFC 6665 §4.1, §4.4.1.
//
// Everything is sent to the server that the line uses, whatever target or route it names: those
// stand in the request only. Below: host/sip. Above: subscription.ts.

import {
  all,
  carried,
  first,
  fromLatin1,
  paramsOf,
  type SipAnswer,
  type SipMessage,
  type SipRequest,
  splitValues,
  uriOf,
} from "../sip/message.ts";

/** Draws at random. */
export interface Random {
  /** That many bytes that nobody can guess, as hex digits. */
  readonly hex: (bytes: number) => string;
  /** From 0 up to 1. */
  readonly fraction: () => number;
}

/** Who subscribes, and how requests travel. */
export interface Subscriber {
  readonly user: string;
  /** Empty: none. */
  readonly display: string;
  /** Of the address of record at that server. */
  readonly domain: string;
  readonly transport: "udp" | "tcp" | "tls";
  /** Whether to ask where we are seen from. RFC 3581 §3. */
  readonly rport: boolean;
  readonly userAgent: string;
}

/** What one SUBSCRIBE asks. */
export interface Wish {
  /** Our own address and port, IPv6 in brackets. */
  readonly local: string;
  /** The same as others see it. */
  readonly contact: string;
  /** undefined: the package's default, RFC 3680 §4.4. */
  readonly expiresSeconds: number | undefined;
  /** The lines that prove who we are, for this request. */
  readonly credentials: (method: string, uri: string) => readonly string[];
}

/** A request's place among those of the other side. RFC 3261 §12.2.2. */
export type Order = "next" | "repeat" | "old";

const NAME = "SUBSCRIBE";

export class Dialog {
  readonly callId: string;
  readonly #who: Subscriber;
  readonly #random: Random;
  readonly #tag: string;
  readonly #aor: string;
  #cseq = 0;
  /** The other side's; "" before it has spoken. */
  #remoteTag = "";
  #remoteCseq: number | undefined;
  #target: string;
  #route: readonly string[] = [];

  constructor(who: Subscriber, random: Random) {
    this.#who = who;
    this.#random = random;
    this.callId = random.hex(8);
    this.#tag = random.hex(4);
    this.#aor = `sip:${carried(who.user)}@${who.domain.includes(":") ? `[${who.domain}]` : who.domain}`;
    this.#target = this.#aor;
  }

  /** The other side has answered or notified: a SUBSCRIBE is a refresh from now on. */
  get isEstablished(): boolean {
    return this.#remoteTag !== "";
  }

  /** Writes the next request. */
  write(wish: Wish): { readonly branch: string; readonly bytes: Uint8Array } {
    const { display, transport, rport, userAgent } = this.#who;
    const branch = `z9hG4bK${this.#random.hex(8)}`;
    const name = display === "" ? "" : `"${carried(display).replace(/["\\]/g, "\\$&")}" `;
    const byStream = transport === "udp" ? "" : `;transport=${transport}`;
    this.#cseq += 1;
    const lines = [
      `${NAME} ${this.#target} SIP/2.0`,
      `Via: SIP/2.0/${transport.toUpperCase()} ${wish.local}${rport ? ";rport" : ""};branch=${branch}`,
      "Max-Forwards: 70",
      ...this.#route.map((route) => `Route: ${route}`),
      `From: ${name}<${this.#aor}>;tag=${this.#tag}`,
      `To: <${this.#aor}>${this.isEstablished ? `;tag=${this.#remoteTag}` : ""}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${this.#cseq} ${NAME}`,
      `Contact: <sip:${carried(this.#who.user)}@${wish.contact}${byStream}>`,
      "Event: reg",
      "Accept: application/reginfo+xml",
      ...(wish.expiresSeconds === undefined ? [] : [`Expires: ${wish.expiresSeconds}`]),
      ...wish.credentials(NAME, this.#target),
      `User-Agent: ${carried(userAgent)}`,
      "Content-Length: 0",
    ];
    return { branch, bytes: fromLatin1(`${lines.join("\r\n")}\r\n\r\n`) };
  }

  /** Whether the answer is to the last request, whose branch is given. RFC 3261 §17.1.3. */
  answers(answer: SipAnswer, branch: string): boolean {
    const vias = all(answer, "via");
    return (
      vias.length === 1 &&
      paramsOf(vias[0] ?? "").get("branch") === branch &&
      first(answer, "call-id") === this.callId &&
      first(answer, "cseq") === `${this.#cseq} ${NAME}` &&
      tagOf(answer, "from") === this.#tag
    );
  }

  /** Whether a request belongs here. A first one from the other side sets its tag. RFC 6665 §4.4.1. */
  owns(request: SipRequest): boolean {
    const from = tagOf(request, "from");
    return (
      first(request, "call-id") === this.callId &&
      tagOf(request, "to") === this.#tag &&
      from !== "" &&
      (!this.isEstablished || from === this.#remoteTag)
    );
  }

  /** Takes up the other side's tag, target and route from a 2xx. RFC 3261 §12.1.2. */
  accept(answer: SipAnswer): void {
    if (!this.isEstablished) {
      this.#remoteTag = tagOf(answer, "to");
      this.#route = [...all(answer, "record-route")].reverse();
    }
    this.#aim(answer);
  }

  /** Takes up a request that it owns. RFC 3261 §12.1.1, §12.2.2. */
  hear(request: SipRequest): Order {
    const cseq = Number.parseInt(first(request, "cseq") ?? "", 10);
    const last = this.#remoteCseq;
    if (last !== undefined && !(cseq > last)) return cseq === last ? "repeat" : "old";
    if (!this.isEstablished) {
      this.#remoteTag = tagOf(request, "from");
      this.#route = all(request, "record-route");
    }
    this.#remoteCseq = cseq;
    this.#aim(request);
    return "next";
  }

  #aim(message: SipMessage): void {
    const uri = uriOf(all(message, "contact")[0] ?? "");
    if (/^sips?:[^\s<>"]+$/i.test(uri)) this.#target = uri;
  }
}

/** Our own address as the server saw it; undefined when it did not say. RFC 3581 §4. */
export function seenFrom(answer: SipAnswer): string | undefined {
  const via = splitValues(first(answer, "via") ?? "")[0] ?? "";
  const params = paramsOf(via);
  const [received, rport] = [params.get("received"), params.get("rport")];
  const [, host = ""] = /^\S+\s+(\[[^\]]*\]|[^\s:;]+)/.exec(via) ?? [];
  if (rport === undefined || !/^\d{1,5}$/.test(rport)) return undefined;
  const bare = (received ?? host).replace(/^\[|\]$/g, "");
  if (!/^[\w.:-]+$/.test(bare)) return undefined;
  return `${bare.includes(":") ? `[${bare}]` : bare}:${rport}`;
}

function tagOf(message: SipMessage, header: "from" | "to"): string {
  return paramsOf(first(message, header) ?? "").get("tag") ?? "";
}
