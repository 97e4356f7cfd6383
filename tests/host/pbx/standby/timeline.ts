// Virtual time for the role of a standby: inputs at their moments, ticks exactly when the role asks for them.

import {
  type RoleEvent,
  type RoleInput,
  type RoleSettings,
  StandbyRole,
} from "../../../../host/pbx/standby/role.ts";

export type Step = readonly [atMs: number, input: RoleInput];

export const up = (atMs: number): Step => [atMs, { kind: "registered" }];
export const down = (atMs: number, cause = "no answer"): Step => [atMs, { kind: "lost", cause }];

/** A role of its own from moment 0 on. @returns it and all that it said until `untilMs`, ticks of that moment too */
export function live(
  settings: RoleSettings,
  steps: readonly Step[],
  untilMs: number,
): { readonly role: StandbyRole; readonly events: readonly RoleEvent[] } {
  const role = new StandbyRole(settings, 0);
  const events: RoleEvent[] = [];
  let now = 0;
  for (const [at, input] of [...steps, [untilMs, { kind: "tick" }] as const]) {
    for (let wake = wakeAt(role, now); wake <= at; wake = wakeAt(role, now)) {
      now = wake;
      events.push(...role.feed({ kind: "tick" }, now));
    }
    now = at;
    events.push(...role.feed(input, now));
  }
  return { role, events };
}

function wakeAt(role: StandbyRole, now: number): number {
  return now + (role.wakeInMs(now) ?? Number.POSITIVE_INFINITY);
}

/** One line for each event: `30000 LOST > ACTIVE`, `30000 alarm on`, `95000 hand back`. */
export function told(events: readonly RoleEvent[]): readonly string[] {
  return events.map((event) => {
    if (event.kind === "role") return `${event.at} ${event.from} > ${event.to}`;
    return event.kind === "alarm" ? `${event.at} alarm ${event.on ? "on" : "off"}` : `${event.at} hand back`;
  });
}

/** A link that is down and up in turn, each for `halfMs`, from `fromMs` on for as long as `forMs`. */
export function flapping(fromMs: number, forMs: number, halfMs: number): readonly Step[] {
  const count = Math.floor(forMs / halfMs);
  return Array.from({ length: count }, (_, index) => (index % 2 === 0 ? down : up)(fromMs + index * halfMs));
}
