// What leaves the phone is SIP as another reader has it, says what was configured, and is repeated as RFC 3261 wants.

import { sendings, timeoutMs } from "../../lint/clock.ts";
import { first, paramsOf, uriOf } from "../../sip/message.ts";
import { readUri } from "../../sip/uri.ts";
import { isBoot } from "../truth.ts";
import type { Invariant } from "../watcher.ts";
import { type Sent, startLine } from "../wire.ts";

/** A request and its copies. */
interface Request {
  readonly at: number;
  readonly bytes: Uint8Array;
  copies: number;
  /** When it was sent last. */
  lastAt: number;
  /** A provisional answer came: repeats follow at T2. */
  isProceeding: boolean;
}

export const wire: Invariant = {
  name: "wire",
  source: "RFC 3261 §8.1.1, §10.2, §17.1.2.2; DESIGN.md D7",
  says: "requests are well-formed and as configured, CSeq rises within a Call-ID, repeats keep T1 and are the same",
  watch({ settings, config, case: it }, broken) {
    const offsets = {
      REGISTER: sendings(settings, timeoutMs(settings, "registerTimeout")),
      OPTIONS: sendings(settings, timeoutMs(settings, "optionsTimeout")),
    };
    const highest = new Map<string, number>();
    /** Requests under way, by server, line and method: one at a time. */
    const requests = new Map<string, Request>();
    const branches = new Map<string, string>();
    const longest = Math.max(settings.registerRefreshInterval, 86_400);

    const malformed = (sent: Sent): string | undefined => {
      const { request, method, branch, expires } = sent;
      if (request === undefined) return sent.bytes.length === 4 ? undefined : "no SIP";
      if (method !== "REGISTER" && method !== "OPTIONS") return `method ${method}`;
      if (!branch.startsWith("z9hG4bK")) return `branch ${branch}`;
      const server = config.servers.find(({ name }) => name === sent.server);
      if (uriOf(request.uri) !== `sip:${server?.domain}`) return `Request-URI ${request.uri}`;
      for (const name of ["from", "to"]) {
        const uri = readUri(uriOf(first(request, name) ?? ""));
        if (uri?.host !== server?.domain || !config.lines.some(({ number }) => number === uri?.user))
          return `${name} ${first(request, name)}`;
      }
      if (!(sent.cseq > 0 && sent.cseq < 2 ** 31)) return `CSeq ${sent.cseq}`;
      if (first(request, "max-forwards") === undefined) return "no Max-Forwards";
      if (first(request, "content-length") !== "0") return "a body";
      if (method === "OPTIONS") return undefined;
      if (expires === undefined || expires > longest) return `Expires ${expires}`;
      const contact = first(request, "contact") ?? "";
      const uri = readUri(uriOf(contact));
      const mark = paramsOf(`x;${uriOf(contact).split(";").slice(1).join(";")}`).get("sf") ?? "";
      const rank = config.servers.findIndex(({ name }) => name === sent.server);
      if (uri?.user !== sent.line || !mark.endsWith(`${rank}`)) return `Contact ${contact}`;
      return undefined;
    };

    const isCopy = (sent: Sent, name: string): boolean => branches.get(name) === sent.branch;

    const repeated = (sent: Sent, known: Request): string | undefined => {
      known.copies++;
      const after = offsets[sent.method as keyof typeof offsets][known.copies];
      // A connection that is lost is opened again once for what was under way: DESIGN.md D23.
      if (it.transport !== "udp") return known.copies > 1 ? "repeated over a stream" : undefined;
      if (after === undefined) return `sent ${known.copies + 1} times`;
      const isSlow = known.isProceeding && sent.at - known.lastAt === settings.t2;
      known.lastAt = sent.at;
      if (isSlow) return isSame(sent.bytes, known.bytes) ? undefined : "a repeat that is not the same";
      if (sent.at - known.at !== after) return `repeated after ${sent.at - known.at} ms, not ${after}`;
      if (!isSame(sent.bytes, known.bytes)) return "a repeat that is not the same";
      return undefined;
    };

    return {
      stepped({ action }) {
        if (isBoot(action)) highest.clear();
      },
      arrived({ server, line, method, status, branch }) {
        const name = `${server} ${line} ${method}`;
        const known = requests.get(name);
        if (status < 200 && known !== undefined && branches.get(name) === branch) known.isProceeding = true;
      },
      sent(sent) {
        const name = `${sent.server} ${sent.line} ${sent.method}`;
        const known = requests.get(name);
        let wrong: string | undefined;
        if (known !== undefined && isCopy(sent, name)) wrong = repeated(sent, known);
        else {
          wrong = malformed(sent);
          const last = highest.get(sent.callId) ?? 0;
          if (sent.method !== "" && sent.cseq <= last) wrong ??= `CSeq ${sent.cseq} after ${last}`;
          highest.set(sent.callId, sent.cseq);
          branches.set(name, sent.branch);
          if (sent.method !== "")
            requests.set(name, {
              at: sent.at,
              bytes: sent.bytes,
              copies: 0,
              lastAt: sent.at,
              isProceeding: false,
            });
        }
        if (wrong !== undefined) broken(`${startLine(sent.bytes)} to ${sent.server}: ${wrong}`);
      },
    };
  },
};

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
