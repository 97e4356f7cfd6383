// The public TypeScript API: a phone that stays registered while its servers fail and return.
//
// docs/library.md shows it at work. Everything exported here is a promise: it changes by addition only.
// Below: phone/.
export type {
  Credentials,
  DnsConfig,
  LineConfig,
  LocalPort,
  PhoneConfig,
  ServerConfig,
  SubscriptionConfig,
} from "./config/model.ts";
export type { EventType, PhoneEvent, Reason } from "./core/events.ts";
export type { LineState, ServerState } from "./core/view.ts";
export type { Endpoint } from "./node/address.ts";
export { HostError } from "./node/error.ts";
export type { CallServer, PhoneEvents, PhoneOptions } from "./phone/options.ts";
export { Phone } from "./phone/phone.ts";
export type { RouteSet } from "./sip/routes.ts";
