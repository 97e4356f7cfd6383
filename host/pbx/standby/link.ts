// The standby's own line at its master, heard as inputs of its role. DESIGN.md D34.
//
// The line is one of the core's, alone at one server: its service is the role's witness, and its events say why.
// Above: role.ts is fed with what comes out; host/node/pair has the line.

import type { PhoneEvent } from "../../core/events.ts";
import type { RoleInput } from "./role.ts";

/** What an event of that line says about the registration at the master; undefined: nothing. */
export function linkInput(event: PhoneEvent): RoleInput | undefined {
  if (event.type === "inService") return { kind: "registered" };
  const isLoss = event.type === "outOfService" || event.type === "rejected" || event.type === "resting";
  return isLoss ? { kind: "lost", cause: causeOf(event) } : undefined;
}

/** The core's own word for it: `heartbeatsMissed (misses 2, limit 1)`. */
function causeOf({ type, reason, text }: PhoneEvent): string {
  if (reason === undefined) return text ?? type;
  const { rule, ...inputs } = reason;
  const given = Object.entries(inputs).map(([name, value]) => `${name} ${value}`);
  return given.length === 0 ? rule : `${rule} (${given.join(", ")})`;
}
