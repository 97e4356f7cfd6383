// The master's side of one connection: proves itself, then sends what the standby lacks, and goes on with each change.
//
// What was not sent yet is not kept anywhere: a cursor says where the standby is, and the directory is asked for what
// follows. When it has forgotten that, or knows another history, the whole set goes out, as it was at one moment. At most
// WINDOW messages are on their way, so a standby that is slow costs no memory. Below: directory.ts, handshake.ts.
// Above: peer.ts.

import type { Directory } from "./directory.ts";
import { digestOf, type WholeSet } from "./edit.ts";
import { type Greeting, isSame, proofOf, sealOf } from "./handshake.ts";
import {
  CHANGES_IN_A_MESSAGE,
  type Message,
  OBJECTS_IN_A_MESSAGE,
  PROTOCOL,
  type Refusal,
} from "./messages.ts";
import { ALIVE_MS, type Session } from "./peer.ts";
import { Trouble } from "./trouble.ts";

export interface MasterOptions {
  readonly directory: Directory;
  /** Of this node. */
  readonly name: string;
  /** Of the password, 32 bytes. */
  readonly key: Uint8Array;
  /** 64 random hex digits, for this connection alone. */
  readonly nonce: string;
  /** Greeting.binding. */
  readonly binding: string;
  /** Whether a proof may be looked at; otherwise it is answered as a wrong one. Left out: yes. */
  readonly mayTry?: () => boolean;
  /** A proof was looked at. */
  readonly onJudged?: (isRight: boolean) => void;
  /** Whether one who has proven itself is welcome; undefined: yes. */
  readonly refuse?: (standby: { readonly name: string; readonly instance: string }) => Refusal | undefined;
}

/** Messages that a standby has not dealt with yet. */
export const WINDOW = 8;

type Proof = Extract<Message, { kind: "prove" }>;

export class MasterSession implements Session {
  readonly #options: MasterOptions;
  readonly #out: Message[];
  #seals: Session["seals"];
  #over: Trouble | undefined;
  #standby: { readonly name: string; readonly instance: string } | undefined;
  /** Where the standby will be when it has dealt with all that was sent; undefined: it needs the whole set. */
  #cursor: { readonly version: number; readonly history: string } | undefined;
  #whole: { readonly set: WholeSet; at: number } | undefined;
  #isResumed = false;
  #sent = 0;
  #dealtWith = 0;
  #equalSaidAt: number | undefined;
  #takenVersion: number | undefined;
  #equalAt: number | undefined;

  constructor(options: MasterOptions) {
    this.#options = options;
    const { nonce, name } = options;
    this.#out = [{ kind: "hello", protocol: PROTOCOL, nonce, name }];
  }

  get seals(): Session["seals"] {
    return this.#seals;
  }

  get over(): Trouble | undefined {
    return this.#out.length === 0 ? this.#over : undefined;
  }

  /** Who is there; undefined: nobody has proven itself. */
  get standby(): { readonly name: string; readonly instance: string } | undefined {
    return this.#standby;
  }

  /** Version that is on the standby's disk; undefined: not known yet. */
  get takenVersion(): number | undefined {
    return this.#takenVersion;
  }

  /** When the standby last had all there was; undefined: never in this connection. */
  get equalAt(): number | undefined {
    return this.#equalAt;
  }

