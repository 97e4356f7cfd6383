// What is told agrees with what is shown, and follows itself sensibly. ABI.md, "Events".

import { eventTypes, type PhoneEvent } from "../../core/events.ts";
import { isBoot } from "../truth.ts";
import type { Invariant, Moment } from "../watcher.ts";

/** What a reason may be called, beside a SIP status. ABI.md, "Rules". */
const RULES: ReadonlySet<string> = new Set([
  ...["start", "heartbeat", "timeout", "transport", "credentials", "link", "lease", "calls", "damping"],
  ...["hold", "failover", "failback", "command"],
]);

/** What the events so far say of a line. */
interface Told {
  server: string | undefined;
  isOut: boolean;
  warned: boolean;
}

export const told: Invariant = {
  name: "told",
  source: "DESIGN.md D9, D16; ABI.md, Events",
  says: "events alternate sensibly, each has a known type and rule, and together they say what the views say",
  watch({ lines, servers: [primary] }, broken) {
    const types = new Set(eventTypes());
    let crashedAt: number | undefined;
    let hasBooted = false;
    const said = new Map<string, Told>(lines.map((line) => [line, fresh()]));

    const hear = (event: PhoneEvent, it: Told): void => {
      switch (event.type) {
        case "inService":
          if (it.server !== undefined)
            broken(`${event.line} inService at ${event.server} while at ${it.server}`);
          it.server = event.server;
          it.isOut = false;
          break;
        case "moved":
          // After inService, or without a gap from another server.
          it.server = event.server;
          break;
        case "outOfService":
          if (it.isOut) broken(`${event.line} outOfService twice`);
          it.server = undefined;
          it.isOut = true;
          break;
        case "warningOn":
        case "warningOff":
          if (it.warned === (event.type === "warningOn") && !hasBooted)
            broken(`${event.line} ${event.type} twice`);
          it.warned = event.type === "warningOn";
          break;
      }
    };

    return {
      told(event) {
        const rule = event.reason?.rule ?? "";
        if (!types.has(event.type)) broken(`event ${event.type} is not of the list`);
        if (event.type === "fault") {
          if (event.t !== crashedAt) broken(`the core trapped: ${event.text}`);
          return;
        }
        if (!RULES.has(rule) && !/^[1-6]\d\d$/.test(rule)) broken(`${event.type} has the rule "${rule}"`);
        const it = said.get(event.line ?? "");
        if (it !== undefined) hear(event, it);
      },
      stepped({ action, atMs }) {
        if (action.kind === "device" && action.verb.kind === "crash") crashedAt = atMs;
        // A boot that has learnt nothing tells no outOfService; one after a loss of power no warningOff either.
        if (!isBoot(action)) return;
        hasBooted = action.kind === "device";
        for (const it of said.values()) {
          Object.assign(it, { server: undefined, isOut: false, ...(hasBooted && { warned: false }) });
        }
      },
      moment({ lines: views }: Moment) {
        for (const { line, state, server, warning } of views) {
          const it = said.get(line) ?? fresh();
          // What was told in this moment before the power went counts no more.
          if (hasBooted) Object.assign(it, { warned: warning, isOut: false });
          const served = state === "served" ? server : undefined;
          if (state !== "leaving" && served !== it.server)
            broken(`${line} is ${state} at ${served}, the events say ${it.server}`);
          if (warning !== it.warned) broken(`${line} warning is ${warning}, the events say ${it.warned}`);
          if (state === "served" && warning !== (server !== primary))
            broken(`${line} warning is ${warning} at ${server}`);
        }
        hasBooted = false;
      },
    };
  },
};

function fresh(): Told {
  return { server: undefined, isOut: false, warned: false };
}
