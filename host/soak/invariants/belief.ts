// Only an answer to what was asked, and is still waited for, moves anything. RFC 3261 §17.1.3, §18.1.2.

import { timeoutMs } from "../../lint/clock.ts";
import { Fits } from "../fits.ts";
import type { Invariant } from "../watcher.ts";

/** What only the answer to a REGISTER can bring about. */
const ANSWERED: ReadonlySet<string> = new Set([
  "bound",
  "unbound",
  "rejected",
  "serverCooling",
  "contactMissing",
]);

export const belief: Invariant = {
  name: "belief",
  source: "DESIGN.md D15",
  says: "what an answer brings about follows the first answer, in time, to the request sent last",
  watch({ settings }, broken) {
    const longest = timeoutMs(settings, "registerTimeout");
    const fits = new Fits(() => longest);
    /** Servers of which such an answer came in this moment. */
    const answered = new Set<string>();
    return {
      sent(sent) {
        if (sent.method === "REGISTER") fits.sent(sent);
      },
      arrived(arrived) {
        if (arrived.method === "REGISTER" && fits.fits(arrived)) answered.add(arrived.server);
      },
      told({ type, server = "", line = "" }) {
        if (ANSWERED.has(type) && !answered.has(server))
          broken(`${type} ${line} without an answer of ${server}`);
      },
      moment() {
        answered.clear();
      },
    };
  },
};
