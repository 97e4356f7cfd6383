// One object of the PBX: an address of record, the account that may bind it, and the hashes its password is proved with.
//
// A password is hashed here and forgotten: RFC 7616 §5.13 lets a server store HA1 instead. HA1 belongs to one realm, so
// the two PBXs of a pair have the same one. Below: sip/digest.ts. Above: edit.ts.

import { type Algorithm, storedHash } from "../../sip/digest.ts";

/** What replicates of one phone. */
export interface PbxObject {
  /** User part of the address of record; 1 to 64 characters, unique in the directory. */
  readonly user: string;
  /** Digest user name; 1 to 64 characters, may serve several objects. */
  readonly account: string;
  /** `account:realm:password`, hashed, in lower-case hex digits. Whoever reads it can register as this account. */
  readonly ha1: Readonly<Record<Algorithm, string>>;
  /** For people, up to 64 characters; absent: none. */
  readonly display?: string;
}

/** A password on its way to be hashed. */
export interface NewObject {
  readonly user: string;
  /** The user when left out. */
  readonly account?: string;
  readonly password: string;
  readonly display?: string;
}

export function makeObject({ user, account = user, password, display }: NewObject, realm: string): PbxObject {
  return {
    user,
    account,
    ha1: {
      "SHA-256": storedHash("SHA-256", account, realm, password),
      MD5: storedHash("MD5", account, realm, password),
    },
    ...(display !== undefined && { display }),
  };
}

/** Letters that need no escape in a URI or a quoted string: RFC 3261 §25.1, unreserved and a few of user-unreserved. */
const NAME = /^[\w.!~*'()&=+$,;?/-]{1,64}$/;
/** The names by which the two nodes of a pair list each other. */
const RESERVED: readonly string[] = ["_STANDBY_", "_ACTIVE_"];
/** Anything for people but what ends a line. */
const DISPLAY = /^[^\x00-\x1f\x7f]{0,64}$/u;

/** What is wrong with a value that should be an object; undefined: nothing. Never repeats a hash. */
export function faultOf(value: unknown): string | undefined {
  const { user, account, ha1, display } = Object(value) as Readonly<Record<string, unknown>>;
  if (typeof user !== "string" || !NAME.test(user)) return `user = ${shown(user)}: ${NAMED}`;
  if (RESERVED.includes(user))
    return `user = ${user}: the nodes of a pair register by that name; take another one`;
  if (typeof account !== "string" || !NAME.test(account))
    return `account = ${shown(account)} of ${user}: ${NAMED}`;
  const { "SHA-256": sha256, MD5: md5 } = Object(ha1) as Readonly<Record<string, unknown>>;
  if (!isHex(sha256, 64)) return `ha1 SHA-256 of ${user} is not 64 hex digits in lower case`;
  if (!isHex(md5, 32)) return `ha1 MD5 of ${user} is not 32 hex digits in lower case`;
  if (display === undefined || (typeof display === "string" && DISPLAY.test(display))) return undefined;
  return `display of ${user} may have up to 64 characters and no control characters`;
}

const NAMED = "1 to 64 letters, digits or -_.!~*'()&=+$,;?/ are allowed";

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, 80)) : typeof value;
}

function isHex(value: unknown, digits: number): boolean {
  return typeof value === "string" && value.length === digits && /^[0-9a-f]*$/.test(value);
}

/** The fields of an object and nothing else, each in its place: two equal objects are one text. */
export function canonical({ user, account, ha1, display }: PbxObject): string {
  return JSON.stringify([user, account, ha1["SHA-256"], ha1.MD5, display ?? null]);
}

/** Only what belongs to an object, whatever else came with it. */
export function plain({ user, account, ha1, display }: PbxObject): PbxObject {
  return {
    user,
    account,
    ha1: { "SHA-256": ha1["SHA-256"], MD5: ha1.MD5 },
    ...(display !== undefined && { display }),
  };
}
