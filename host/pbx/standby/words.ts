// What a role says, as lines of a log. Above: host/node/pair.

import type { RoleEvent } from "./role.ts";

export interface Words {
  readonly type: string;
  /** For people. */
  readonly text: string;
  /** For programs. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** undefined: nothing that the other events of that moment do not say. */
export function wordsOf(event: RoleEvent): Words | undefined {
  switch (event.kind) {
    case "role": {
      const { from, to, cause, rule } = event;
      return { type: "role", text: `${from} -> ${to}: ${cause}`, data: { from, to, cause, rule } };
    }
    case "alarm":
      return {
        type: "alarm",
        text: `alarm ${event.on ? "on" : "off"}: ${event.cause}`,
        data: { on: event.on },
      };
    case "handBack":
      return undefined;
  }
}
