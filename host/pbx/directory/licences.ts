// How many registrations a node may hold. DESIGN.md D36.
//
// Both figures are kept at the master and replicate; a standby counts by `standby` when it serves. A licence is used by
// an address of record, however many contacts it has bound, so renewing one takes no second.
// Above: edit.ts and whoever admits a registration.

export interface Licences {
  /** Addresses of record that may be bound at the master, 0..1,000,000. */
  readonly registrations: number;
  /** Addresses of record that may be bound at the standby while it serves: as many as it must carry. */
  readonly standby: number;
}

export const NO_LICENCES: Licences = { registrations: 0, standby: 0 };

const MOST = 1_000_000;

/** What is wrong with a value that should be licences; undefined: nothing. */
export function licencesFault(value: unknown): string | undefined {
  const { registrations, standby } = Object(value) as Readonly<Record<string, unknown>>;
  if (!isCount(registrations)) return `licences, registrations: a whole number of 0 to ${MOST} is allowed`;
  if (!isCount(standby)) return `licences, standby: a whole number of 0 to ${MOST} is allowed`;
  return undefined;
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST;
}

/** Who asks, and what is taken already. */
export interface Demand {
  readonly user: string;
  /** Whether the user holds a live binding, and with it a licence. */
  readonly isBound: boolean;
  /** Addresses of record with a live binding. */
  readonly used: number;
  /** Of this node: `registrations` or `standby`. */
  readonly limit: number;
}

/** Why a registration gets no licence, as text of a Warning; undefined: it gets one, or has one. */
export function licenceRefusal({ user, isBound, used, limit }: Demand): string | undefined {
  if (isBound || used < limit) return undefined;
  return `No licence for ${user}: all ${limit} registrations of this PBX are in use; add licences at the master`;
}
