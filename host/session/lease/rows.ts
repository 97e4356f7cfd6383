// How a node of an application comes to own its work, and stops: the table.
//
// A row says: in this state, on this input, do this, then be that. An input without a row changes nothing. What etcd
// does stands in its documents, "Lease", "Txn", "KV API guarantees". Above: owner.ts.

export type OwnerState =
  | "idle" //     not asked to own, or stopped
  | "looking" //  asks who holds the key
  | "waiting" //  somebody holds it, or etcd does not answer; looks again when it is due
  | "leasing" //  asks for a lease of its own
  | "claiming" // puts the key under that lease, if there is none
  | "owner" //    owns
  | "renewing"; // owns, and renews its lease

export type OwnerInput =
  | "start"
  | "stop"
  | "due" //     the next look or renewal
  | "lapsed" //  its own clock says that the lease may be over
  | "free" //    nobody holds the key
  | "held"
  | "granted"
  | "claimed" // the key is ours
  | "beaten" //  somebody else was quicker
  | "renewed"
  | "gone" //    etcd does not know the lease any more, or the key is not ours
  | "failed"; // no answer, or an error

export type OwnerAct =
  | "look"
  | "grant"
  | "claim"
  | "own"
  | "renew"
  | "extend"
  | "giveUp"
  | "lose"
  | "release";

export type OwnerRow = readonly [state: OwnerState, input: OwnerInput, act: OwnerAct | "", next: OwnerState];

export const OWNER_ROWS: readonly OwnerRow[] = [
  ["idle", "start", "look", "looking"],
  ["looking", "free", "grant", "leasing"],
  ["looking", "held", "", "waiting"],
  ["looking", "failed", "", "waiting"],
  ["looking", "stop", "", "idle"],
  ["waiting", "due", "look", "looking"],
  ["waiting", "stop", "", "idle"],
  ["leasing", "granted", "claim", "claiming"],
  ["leasing", "failed", "", "waiting"],
  ["leasing", "stop", "", "idle"],
  ["claiming", "claimed", "own", "owner"],
  ["claiming", "beaten", "giveUp", "waiting"],
  ["claiming", "failed", "giveUp", "waiting"], //   the key may be ours all the same: without its epoch it is no use
  ["claiming", "lapsed", "giveUp", "waiting"],
  ["claiming", "stop", "giveUp", "idle"],
  ["owner", "due", "renew", "renewing"],
  ["owner", "lapsed", "lose", "waiting"],
  ["owner", "stop", "release", "idle"],
  ["renewing", "renewed", "extend", "owner"],
  ["renewing", "failed", "", "owner"], //           until it lapses there is time for another try
  ["renewing", "gone", "lose", "waiting"],
  ["renewing", "lapsed", "lose", "waiting"],
  ["renewing", "stop", "release", "idle"],
];

/** @returns the row that applies; undefined: nothing happens */
export function ownerRow(state: OwnerState, input: OwnerInput): OwnerRow | undefined {
  return OWNER_ROWS.find(([of, on]) => of === state && on === input);
}
