// The parts a node needs before it can serve, and what each has said of itself.
//
// The original checks four of its own; docs/readiness.md maps them to these five. Below: plan.ts. Above: readiness.ts.

import type { Checked } from "./plan.ts";

/** In the order in which a start reaches them. */
export const COMPONENTS = ["core module", "transport", "message proxy", "replication", "event log"] as const;

export type ComponentName = (typeof COMPONENTS)[number];

/** The ports are no component, and fail as one does. */
export const SIP_PORT = "SIP port";

export type PartName = ComponentName | typeof SIP_PORT;

export type PartState = "waiting" | "initialised" | "failed";

export interface Part {
  readonly name: PartName;
  readonly state: PartState;
  /** Why it waits or failed, with the way out where there is one; "" when there is nothing to say. */
  readonly why: string;
}

const NAMES: Readonly<Record<Checked, readonly PartName[]>> = {
  none: [],
  components: COMPONENTS,
  componentsAndPort: [...COMPONENTS, SIP_PORT],
};

/** What every part that is checked said last. */
export class Parts {
  readonly #parts: Map<PartName, Part>;

  constructor(checked: Checked) {
    const names = NAMES[checked];
    this.#parts = new Map(names.map((name) => [name, { name, state: "waiting", why: "" }]));
  }

  /** @returns false: it has said the same before, or is not checked */
  set(part: Part): boolean {
    const old = this.#parts.get(part.name);
    if (old === undefined || (old.state === part.state && old.why === part.why)) return false;
    this.#parts.set(part.name, part);
    return true;
  }

  all(): readonly Part[] {
    return [...this.#parts.values()];
  }

  /** Those that are not initialised, each with its reason: "replication: no set has ever come". */
  missing(): readonly string[] {
    return this.all()
      .filter(({ state }) => state !== "initialised")
      .map(({ name, why }) => (why === "" ? name : `${name}: ${why}`));
  }

  get isComplete(): boolean {
    return this.all().every(({ state }) => state === "initialised");
  }
}
