// One NOTIFY read: what it says about the subscription, and the document it brings. RFC 6665 §4.1.3.
//
// Below: reginfo.ts, host/sip. Above: subscription.ts.

import { first, paramsOf, type SipRequest } from "../sip/message.ts";
import { type RegInfo, readRegInfo } from "./reginfo.ts";

export interface Notice {
  /** The subscription is over. */
  readonly terminated: boolean;
  /** Why it is over; "" when the notifier left it out. */
  readonly reason: string;
  /** What is left of the subscription; undefined: not said. */
  readonly expiresSeconds: number | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** undefined: it brought none. */
  readonly document: RegInfo | undefined;
}

/** A day: nobody is taken at a longer word. */
const SECONDS_MAX = 86_400;

/** Whether a request is one of the package. RFC 6665 §4.4.1: a NOTIFY belongs to its Event. */
export function isRegNotify(request: SipRequest): boolean {
  return request.method === "NOTIFY" && eventOf(request) === "reg";
}

/** Reads it. @returns the status to refuse it with, when it cannot be read */
export function readNotify(request: SipRequest): Notice | 400 | 415 {
  const header = first(request, "subscription-state");
  const state = header?.split(";")[0]?.trim().toLowerCase();
  if (header === undefined || state === undefined || state === "") return 400;
  const document = documentOf(request);
  if (document === 400 || document === 415) return document;
  const params = paramsOf(header);
  return {
    terminated: state === "terminated",
    reason: params.get("reason")?.toLowerCase() ?? "",
    expiresSeconds: seconds(params.get("expires")),
    retryAfterSeconds: seconds(params.get("retry-after")),
    document,
  };
}

/** Seconds of a header or a parameter, at most a day; undefined: none, or no number. */
export function seconds(text: string | undefined): number | undefined {
  const digits = /^\s*(\d{1,10})\s*(?:[;(]|$)/.exec(text ?? "")?.[1];
  return digits === undefined ? undefined : Math.min(Number(digits), SECONDS_MAX);
}

function eventOf(request: SipRequest): string | undefined {
  return first(request, "event")?.split(";")[0]?.trim().toLowerCase();
}

function documentOf(request: SipRequest): RegInfo | undefined | 400 | 415 {
  if (request.body === "") return undefined;
  const type = first(request, "content-type")?.split(";")[0]?.trim().toLowerCase();
  const coding = first(request, "content-encoding")?.trim().toLowerCase();
  if (type !== "application/reginfo+xml" || (coding !== undefined && coding !== "identity")) return 415;
  return readRegInfo(request.body) ?? 400;
}
