// What the two nodes of a pair say to each other about what they share: every message, and the reader of them.
//
// M: from the master, S: from the standby. The reader lets nothing in that the writer would not have written.
// Below: edit.ts, object.ts. Above: handshake.ts, frames.ts and the two sessions.

import { type Change, readEdit } from "./edit.ts";
import { type Licences, licencesFault } from "./licences.ts";
import { faultOf, type PbxObject, plain } from "./object.ts";

/** Rises when an older node would misunderstand. */
export const PROTOCOL = 1;

export type Refusal = "wrongPassword" | "protocol" | "nameTaken";

export type Message =
  /** M, first. */
  | { readonly kind: "hello"; readonly protocol: number; readonly nonce: string; readonly name: string }
  /** S: who it is, and that it knows the password. */
  | {
      readonly kind: "prove";
      readonly protocol: number;
      readonly nonce: string;
      readonly name: string;
      readonly instance: string;
      readonly proof: string;
    }
  /** M: that it knows the password too. Everything after it is sealed. */
  | { readonly kind: "proven"; readonly proof: string }
  /** M: instead of it, and the end. */
  | { readonly kind: "refused"; readonly reason: Refusal }
  /** S: what it holds; M goes on from there. */
  | { readonly kind: "resume"; readonly version: number; readonly history: string }
  /** M: a whole set follows in `objects`, and is complete with `wholeEnd` only. */
  | {
      readonly kind: "whole";
      readonly version: number;
      readonly history: string;
      readonly licences: Licences;
      readonly count: number;
    }
  | { readonly kind: "objects"; readonly objects: readonly PbxObject[] }
  | { readonly kind: "wholeEnd"; readonly digest: string }
  | { readonly kind: "changes"; readonly changes: readonly Change[] }
  /** M: there is nothing more; this is what it holds. */
  | { readonly kind: "equal"; readonly version: number; readonly history: string; readonly digest: string }
  /** S: that many messages were dealt with, and this is on its disk. */
  | { readonly kind: "taken"; readonly messages: number; readonly version: number }
  /** S: what it got does not fit; the whole set, please. */
  | { readonly kind: "again" };

export type Kind = Message["kind"];
type Said = Readonly<Record<string, unknown>>;

/** In one message; an object takes 1 KiB at most. */
export const OBJECTS_IN_A_MESSAGE = 100;
export const CHANGES_IN_A_MESSAGE = 100;

/** undefined: it is none. */
export function readMessage(value: unknown): Message | undefined {
  const said: Said = Object(value);
  const reader = Object.hasOwn(READERS, String(said.kind)) ? READERS[said.kind as Kind] : undefined;
  return reader?.(said);
}

const READERS: { readonly [K in Kind]: (said: Said) => Extract<Message, { kind: K }> | undefined } = {
  hello: ({ protocol, nonce, name }) =>
    isCount(protocol) && isHex(nonce, 64) && isName(name)
      ? { kind: "hello", protocol, nonce, name }
      : undefined,
  prove: ({ protocol, nonce, name, instance, proof }) =>
    isCount(protocol) && isHex(nonce, 64) && isName(name) && isHex(instance, 16) && isHex(proof, 64)
      ? { kind: "prove", protocol, nonce, name, instance, proof }
      : undefined,
  proven: ({ proof }) => (isHex(proof, 64) ? { kind: "proven", proof } : undefined),
  refused: ({ reason }) =>
    REASONS.includes(reason) ? { kind: "refused", reason: reason as Refusal } : undefined,
  resume: ({ version, history }) =>
    isCount(version) && isHex(history, 64) ? { kind: "resume", version, history } : undefined,
  whole: ({ version, history, licences, count }) =>
    isCount(version) && isHex(history, 64) && isLicences(licences) && isCount(count)
      ? { kind: "whole", version, history, licences, count }
      : undefined,
  objects: ({ objects }) => {
    const isFit = isList(objects, OBJECTS_IN_A_MESSAGE) && objects.every((one) => faultOf(one) === undefined);
    return isFit ? { kind: "objects", objects: objects.map((one) => plain(one as PbxObject)) } : undefined;
  },
  wholeEnd: ({ digest }) => (isHex(digest, 64) ? { kind: "wholeEnd", digest } : undefined),
  changes: ({ changes }) => {
    const read = isList(changes, CHANGES_IN_A_MESSAGE) ? changes.map(readChange) : [undefined];
    return read.includes(undefined) ? undefined : { kind: "changes", changes: read as Change[] };
  },
  equal: ({ version, history, digest }) =>
    isCount(version) && isHex(history, 64) && isHex(digest, 64)
      ? { kind: "equal", version, history, digest }
      : undefined,
  taken: ({ messages, version }) =>
    isCount(messages) && isCount(version) ? { kind: "taken", messages, version } : undefined,
  again: () => ({ kind: "again" }),
};

const REASONS: readonly unknown[] = ["wrongPassword", "protocol", "nameTaken"] satisfies Refusal[];

function readChange(value: unknown): Change | undefined {
  const { version, history, edit }: Said = Object(value);
  const read = readEdit(edit);
  return isCount(version) && isHex(history, 64) && typeof read !== "string"
    ? { version, history, edit: read }
    : undefined;
}

function isLicences(value: unknown): value is Licences {
  return licencesFault(value) === undefined;
}

function isList(value: unknown, longest: number): value is unknown[] {
  return Array.isArray(value) && value.length <= longest;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isName(value: unknown): value is string {
  return (
    typeof value === "string" && value.length >= 1 && value.length <= 64 && !/[\x00-\x1f\x7f]/.test(value)
  );
}

function isHex(value: unknown, digits: number): value is string {
  return typeof value === "string" && value.length === digits && /^[0-9a-f]+$/.test(value);
}
