// What is asked of the DNS, and what may come back. Pure types and two helpers.
//
// Below: nothing. Above: locate.ts asks, resolver.ts answers.

/** RFC 2782. */
export interface Srv {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** Empty: the service is decidedly not offered there (the target "." of RFC 2782). */
  readonly target: string;
}

/** RFC 3403 §4.1, the fields that RFC 3263 §4.1 looks at. */
export interface Naptr {
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly services: string;
  readonly replacement: string;
}

/** What a record of each type holds. */
export interface Records {
  readonly A: string;
  readonly AAAA: string;
  readonly SRV: Srv;
  readonly NAPTR: Naptr;
}

export type RecordType = keyof Records;

export type Answer<Data> =
  /** At least one record. How long it may be kept, s; 0: for this need only. Infinity: for ever. */
  | { readonly kind: "found"; readonly records: readonly Data[]; readonly ttlSeconds: number }
  /** The DNS says that there is none: no such name, or no record of that type (RFC 2308). */
  | { readonly kind: "none"; readonly why: string; readonly ttlSeconds: number }
  /** Nobody said anything that can be used: silence, SERVFAIL, REFUSED, nonsense. */
  | { readonly kind: "failed"; readonly why: string };

/** Asks for the records of one type; never rejects. */
export type Ask = <Type extends RecordType>(name: string, type: Type) => Promise<Answer<Records[Type]>>;

/** The one form of a name: lower case, no dot at the end. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}
