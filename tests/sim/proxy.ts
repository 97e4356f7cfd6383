// A proxy before a server of the virtual world that wants credentials of its own. RFC 3261 §22.3.
//
// The accounts are the registrar's. Below: pbx/digest.ts. Above: proxy.test.ts.

import assert from "node:assert/strict";
import { Digest } from "../../host/pbx/digest.ts";
import type { World } from "../../host/sim/world.ts";
import { first, readRequest } from "../../host/sip/message.ts";

export interface ProxyOptions {
  /** It forks, and asks in one answer with the registrar (RFC 3261 §16.7, step 7); else before it. */
  readonly together?: boolean;
  readonly nonceLifeMs?: number;
  readonly password?: string;
}

/** No request: what becomes of it tells whether the host is there at all. */
const NOTHING = new Uint8Array();

/** Puts a proxy before that server of a world, which is not yet run. */
export function putProxyBefore(world: World, name: string, options: ProxyOptions = {}): void {
  const {
    together = false,
    nonceLifeMs = 300_000,
    password = `secret-${name === "primary" ? 0 : 1}`,
  } = options;
  const server = world.servers.get(name);
  assert.ok(server);
  const digest = new Digest({ realm: "proxy", algorithms: ["MD5"], qop: true, nonceLifeMs, key: name });
  const behind = server.handle.bind(server);
  server.handle = (bytes, from, now) => {
    const reached = behind(NOTHING, from, now);
    const request = readRequest(bytes);
    if (reached.kind !== "answered") return reached;
    if (request?.method !== "REGISTER") return behind(bytes, from, now);
    const given = first(request, "proxy-authorization");
    const secretOf = () => ({ kind: "password", password }) as const;
    const verdict = digest.judge(given === undefined ? [] : [given], request.method, secretOf, now);
    if (verdict.kind === "proven") return behind(bytes, from, now);
    const asked = digest.challenge("Proxy-Authenticate", verdict.kind === "ask" && verdict.stale, now);
    const both = together && first(request, "authorization") === undefined;
    const others = both ? (server.registrar.challenge(401, now).extra ?? []) : [];
    const answer = { status: both ? 401 : 407, extra: [...others, ...asked] };
    return {
      kind: "answered",
      replies: [server.registrar.write(request, from, answer)],
      delayMs: reached.delayMs,
    };
  };
}
