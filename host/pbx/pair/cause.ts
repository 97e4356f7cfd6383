// Why a standby is not registered at its master, in words for the operator, with the way out.
//
// Out of an event of the line to the master and what was said beside it: a wrong password is never called an outage.
// Above: host/node/pair/link.ts, problems.ts.

import type { Reason } from "../../core/events.ts";

/** password, refused, certificate: somebody has to mend something. down: the master is not there. */
export type CauseKind = "password" | "refused" | "certificate" | "down";

export interface LinkCause {
  readonly kind: CauseKind;
  readonly text: string;
}

const CERTIFICATE: Readonly<Record<string, string>> = {
  tlsExpired:
    "the certificate of the master is not valid by the clock of this machine: renew it, or set the clock",
  tlsName: "the certificate of the master is not for its address: have it issued for that address",
  tlsUntrusted: "nobody in authorityFile has signed the certificate of the master: put its authority there",
};

const FLOW: Readonly<Record<string, string>> = {
  refused: "the master cannot be connected",
  lost: "the connection to the master was closed",
  broken: "what listens at the master's address speaks no SIP",
  tls: "the TLS handshake with the master failed: does it speak TLS there?",
};

/**
 * @param said what the master said beside its refusal; "": nothing
 */
export function causeOf(reason: Reason | undefined, said: string): LinkCause {
  if (said !== "") return { kind: "refused", text: `the master refuses this standby: ${said}` };
  const { rule, flow = "" }: Reason = reason ?? { rule: "" };
  const certificate = CERTIFICATE[String(flow)];
  if (certificate !== undefined) return { kind: "certificate", text: certificate };
  if (rule === "credentials" || rule === "401" || rule === "403")
    return {
      kind: "password",
      text: "the master does not accept the PBX password: make pbxPasswordFile the same at both nodes",
    };
  if (rule === "transport")
    return { kind: "down", text: FLOW[String(flow)] ?? "the master cannot be reached" };
  if (/^\d+$/.test(rule)) return { kind: "refused", text: `the master answers ${rule}` };
  return { kind: "down", text: "the master does not answer" };
}
