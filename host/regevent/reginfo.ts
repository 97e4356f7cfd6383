// The document of a NOTIFY: which contacts a registrar holds, and what became of those it let go.
// RFC 3680 §5.
//
// An XML reader of a library gives elements and texts; a document type is refused, so no entity is
// ever declared. Below: sax, host/sip. Above: held.ts, subscription.ts.

import sax from "sax";
import { fromLatin1 } from "../sip/message.ts";

/** RFC 3680 §5.1.2; partial: only what changed. */
export interface RegInfo {
  readonly version: number;
  readonly full: boolean;
  readonly registrations: readonly Registration[];
}

export interface Registration {
  readonly aor: string;
  /** init, active or terminated. */
  readonly state: string;
  readonly contacts: readonly ContactState[];
}

export interface ContactState {
  /** Names the contact in later documents of the same subscription. */
  readonly id: string;
  /** active or terminated. */
  readonly state: string;
  /** What led to that state: `registered`, `expired`, `rejected` and so on. RFC 3680 §4.7.1. */
  readonly event: string;
  /** Only with `probation`. */
  readonly retryAfterSeconds: number | undefined;
  readonly uri: string;
}

const NAMESPACE = "urn:ietf:params:xml:ns:reginfo";

/** Of one document; an address of record has a handful. */
const CONTACTS_MAX = 256;

/** Bytes of one document: more than any datagram may have, less than a stream could send. */
const DOCUMENT_MAX = 65_536;

/** RFC 3680 §5.2: versions are no larger than a 32-bit integer. */
const VERSION_MAX = 0xffff_ffff;

/** Reads the body of a NOTIFY, one character a byte. undefined: it is no such document. */
export function readRegInfo(body: string): RegInfo | undefined {
  if (body.length > DOCUMENT_MAX) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(fromLatin1(body));
    return new Reader(text).document;
  } catch {
    return undefined;
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

class Reader {
  #found: { readonly version: number; readonly full: boolean } | undefined;
  readonly #registrations: { aor: string; state: string; contacts: ContactState[] }[] = [];
  #contact: Writable<ContactState> | undefined;
  #contacts = 0;
  /** Names of the elements that are open, outermost first; of another namespace: "". */
  readonly #path: string[] = [];

  constructor(text: string) {
    const parser = sax.parser(true, { xmlns: true });
    parser.onerror = (error) => {
      throw error;
    };
    parser.ondoctype = () => {
      throw new Error("a document type");
    };
    parser.onopentag = (tag) => this.#open(tag as sax.QualifiedTag);
    parser.onclosetag = () => this.#path.pop();
    parser.ontext = (piece) => this.#take(piece);
    parser.oncdata = (piece) => this.#take(piece);
    parser.write(text).close();
  }

  /** @throws when the root was another element */
  get document(): RegInfo {
    if (this.#found === undefined) throw new Error("no reginfo");
    const registrations = this.#registrations.map((registration) => ({
      ...registration,
      contacts: registration.contacts.map((contact) => ({ ...contact, uri: contact.uri.trim() })),
    }));
    return { ...this.#found, registrations };
  }

  #open(tag: sax.QualifiedTag): void {
    this.#path.push(tag.uri === NAMESPACE ? tag.local : "");
    switch (this.#path.join("/")) {
      case "reginfo":
        if (this.#found) throw new Error("two documents");
        this.#found = { version: versionOf(tag), full: stateOf(tag) === "full" };
        break;
      case "reginfo/registration":
        this.#registrations.push({
          aor: attribute(tag, "aor"),
          state: attribute(tag, "state"),
          contacts: [],
        });
        break;
      case "reginfo/registration/contact":
        if (++this.#contacts > CONTACTS_MAX) throw new Error("too many contacts");
        this.#contact = contactOf(tag);
        this.#registrations.at(-1)?.contacts.push(this.#contact);
    }
  }

  /** A text may come in pieces. */
  #take(piece: string): void {
    if (this.#contact && this.#path.join("/") === "reginfo/registration/contact/uri") {
      this.#contact.uri += piece;
    }
  }
}

function contactOf(tag: sax.QualifiedTag): ContactState {
  const retryAfter = attribute(tag, "retry-after");
  return {
    id: attribute(tag, "id"),
    state: attribute(tag, "state"),
    event: attribute(tag, "event"),
    retryAfterSeconds: /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : undefined,
    uri: "",
  };
}

function versionOf(tag: sax.QualifiedTag): number {
  const text = attribute(tag, "version");
  if (!/^\d{1,10}$/.test(text) || Number(text) > VERSION_MAX) throw new Error("no version");
  return Number(text);
}

function stateOf(tag: sax.QualifiedTag): string {
  const state = attribute(tag, "state");
  if (state !== "full" && state !== "partial") throw new Error("neither full nor partial");
  return state;
}

function attribute(tag: sax.QualifiedTag, name: string): string {
  return tag.attributes[name]?.value ?? "";
}
