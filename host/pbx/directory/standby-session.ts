// The standby's side of one connection: proves itself, says what it holds, and follows the master.
//
// A whole set is gathered apart and takes the place of the old one only when it is complete and its digest fits, so a cut at
// any byte leaves what was there. Changes must follow by number and by history; what does not fit is answered with "again".
// Below: directory.ts, handshake.ts. Above: peer.ts.

import { type Directory, OBJECTS_MAX } from "./directory.ts";
import { digestOf } from "./edit.ts";
import { type Greeting, isSame, proofOf, sealOf } from "./handshake.ts";
import { type Message, PROTOCOL } from "./messages.ts";
import type { PbxObject } from "./object.ts";
import type { Session } from "./peer.ts";
import { Trouble } from "./trouble.ts";

export interface StandbyOptions {
  readonly directory: Directory;
  /** Of this node. */
  readonly name: string;
  /** Of this store, 16 hex digits. */
  readonly instance: string;
  /** Of the password, 32 bytes. */
  readonly key: Uint8Array;
  /** 64 random hex digits, for this connection alone. */
  readonly nonce: string;
  /** Greeting.binding. */
  readonly binding: string;
}

type Of<K extends Message["kind"]> = Extract<Message, { kind: K }>;

export class StandbySession implements Session {
  readonly #options: StandbyOptions;
  readonly #out: Message[] = [];
  /** It ends by what it hears only. */
  readonly over = undefined;
  #greeting: Greeting | undefined;
  #seals: Session["seals"];
  /** A whole set that is still coming. */
  #draft: { readonly head: Of<"whole">; readonly objects: PbxObject[] } | undefined;
  /** We have asked for the whole set; what was on its way before it is of no use. */
  #isWaiting = false;
  #messages = 0;
  #heardVersion: number | undefined;
  #equalAt: number | undefined;

  constructor(options: StandbyOptions) {
    this.#options = options;
  }

  get seals(): Session["seals"] {
    return this.#seals;
  }

  /** The name of the master; undefined: it has not proven itself. */
  get master(): string | undefined {
    return this.#seals && this.#greeting?.names.master;
  }

  /** The latest version that the master is known to have; undefined: none in this connection. */
  get heardVersion(): number | undefined {
    return this.#heardVersion;
  }

  /** When the master last said that both are equal; undefined: never in this connection. */
  get equalAt(): number | undefined {
    return this.#equalAt;
  }

  next(): Message | undefined {
    return this.#out.shift();
  }

  receive(message: Message, now: number): void {
    if (this.#seals === undefined) this.#greet(message);
    else {
      this.#follow(message, now);
      this.#out.push({ kind: "taken", messages: ++this.#messages, version: this.#options.directory.version });
    }
  }

  #greet(message: Message): void {
    if (message.kind === "hello" && this.#greeting === undefined) this.#prove(message);
    else if (message.kind === "proven" && this.#greeting !== undefined) this.#trust(message, this.#greeting);
    else if (message.kind === "refused") throw new Trouble(message.reason);
    else throw new Trouble("broken", `${message.kind} at the wrong moment`);
  }

  #prove({ protocol, nonce: theirs, name: master }: Of<"hello">): void {
    const { key, nonce, name, instance, binding } = this.#options;
    if (protocol !== PROTOCOL) throw new Trouble("protocol");
    const greeting = {
      nonces: { master: theirs, standby: nonce },
      names: { master, standby: name },
      instance,
      binding,
    };
    this.#greeting = greeting;
    const proof = proofOf("standby", key, greeting);
    this.#out.push({ kind: "prove", protocol: PROTOCOL, nonce, name, instance, proof });
  }

  #trust({ proof }: Of<"proven">, greeting: Greeting): void {
    const { key, directory } = this.#options;
    if (!isSame(proof, proofOf("master", key, greeting))) throw new Trouble("falseMaster");
    this.#seals = { theirs: sealOf("master", key, greeting), ours: sealOf("standby", key, greeting) };
    const { version, history } = directory;
    this.#out.push({ kind: "resume", version, history });
  }

  #follow(message: Message, now: number): void {
    switch (message.kind) {
      case "whole":
        this.#begin(message);
        return;
      case "objects":
        this.#gather(message);
        return;
      case "wholeEnd":
        this.#complete(message);
        return;
      case "changes":
        this.#heardVersion = message.changes.at(-1)?.version ?? this.#heardVersion;
        this.#take(message);
        return;
      case "equal":
        this.#compare(message, now);
        return;
      default:
        throw new Trouble("broken", `${message.kind} at the wrong moment`);
    }
  }

  #begin(head: Of<"whole">): void {
    if (head.version === 0 && this.#options.directory.version > 0) throw new Trouble("masterEmpty");
    if (head.count > OBJECTS_MAX) throw new Trouble("broken", `a set of ${head.count} objects`);
    this.#isWaiting = false;
    this.#heardVersion = head.version;
    this.#draft = { head, objects: [] };
  }

  #gather({ objects }: Of<"objects">): void {
    if (this.#isWaiting) return;
    const draft = this.#draft;
    if (draft === undefined || draft.objects.length + objects.length > draft.head.count)
      throw new Trouble("broken", "objects that nobody announced");
    draft.objects.push(...objects);
  }

  #complete({ digest }: Of<"wholeEnd">): void {
    if (this.#isWaiting) return;
    const draft = this.#draft;
    this.#draft = undefined;
    if (draft === undefined) throw new Trouble("broken", "the end of a set that never began");
    const { head, objects } = draft;
    const { version, history, licences } = head;
    const users = new Set(objects.map(({ user }) => user));
    if (users.size !== head.count || digestOf(licences, objects) !== digest)
      throw new Trouble("broken", "a whole set that is not what was announced");
    kept(() => this.#options.directory.replace({ version, history, licences, objects }));
  }

  #take({ changes }: Of<"changes">): void {
    if (!this.#isWaiting && !kept(() => this.#options.directory.take(changes))) this.#askAgain();
  }

  #compare({ version, history, digest }: Of<"equal">, now: number): void {
    if (this.#isWaiting) return;
    const { directory } = this.#options;
    this.#heardVersion = version;
    if (version === directory.version && history === directory.history && digest === directory.digest())
      this.#equalAt = now;
    else this.#askAgain();
  }

  #askAgain(): void {
    this.#isWaiting = true;
    this.#out.push({ kind: "again" });
  }
}

/** What a journal cannot keep is not acknowledged: a full disk ends the connection, not the node. */
function kept<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new Trouble("store", (error as Error).message);
  }
}
