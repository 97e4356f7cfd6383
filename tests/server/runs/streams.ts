// Over TCP and TLS: a primary that dies or hangs is left and returned to as over UDP, and one whose certificate
// does not prove who it is gets no message at all. Over TLS the tables of the servers tell, and when packets went.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Authority, type Names } from "../../../host/node/certificates.ts";
import { temporaryFolder } from "../../host/folder.ts";
import type { Rules } from "../../real/kamailio.ts";
import { FROZEN, KILLED, thereAndBack } from "../../real/outage.ts";
import type { Transport } from "../../real/phone.ts";
import type { Endpoint } from "../../real/probe.ts";
import { BOOT_MS, bindingsLeft, farewell, ONE_LINE, QUICK } from "../../real/quick.ts";
import type { Row } from "../../real/row.ts";
import type { Bench } from "../bench.ts";
import type { Run } from "../run.ts";

const ours = Authority.create();
const tlsCaFile = join(temporaryFolder(), "ca.pem");

const issuing = async (authority: Promise<Authority>, change: Names): Promise<Rules> => {
  writeFileSync(tlsCaFile, (await ours).certificate);
  return { transport: "tls", identity: await (await authority).issue(change) };
};

const proven = (at: Endpoint, change: Names = {}): Promise<Rules> =>
  issuing(ours, { names: [{ type: "ip", value: at.address }], ...change });

function over(transport: Transport, what: string): Run["plan"] {
  const rules = transport === "tls" ? proven : { transport };
  const params = transport === "tls" ? { ...QUICK, tlsCaFile } : QUICK;
  const name = `${transport.toUpperCase()} ${what}`;
  return { name, transport, params, lines: ONE_LINE, primary: rules, backup: rules };
}

export const tcpKilled: Run = {
  plan: over("tcp", "killed"),
  play: (bench) => thereAndBack(bench, { ...KILLED, after: "REGISTER" }),
};

export const tcpFrozen: Run = {
  plan: over("tcp", "frozen"),
  play: (bench) => thereAndBack(bench, FROZEN),
};

export const tlsKilled: Run = {
  plan: over("tls", "killed"),
  play: (bench) => thereAndBack(bench, { ...KILLED, after: "REGISTER" }),
};

export const tlsExpired: Run = unproven("expired certificate", "tlsExpired", (at) =>
  proven(at, { days: [-9, -1] }),
);

export const tlsWrongName: Run = unproven("wrong name", "tlsName", (at) =>
  proven(at, { names: [{ type: "dns", value: "sip.example.test" }] }),
);

export const tlsWrongAuthority: Run = unproven("wrong authority", "tlsUntrusted", (at) =>
  issuing(Authority.create("Somebody Else"), { names: [{ type: "ip", value: at.address }] }),
);

/** The primary shows such a certificate from the start. */
function unproven(what: string, flow: string, primary: (at: Endpoint) => Promise<Rules>): Run {
  return { plan: { ...over("tls", what), primary }, play: (bench) => turnedDown(bench, what, flow) };
}

async function turnedDown(bench: Bench, fault: string, flow: string): Promise<Row> {
  const { primary, backup, phone } = bench;
  const startedAt = Date.now();
  phone.start();
  const servedAt = await bench.boundAt(backup, BOOT_MS);
  const triedAt = await bench.reachedAt(primary, startedAt);
  const leftAt = await bench.reachedAt(backup, startedAt);
  const [down] = phone.heard("serverDown");
  assert.deepEqual(down?.reason, { rule: "transport", flow });
  assert.deepEqual(bench.requests(primary, "REGISTER"), [], "in plain text");
  const left = await bindingsLeft(bench);
  assert.deepEqual(left, { primary: 0, backup: 1 });
  await farewell(bench);
  assert.deepEqual(await bindingsLeft(bench), { primary: 0, backup: 0 });
  const leftMs = triedAt && leftAt && leftAt - triedAt;
  return {
    run: bench.plan.name,
    fault,
    leftMs,
    servedMs: triedAt && servedAt - triedAt,
    left,
    found: bench.seen(`${flow}; not one REGISTER reached it`),
  };
}
