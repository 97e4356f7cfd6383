// The rules of a subscription: how long it waits for what, and what follows an answer or an end.
// RFC 6665 §4.1, RFC 3680 §4; DESIGN.md, the decision on watched registrations.
//
// Above: subscription.ts.

/** RFC 3680 §4.4: what is granted when nobody says a time. */
export const DEFAULT_SECONDS = 3761;
/** Min-Expires is believed up to a day. */
export const MIN_EXPIRES_MAX = 86_400;
/** From start to start of two SUBSCRIBEs that are not answers to a challenge or to a 423. */
export const SPACING_MS = 1000;
/** From one SUBSCRIBE to a refresh that nothing but the server asks for: short grants make no storm. */
export const REFRESH_MIN_MS = 10_000;
/** A subscription that lasted as long as this was a success, and waits start over. */
export const SETTLED_MS = 60_000;
/** After a refusal that another try would only repeat. */
export const REST_MS = 3_600_000;

/** What is done after the notifier ended the subscription. RFC 6665 §4.1.3. */
export const AFTER_END: Readonly<Record<string, "again" | "later" | "rest">> = {
  deactivated: "again",
  timeout: "again",
  probation: "later",
  giveup: "later",
  rejected: "rest",
  noresource: "rest",
  invariant: "rest",
};

export type Verdict = "granted" | "challenged" | "tooBrief" | "gone" | "later" | "refused";

/** What follows a final answer; a redirect is not followed (DESIGN.md D12). */
export function verdictOf(status: number): Verdict {
  if (status < 300) return "granted";
  if (status === 401 || status === 407) return "challenged";
  if (status === 423) return "tooBrief";
  if (status === 481) return "gone";
  if (status === 408 || status === 480 || status === 491) return "later";
  return status >= 500 && status < 600 && status !== 501 && status !== 505 ? "later" : "refused";
}
