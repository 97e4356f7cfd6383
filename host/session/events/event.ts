// What an application that controls phones is told: provider > terminal > address > call, one JSON object a line.
//
// docs/service-events.md explains the order. A new field or type may come at any time; a meaning changes only with
// SCHEMA. Above: board.ts, and every program that shows events.

/** Version of the objects below, in the first line of every stream. */
export const SCHEMA = 1;

/** What a call is doing. RFC 3261 §12 for the dialog behind it. */
export const CALL_STATES = ["dialing", "ringing", "connected", "held"] as const;
export type CallState = (typeof CALL_STATES)[number];

/** Why something went out of service. It is for people: nothing else depends on it. */
export const OUTAGE_CAUSES = ["link", "server", "restart", "permission"] as const;
export type OutageCause = (typeof OUTAGE_CAUSES)[number];

/** `snapshot`: it is said to catch up, and happened while nobody could see it. */
export type Cause = OutageCause | "normal" | "snapshot";

export type ServiceEventType =
  | "providerInService"
  | "providerOutOfService"
  | "providerShutdown"
  | "terminalInService"
  | "terminalOutOfService"
  | "terminalRemoved"
  | "addressInService"
  | "addressOutOfService"
  | "addressMoved"
  | "callStarted"
  | "callChanged"
  | "callMoved"
  | "callSnapshot"
  | "callEnded"
  | "callObservationEnded";

export interface ServiceEvent {
  /** When, ms since 1970 by the clock of whoever watches the phones. */
  readonly at: number;
  readonly type: ServiceEventType;
  /** Of everything but the provider. Absent of an address that went in or out of service: it may have several. */
  readonly terminal?: string;
  readonly address?: string;
  /** The server in use, as `host:port` of the configuration. */
  readonly server?: string;
  /** The same from the beginning to the end of the call, whatever server serves it. */
  readonly call?: string;
  readonly state?: CallState;
  readonly cause: Cause;
}

/** One line of NDJSON, with its end. */
export function writeLine(object: object): string {
  return `${JSON.stringify(object)}\n`;
}
