// What must outlive a crash of the program: the name of this device in its Contacts, at which server it may still be
// bound under which address, and until when which credentials rest. No password, no line, nothing else.
//
// A file of JSON. One that is not ours is never written to. Below: replace-file.ts. Above: memory.ts.
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { replaceFile } from "./replace-file.ts";
import type { RestTimes } from "./rests.ts";

/** What is kept. */
export interface Kept {
  /** Name of the device in its Contacts: 8 hex digits. */
  readonly instance: string;
  /** By "host:port" of a server as configured: the "address:port" of our Contact there. */
  readonly contacts: Readonly<Record<string, string>>;
  readonly rests: RestTimes;
}

export type Found =
  | { readonly kind: "kept"; readonly kept: Kept }
  /** There is no file yet, or nothing in it. */
  | { readonly kind: "none" }
  /** Not to be used; `mayReplace`: it is one of ours all the same. */
  | { readonly kind: "refused"; readonly why: string; readonly mayReplace: boolean };

const FORMAT = "standfast state";
const VERSION = 1;
/** A file of four servers is below 1 KiB. */
const LONGEST = 65_536;

/** @param device this machine; the file of another one is refused, for its bindings are not ours */
export function readState(path: string, device: string): Found {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { kind: "none" };
    return refused(`it cannot be read: ${(error as Error).message}`);
  }
  if (text.trim() === "") return { kind: "none" };
  return text.length > LONGEST ? refused("it is no state of standfast") : judge(text, device);
}

function judge(text: string, device: string): Found {
  const value = parse(text);
  if (value.format !== FORMAT) return refused("it is no state of standfast");
  if (value.version !== VERSION)
    return refused(`it has version ${value.version}, this program knows ${VERSION}`);
  if (value.device !== device) return refused("it was written on another machine", true);
  const { instance, contacts, rests = {} } = value;
  const isNamed = typeof instance === "string" && /^[0-9a-f]{8}$/.test(instance);
  if (!isNamed || !areContacts(contacts) || !areRests(rests)) return refused("it is damaged", true);
  return { kind: "kept", kept: { instance, contacts, rests } };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function areContacts(value: unknown): value is Kept["contacts"] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((contact) => typeof contact === "string" && isContact(contact));
}

function areRests(value: unknown): value is RestTimes {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([tag, until]) => /^[0-9a-f]{4}$/.test(tag) && Number.isSafeInteger(until),
  );
}

/** An "address:port", IPv6 in brackets; the core has room for 55 bytes. */
function isContact(text: string): boolean {
  const [, v6, v4, port] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  return text.length <= 55 && isIP(v6 ?? v4 ?? "") === (v6 ? 6 : 4) && Number(port) <= 65_535;
}

function refused(why: string, mayReplace = false): Found {
  return { kind: "refused", why, mayReplace };
}

/** @throws Error of the system */
export function writeState(path: string, device: string, kept: Kept): void {
  const text = JSON.stringify({ format: FORMAT, version: VERSION, device, ...kept }, null, 2);
  replaceFile(path, new TextEncoder().encode(`${text}\n`));
}
