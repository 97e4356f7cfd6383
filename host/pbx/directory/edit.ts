// One change of what a pair shares, and the chain of hashes that tells one history from another.
//
// Each change carries the hash of all that went before and of itself. Two nodes with one hash at one version have lived
// through the same changes from the same start, so the later one needs only what it has not seen; anything else gets the
// whole set. Below: object.ts, licences.ts, a hash of a library. Above: directory.ts, messages.ts.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { type Licences, licencesFault } from "./licences.ts";
import { canonical, faultOf, type PbxObject, plain } from "./object.ts";

export type Edit =
  /** A new object, or another one in the place of that of the same user. */
  | { readonly kind: "put"; readonly object: PbxObject }
  | { readonly kind: "remove"; readonly user: string }
  | { readonly kind: "licences"; readonly licences: Licences };

export interface Change {
  /** Rises by one for each change; 0: nothing was ever changed. */
  readonly version: number;
  /** The chain with this change in it, 64 hex digits. */
  readonly history: string;
  readonly edit: Edit;
}

/** The whole set as it was at one version. */
export interface WholeSet {
  readonly version: number;
  readonly history: string;
  readonly licences: Licences;
  readonly objects: readonly PbxObject[];
}

/** The change that follows. */
export function follow(last: { readonly version: number; readonly history: string }, edit: Edit): Change {
  const version = last.version + 1;
  return { version, history: hash(`${last.history} ${version} ${editText(edit)}`), edit };
}

function editText(edit: Edit): string {
  switch (edit.kind) {
    case "put":
      return `put ${canonical(edit.object)}`;
    case "remove":
      return `remove ${JSON.stringify(edit.user)}`;
    case "licences":
      return licencesText(edit.licences);
  }
}

function licencesText({ registrations, standby }: Licences): string {
  return `licences ${registrations} ${standby}`;
}

/** SHA-256 over the whole set in one order: equal digests, equal objects and licences. */
export function digestOf(licences: Licences, objects: Iterable<PbxObject>): string {
  const lines = Array.from(objects, canonical).sort();
  return hash([licencesText(licences), ...lines].join("\n"));
}

function hash(text: string): string {
  return bytesToHex(sha256(new TextEncoder().encode(text)));
}

/** An edit of a value from outside, with nothing in it that does not belong there; or what is wrong with it. */
export function readEdit(value: unknown): Edit | string {
  const { kind, object, user, licences } = Object(value) as Readonly<Record<string, unknown>>;
  if (kind === "put") return faultOf(object) ?? { kind, object: plain(object as PbxObject) };
  if (kind === "remove" && typeof user === "string") return { kind, user };
  if (kind === "licences") {
    const { registrations, standby } = Object(licences) as Licences;
    return licencesFault(licences) ?? { kind, licences: { registrations, standby } };
  }
  return "no edit: put, remove and licences are known";
}