  receive(message: Message, now: number): void {
    switch (message.kind) {
      case "prove":
        if (this.#seals !== undefined || this.#over !== undefined) throw wrong(message);
        this.#judge(message);
        return;
      case "resume":
        if (this.#seals === undefined || this.#isResumed) throw wrong(message);
        this.#isResumed = true;
        this.#cursor = { version: message.version, history: message.history };
        this.#takenVersion = this.#isKnown() ? message.version : undefined;
        return;
      case "taken":
        this.#hear(message.messages, message.version, now);
        return;
      case "again":
        this.#cursor = undefined;
        this.#whole = undefined;
        return;
      default:
        throw wrong(message);
    }
  }

  next(now: number): Message | undefined {
    return this.#out.shift() ?? (this.#mayGoOn() ? this.#follow(now) : undefined);
  }

  #judge(said: Proof): void {
    const { key, nonce, name, binding, refuse } = this.#options;
    const greeting: Greeting = {
      nonces: { master: nonce, standby: said.nonce },
      names: { master: name, standby: said.name },
      instance: said.instance,
      binding,
    };
    const isProven = this.#isProven(said.proof, greeting);
    const reason =
      said.protocol !== PROTOCOL ? "protocol" : isProven ? unwelcome(said, name, refuse) : "wrongPassword";
    if (reason !== undefined) {
      this.#out.push({ kind: "refused", reason });
      this.#over = new Trouble(reason);
      return;
    }
    this.#standby = { name: said.name, instance: said.instance };
    this.#out.push({ kind: "proven", proof: proofOf("master", key, greeting) });
    this.#seals = { theirs: sealOf("standby", key, greeting), ours: sealOf("master", key, greeting) };
  }

  #isProven(proof: string, greeting: Greeting): boolean {
    const { key, mayTry, onJudged } = this.#options;
    if (mayTry?.() === false) return false;
    const isRight = isSame(proof, proofOf("standby", key, greeting));
    onJudged?.(isRight);
    return isRight;
  }

  #mayGoOn(): boolean {
    return this.#isResumed && this.#over === undefined && this.#sent - this.#dealtWith < WINDOW;
  }

  #follow(now: number): Message | undefined {
    const message = this.#wholeNext() ?? this.#changesNext() ?? this.#equalNext(now);
    if (message !== undefined) this.#sent++;
    return message;
  }

  #isKnown(): boolean {
    const { directory } = this.#options;
    return (
      this.#cursor !== undefined && directory.since(this.#cursor.version, this.#cursor.history) !== undefined
    );
  }

  #wholeNext(): Message | undefined {
    if (this.#whole === undefined) return this.#isKnown() ? undefined : this.#wholeBegin();
    const { set, at } = this.#whole;
    const objects = set.objects.slice(at, at + OBJECTS_IN_A_MESSAGE);
    this.#whole.at += objects.length;
    if (objects.length > 0) return { kind: "objects", objects };
    this.#whole = undefined;
    this.#cursor = set;
    return { kind: "wholeEnd", digest: digestOf(set.licences, set.objects) };
  }

  #wholeBegin(): Message {
    const set = this.#options.directory.whole();
    this.#whole = { set, at: 0 };
    const { version, history, licences, objects } = set;
    return { kind: "whole", version, history, licences, count: objects.length };
  }

  #changesNext(): Message | undefined {
    const cursor = this.#cursor;
    if (cursor === undefined) return undefined;
    const changes = this.#options.directory
      .since(cursor.version, cursor.history)
      ?.slice(0, CHANGES_IN_A_MESSAGE);
    const last = changes?.at(-1);
    if (changes === undefined || last === undefined) return undefined;
    this.#cursor = last;
    return { kind: "changes", changes };
  }

  /** Once when all is sent, then as a sign of life. */
  #equalNext(now: number): Message | undefined {
    const { version, history } = this.#options.directory;
    if (this.#equalSaidAt !== undefined && now - this.#equalSaidAt < ALIVE_MS) return undefined;
    this.#equalSaidAt = now;
    return { kind: "equal", version, history, digest: this.#options.directory.digest() };
  }

  #hear(messages: number, version: number, now: number): void {
    if (messages > this.#sent || messages < this.#dealtWith)
      throw new Trouble("broken", "acknowledged out of order");
    this.#dealtWith = messages;
    this.#takenVersion = version;
    if (messages === this.#sent && version === this.#options.directory.version) this.#equalAt = now;
  }
}

function unwelcome(said: Proof, name: string, refuse: MasterOptions["refuse"]): Refusal | undefined {
  return said.name === name ? "nameTaken" : refuse?.(said);
}

function wrong({ kind }: Message): Trouble {
  return new Trouble("broken", `${kind} at the wrong moment`);
}
