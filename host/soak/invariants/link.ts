// A link that is down is nobody's fault.

import type { Invariant } from "../watcher.ts";

const BLAME: ReadonlySet<string> = new Set(["serverSuspect", "serverDown", "serverCooling", "standbyDown"]);

export const link: Invariant = {
  name: "link",
  source: "DESIGN.md D9, Link",
  says: "while the link is down nothing is sent, and no server is blamed",
  watch({ truth }, broken) {
    /** What happened in this moment that must not, if the link was down all through it. */
    let wrong: string[] = [];
    let hasChanged = false;
    /** A phone that lost its power knows of the link what it is told from then on. */
    let isKnown = true;
    return {
      stepped({ action }) {
        hasChanged ||= action.kind === "link";
        if (action.kind === "link") isKnown = true;
        else if (action.kind === "device" && action.verb.kind === "reboot") isKnown = false;
      },
      sent({ method, server }) {
        if (!truth.linkUp) wrong.push(`${method === "" ? "a keepalive" : method} to ${server}`);
      },
      told({ type, server }) {
        if (!truth.linkUp && BLAME.has(type)) wrong.push(`${type} ${server}`);
      },
      moment() {
        const [first] = wrong;
        if (first !== undefined && !hasChanged && isKnown) broken(`${first} while the link is down`);
        wrong = [];
        hasChanged = false;
      },
    };
  },
};
