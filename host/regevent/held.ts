// What the registrar says about our own contact, document after document, and when it is lost.
// RFC 3680 §5.2.
//
// Only contacts of ours are kept: those with our mark (DESIGN.md D7). There may be two for a while,
// after our address changed. Below: reginfo.ts. Above: subscription.ts.

import type { ContactState, RegInfo, Registration } from "./reginfo.ts";

export interface Loss {
  /** The event of the contact, RFC 3680 §4.7.1; "" when the registrar left it out. */
  readonly event: string;
  /** How long to stay away, where it said so. */
  readonly retryAfterSeconds: number | undefined;
}

/** What came of a document. */
export type News =
  /** Older than what is known: not read. */
  | { readonly kind: "old" }
  | {
      readonly kind: "read";
      /** The binding was taken from us. */
      readonly loss: Loss | undefined;
      /** Documents between this one and the last were missed: the whole state should be asked for. */
      readonly gap: boolean;
    };

export class Held {
  readonly #isOurAor: (aor: string) => boolean;
  readonly #isOurs: (uri: string) => boolean;
  /** Of the last document; undefined before the first. */
  #version: number | undefined;
  /** Ids of our contacts that are active. */
  readonly #active = new Set<string>();
  /** Whether the binding is there; undefined: it was never mentioned. */
  #isThere: boolean | undefined;

  constructor(isOurAor: (aor: string) => boolean, isOurs: (uri: string) => boolean) {
    this.#isOurAor = isOurAor;
    this.#isOurs = isOurs;
  }

  take(info: RegInfo): News {
    const last = this.#version;
    if (last !== undefined && isOld(info, last)) return { kind: "old" };
    this.#version = info.version;
    if (info.full) this.#active.clear();
    const gone = info.registrations
      .filter(({ aor }) => this.#isOurAor(aor))
      .flatMap((registration) => this.#apply(registration));
    const gap = !info.full && (last === undefined || info.version > last + 1);
    return { kind: "read", loss: this.#judge(gone.at(-1)), gap };
  }

  /** @returns our contacts that it says are terminated */
  #apply({ state, contacts }: Registration): readonly ContactState[] {
    const ours = contacts.filter(({ uri }) => this.#isOurs(uri));
    for (const contact of ours) {
      if (contact.state === "active") this.#active.add(contact.id);
      else this.#active.delete(contact.id);
    }
    if (state === "terminated") this.#active.clear(); // §5.1.3: it has no contact left
    return ours.filter((contact) => contact.state === "terminated");
  }

  /** A binding is lost once, and only after nothing of ours is left. */
  #judge(gone: ContactState | undefined): Loss | undefined {
    const was = this.#isThere;
    if (this.#active.size > 0) this.#isThere = true;
    else if (gone !== undefined || was === true) this.#isThere = false;
    if (this.#isThere !== false || was === false) return undefined;
    return { event: gone?.event ?? "", retryAfterSeconds: gone?.retryAfterSeconds };
  }
}

/**
 * §5.2 drops what is not newer. A whole state of the same version is taken all the same: some servers
 * count nothing, and what it says is true again.
 */
function isOld({ version, full }: RegInfo, last: number): boolean {
  return full ? version < last : version <= last;
}
