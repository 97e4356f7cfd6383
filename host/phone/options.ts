// What a phone tells, what it may be given, and where a call belongs: the shapes of the public API.
//
// Above: phone.ts, index.ts.

import type { EventType, PhoneEvent } from "../core/events.ts";
import type { Endpoint } from "../node/address.ts";
import type { Lookup } from "../node/dns/names.ts";
import type { RouteSet } from "../sip/routes.ts";

/** What a listener may ask for, and what it is given. */
export interface PhoneEvents extends Record<EventType, [event: PhoneEvent]> {
  /** Every event of the core, in order. Each also comes under its own name. */
  event: [event: PhoneEvent];
  /** A SIP message that is none of the registration's, unread: for the phone's own stack. */
  datagram: [bytes: Uint8Array, from: Endpoint];
  /** A server names another way for requests with a grant, or none any more: RFC 3327, RFC 3608. */
  routes: [server: string, routes: RouteSet];
  /** Words of a server, over TCP or TLS, beside an answer that refuses: the Warning of RFC 3261 §20.43. */
  refusal: [server: string, text: string];
  /** A remark of the host for people: a name without an address, for one. */
  notice: [text: string];
  /** Everything is closed; nothing comes any more. */
  stopped: [];
}

export interface PhoneOptions {
  /** Another build of the module than the one that is shipped. */
  readonly module?: Uint8Array;
  /** Another way to ask for the addresses of a name; the hosts file and the DNS by default. */
  readonly lookup?: Lookup;
  /**
   * What the DHCP client of this machine was given as option 120 (RFC 3361), without code and length. Its
   * servers replace those of the configuration where `dhcpOption120` is on; a malformed one changes nothing.
   */
  readonly dhcpOption120?: Uint8Array;
  /** User-Agent of everything that is sent; "standfast/VERSION" by default. */
  readonly userAgent?: string;
  /**
   * A file in which the phone remembers over a crash where it may still be bound, so that the next run can remove
   * what was left (with `removeLastRegistration`). It holds no password; one file for one phone.
   */
  readonly stateFile?: string;
  /**
   * What `snapshot()` gave in an earlier run: the phone goes on from it, each binding verified first. One that does not
   * fit (other build of the module, configuration, machine; damaged) is told as `notice` and not used.
   */
  readonly snapshot?: Uint8Array;
  /** A file that keeps such a snapshot while the phone runs; removed after `stop()`. One file for one phone. */
  readonly snapshotFile?: string;
  /**
   * A file that takes down everything that goes into the core and comes out of it, to be done again by
   * `standfast replay`. It holds no password and no digest response; docs/replay.md.
   */
  readonly recordFile?: string;
}

/** Where a call was set up: a dialog stays with its server. RFC 3261 §12. */
export interface CallServer {
  readonly server: string;
  /** Where that server is; absent while its name has no address. */
  readonly endpoint?: Endpoint;
  /** Requests inside the dialog go there too; false: by the route set of the dialog. RFC 3261 §12.2.1.1. */
  readonly outboundProxyInDialog: boolean;
}
