// What a client's request is answered in each role. DESIGN.md D34, RFC 3261 §21.3.3, §21.5.4.
//
// Knows no bytes: whoever has the request writes the answer. Below: role.ts. Above: the pair's server, host/node/pair.

import type { RoleName, StandbyRole } from "./role.ts";

/** How clients are sent to the master: told where it is, or passed on to it (for those that follow no 3xx). */
export type Divert = "redirect" | "relay";

export type Conduct =
  /** As a registrar of its own does. */
  | { readonly kind: "serve" }
  /** 302 with the master as Contact. */
  | { readonly kind: "redirect" }
  /** Passed on to the master, and its answer back. */
  | { readonly kind: "relay" }
  /** 503 with that Retry-After, at least 1 s. */
  | { readonly kind: "wait"; readonly retryAfterSeconds: number };

type Rule = "serve" | "redirect" | "divert" | "wait";
type Asked = "REGISTER" | "OPTIONS" | "other";

/** OPTIONS is never passed on: it asks how this node is, and the master's 200 would say that it serves. */
// biome-ignore format: one role, one line
export const CONDUCT: Readonly<Record<RoleName, Readonly<Record<Asked, Rule>>>> = {
  UNREGISTERED: { REGISTER: "wait",   OPTIONS: "wait",     other: "wait"   },
  STANDBY:      { REGISTER: "divert", OPTIONS: "redirect", other: "divert" },
  LOST:         { REGISTER: "wait",   OPTIONS: "wait",     other: "wait"   },
  ACTIVE:       { REGISTER: "serve",  OPTIONS: "serve",    other: "serve"  },
  RETURNING:    { REGISTER: "serve",  OPTIONS: "serve",    other: "serve"  },
};

/**
 * @param method of the request; an ACK has no answer (RFC 3261 §17.1.1.3) and is not asked about
 * @param now ms, of the clock that the role is fed with
 */
export function conductFor(role: StandbyRole, method: string, divert: Divert, now: number): Conduct {
  const rule = CONDUCT[role.name][method === "REGISTER" || method === "OPTIONS" ? method : "other"];
  if (rule === "divert") return { kind: divert };
  // 0 would call for the next request at once.
  if (rule === "wait") return { kind: "wait", retryAfterSeconds: Math.max(1, role.leftSeconds(now)) };
  return { kind: rule };
}
