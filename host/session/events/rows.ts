// The state tables of service events. A row says: in this state, on this input, say this, then be that.
//
// An input without a row changes nothing and says nothing: a second loss, a return that was no loss, the end of a call
// that nobody knows. The order of the events between objects is board.ts's. The states are those of Cisco's JTAPI
// guide, "CTIManager failure": observation ends, devices go, the provider goes, and all of it comes back in the
// opposite order with a snapshot of the calls. Above: board.ts.

export type Row<State, Input, Act> = readonly [state: State, input: Input, act: Act | "", next: State];

export type ProviderState = "out" | "in" | "shutdown";
export type ProviderInput = "reach" | "gone" | "shutdown";
export type ProviderAct = "tellIn" | "tellOut" | "tellShutdown";

export const PROVIDER_ROWS: readonly Row<ProviderState, ProviderInput, ProviderAct>[] = [
  ["out", "reach", "tellIn", "in"],
  ["out", "shutdown", "tellShutdown", "shutdown"],
  ["in", "gone", "tellOut", "out"], //             every server is gone, and every device before it
  ["in", "shutdown", "tellShutdown", "shutdown"], // never comes back
];

/** An address at one terminal: the seat. A terminal has several, and a shared address has one at each terminal. */
export type SeatState = "out" | "in" | "removed";
export type SeatInput = "in" | "out" | "remove";
export type SeatAct = "tellIn" | "tellMoved" | "tellOut" | "tellRemoved" | "tellOutAndRemoved";

export const SEAT_ROWS: readonly Row<SeatState, SeatInput, SeatAct>[] = [
  ["out", "in", "tellIn", "in"],
  ["out", "remove", "tellRemoved", "removed"],
  ["in", "in", "tellMoved", "in"], //              without a loss between: no more than the server may be another
  ["in", "out", "tellOut", "out"],
  ["in", "remove", "tellOutAndRemoved", "removed"],
];

/**
 * A call as the application knows it. `hidden`: it began while its seat was out and was never told. `blind`: it was
 * told, and its seat is out. `over`: it was told, and ended while its seat was out.
 */
export type CallPhase = "none" | "hidden" | "live" | "blind" | "over";
/** `up`: it is up, in whatever state. `see`: its seat is in service. `lose`: its seat goes out. */
export type CallInput = "up" | "end" | "see" | "lose" | "remove";
export type CallAct = "tellStarted" | "tellChanged" | "tellSnapshot" | "tellEnded" | "tellUnobserved";

export const CALL_ROWS: readonly Row<CallPhase, CallInput, CallAct>[] = [
  ["none", "up", "", "hidden"], //                 also of a snapshot that has a call nobody knew
  ["hidden", "end", "", "none"],
  ["hidden", "see", "tellStarted", "live"],
  ["hidden", "remove", "", "none"],
  ["live", "up", "tellChanged", "live"],
  ["live", "end", "tellEnded", "none"],
  ["live", "lose", "tellUnobserved", "blind"],
  ["live", "remove", "tellEnded", "none"],
  ["blind", "end", "", "over"],
  ["blind", "see", "tellSnapshot", "live"], //     the state of now, not those it went through
  ["blind", "remove", "tellEnded", "none"],
  ["over", "up", "", "blind"],
  ["over", "see", "tellEnded", "none"],
  ["over", "remove", "tellEnded", "none"],
];

/** @returns the row that applies; undefined: nothing happens */
export function rowOf<State, Input, Act>(
  rows: readonly Row<State, Input, Act>[],
  state: State,
  input: Input,
): Row<State, Input, Act> | undefined {
  return rows.find(([of, on]) => of === state && on === input);
}
