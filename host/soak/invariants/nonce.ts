// Each use of a nonce is counted, so that nobody can play a request again. RFC 7616 §3.4, "nc".

import type { Invariant } from "../watcher.ts";

export const nonce: Invariant = {
  name: "nonce",
  source: "DESIGN.md D9, Credentials; RFC 7616 §3.4",
  says: "each request that uses a nonce again has a higher count",
  watch(_, broken) {
    const highest = new Map<string, { readonly count: number; readonly branch: string }>();
    return {
      sent({ line, server, branch, proofs }) {
        for (const { realm, nonce, count } of proofs) {
          const name = `${line} ${server} ${realm} ${nonce}`;
          const before = highest.get(name);
          if (before?.branch !== branch && before !== undefined && count <= before.count)
            broken(`${line} uses a nonce of ${server} with the count ${count}, after ${before.count}`);
          highest.set(name, { count, branch });
        }
      },
    };
  },
};
