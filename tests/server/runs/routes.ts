// Grants that name proxies for other requests: Service-Route (RFC 3608 §6.1) and Path (RFC 3327 §5.1). They are
// offered as they were said, server by server, and no REGISTER follows them.

import assert from "node:assert/strict";
import type { PhoneEvent } from "../../real/phone.ts";
import { bindingsLeft, boot, farewell, ONE_LINE, QUICK } from "../../real/quick.ts";
import { SLACK_MS } from "../../real/stage.ts";
import type { Bench } from "../bench.ts";
import type { Run } from "../run.ts";

const FIRST = "<sip:orig@edge.test.invalid:5080;lr;x=a%2Cb>";
const SECOND = '"A, b" <sip:core.test.invalid;lr>;n="1, 2"';
const NEAR = "<sip:near.test.invalid;lr>";
const FAR = "<sip:far.test.invalid:5070;lr>";
const SERVICE_ROUTE = `${FIRST}, ${SECOND}`;
const PATH = `${NEAR}, ${FAR}`;
const OTHER = "<sip:orig@other.test.invalid;lr>";

export const routed: Run = {
  plan: {
    name: "routes of a grant",
    params: QUICK,
    lines: ONE_LINE,
    primary: { path: PATH, serviceRoute: SERVICE_ROUTE },
    backup: { serviceRoute: OTHER },
  },
  play: async (bench) => {
    const { primary, backup, phone } = bench;
    const promise = await bench.promises();
    await boot(bench);
    await phone.events.until(isRoutes("primary"), SLACK_MS, "the routes of the primary");
    await bench.boundAt(primary, SLACK_MS, await primary.table()); // a refresh says the same again
    await primary.kill();
    const told = phone.events.until(isRoutes("backup1"), promise.detectMs + SLACK_MS, "those of the backup");
    await Promise.all([told, bench.boundAt(backup, promise.detectMs + SLACK_MS)]);
    await bench.capture?.settle();

    const all = phone
      .heard("routes")
      .map(({ server, path, serviceRoute }) => ({ server, path, serviceRoute }));
    assert.deepEqual(all, [
      { server: "primary", path: [NEAR, FAR], serviceRoute: [FIRST, SECOND] },
      { server: "backup1", path: [], serviceRoute: [OTHER] },
    ]);
    checkTheWire(bench);
    const left = await bindingsLeft(bench);
    assert.deepEqual(left, { primary: 0, backup: 1 });
    await farewell(bench);
    const registers = [primary, backup].flatMap((server) => bench.requests(server, "REGISTER"));
    return {
      run: bench.plan.name,
      fault: "Path and Service-Route with each grant; SIGKILL",
      left,
      found: bench.seen(`told as said, once a server; none of it on ${registers.length} REGISTER`),
    };
  },
};

function isRoutes(name: string): (event: PhoneEvent) => boolean {
  return ({ type, server }) => type === "routes" && server === name;
}

/** The servers did say that, and no request was led by it: RFC 3608 §6.1 is for those that the phone begins. */
function checkTheWire(bench: Bench): void {
  if (bench.capture === undefined) return;
  const grants = bench.answers(bench.primary, "REGISTER").filter(({ status }) => status === 200);
  const said = grants.map(({ header }) => [header("Path"), header("Service-Route")]);
  assert.ok(said.length >= 2, "a grant and its refresh");
  for (const each of said) assert.deepEqual(each, [[PATH], [SERVICE_ROUTE]]);
  const sent = [bench.primary, bench.backup].flatMap((server) => bench.requests(server, "REGISTER"));
  for (const { header } of sent) {
    assert.deepEqual([header("Route"), header("Path"), header("Service-Route")], [[], [], []]);
  }
}
