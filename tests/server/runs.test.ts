// Every run against real servers. They mostly wait, so a handful goes side by side; the shower of
// datagrams takes a whole processor and goes alone, last.

import { after, describe, test } from "node:test";
import { Capture } from "../real/capture.ts";
import { type Row, report } from "../real/row.ts";
import { Bench } from "./bench.ts";
import type { Run } from "./run.ts";
import { crashed, crashedWithout } from "./runs/crash.ts";
import { eightInPeace, eightLines, eightSpread, oneWrong } from "./runs/lines.ts";
import { overloaded, redirecting, swallowing, tooBriefForEver } from "./runs/misbehaving.ts";
import { cutOff, frozen, ipv6, killed, killedUnseen, twoLines } from "./runs/outage.ts";
import { bothDown, shortGrant, staleNonces, tooBrief, wrongPassword } from "./runs/refusals.ts";
import { routed } from "./runs/routes.ts";
import { behindNat, hostile, lateAndHeld, restartedEmpty, undisturbed } from "./runs/staying.ts";
import {
  tcpFrozen,
  tcpKilled,
  tlsExpired,
  tlsKilled,
  tlsWrongAuthority,
  tlsWrongName,
} from "./runs/streams.ts";
import { watchdog, watchdogWithout } from "./runs/watchdog.ts";
import { unwatched, watched } from "./runs/watching.ts";

const SIDE_BY_SIDE = 6;

const SHARED: readonly [string, Run][] = [
  ["a killed primary is left by the refresh, and returned to", killed],
  ["a killed primary is left by the heartbeats, and returned to", killedUnseen],
  ["a frozen primary is left, and its late answers bring nobody back", frozen],
  ["two lines with their own passwords at each server leave a dead one, and return", twoLines],
  ["eight lines leave a dead primary together, and return", eightLines],
  ["eight lines spread out reach the backup one by one", eightSpread],
  ["eight lines share one heartbeat a server", eightInPeace],
  ["a wrong password among eight lines disturbs none of the other seven", oneWrong],
  ["a pair on IPv6 serves in the same way", ipv6],
  ["with both dead, the backup serves as soon as it is back", bothDown],
  ["late answers move nobody while the hold lasts", lateAndHeld],
  ["a primary that forgot everything is registered with again, and kept", restartedEmpty],
  ["a primary that is cut off is left, and returned to", cutOff],
  ["behind a NAT the contact is the public address, and follows it", behindNat],
  ["a wrong password is tried once, and then rests", wrongPassword],
  ["a stale nonce costs one more REGISTER, and no rejection", staleNonces],
  ["a short grant is refreshed at half of it, and the wish stays", shortGrant],
  ["the terms of a 423 are adopted and kept", tooBrief],
  ["a primary that answers 423 for ever is asked twice, and spared", tooBriefForEver],
  ["a primary that answers 503 is asked when it said, and no sooner", overloaded],
  ["a primary that redirects to the backup is obeyed", redirecting],
  ["a primary that swallows every REGISTER costs no service", swallowing],
  ["a phone that was killed leaves nothing at its registrar that a state file remembers", crashed],
  ["without one its old bindings stay until their leases end", crashedWithout],
  ["a killed phone with a state file sends each wrong password once, however often it starts", watchdog],
  ["without one it sends them with every start", watchdogWithout],
  ["Path and Service-Route are told as each server says them, and lead no REGISTER", routed],
  ["a line that watches its registration makes a binding again that was taken away", watched],
  ["one that does not stays away until its refresh", unwatched],
  ["over TCP a killed primary is left and returned to", tcpKilled],
  ["over TCP a frozen primary is left and returned to", tcpFrozen],
  ["over TLS a killed primary is left and returned to", tlsKilled],
  ["over TLS an expired certificate gets no message", tlsExpired],
  ["over TLS a certificate for another name gets no message", tlsWrongName],
  ["over TLS a certificate by a stranger gets no message", tlsWrongAuthority],
  ["in peace nothing moves, and the messages are those promised", undisturbed],
];

const NO_CAPTURE = "net: neither root nor CAP_NET_RAW, so the tables of the servers are the only witness";

const rows = new Map<Run, Row>();

async function played(run: Run): Promise<void> {
  rows.set(run, await Bench.with(run.plan, run.play));
}

test("the wire is a witness: loopback can be captured", async (context) => {
  const capture = await Capture.open([{ address: "127.0.0.1", port: 9 }], "/dev/null");
  if (capture === undefined) context.skip(NO_CAPTURE);
  await capture?.close();
});

describe("against real servers", { concurrency: SIDE_BY_SIDE }, () => {
  for (const [name, run] of SHARED) test(name, () => played(run));
});

describe("against strangers", () => {
  test("a shower of datagrams costs no service and moves nobody", () => played(hostile));
});

after(() =>
  report(
    [...SHARED.map(([, run]) => run), hostile].flatMap((run) => rows.get(run) ?? []),
    "real-servers",
  ),
);
