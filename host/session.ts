// The public API of sessions beside the phone: service events for programs that control calls, and which
// node of such a program owns the work.
//
// Import it as "standfast/session"; docs/service-events.md shows it at work. Everything exported here is a promise: it
// changes by addition only. Below: host/session, host/node/session.

export { ApplicationSession, type ApplicationSessionOptions } from "./node/session/follow.ts";
export { Ownership, type OwnershipOptions } from "./node/session/lease.ts";
export { type Command, Manager, type ManagerOptions } from "./node/session/manager.ts";
export { Provider, type ProviderOptions } from "./node/session/provider.ts";
export { type CallBegin, ServiceEvents, type WatchedPhone } from "./node/session/service.ts";
export { SoapDriver, type SoapServer } from "./node/session/soap-driver.ts";
export type { CallView, SeatView } from "./session/events/board.ts";
export type {
  CallState,
  Cause,
  OutageCause,
  ServiceEvent,
  ServiceEventType,
} from "./session/events/event.ts";
export { SCHEMA, writeLine } from "./session/events/event.ts";
export type { Fact } from "./session/events/facts.ts";
export { EpochGate } from "./session/lease/gate.ts";
export type { OwnerEvent } from "./session/lease/owner.ts";
export type {
  Change,
  Driver,
  EndResult,
  Failed,
  FailureCause,
  Gone,
  OpenResult,
  PollResult,
  ProbeResult,
  Rejected,
  ServerName,
  Session,
  Ticket,
} from "./session/login/driver.ts";
export type { SessionEvent } from "./session/login/events.ts";
export { type Promises, promisesOf, type Refusal, refusalsOf } from "./session/login/promises.ts";
export { SETTINGS, type SettingRow, type Settings, settingsWith } from "./session/login/settings.ts";
export type { Banner, State } from "./session/login/table.ts";
export { bannerText } from "./session/login/words.ts";
