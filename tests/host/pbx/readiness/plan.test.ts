// What a node checks, for all 16 cases of the options and the place. Guide: "only when backup-init-check is set to true";
// "disabled .. when the control-vip-scripts option is set to true"; "does not work for .. same host configuration".

import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_READINESS } from "../../../../host/pbx/readiness/options.ts";
import { type Checked, planFor } from "../../../../host/pbx/readiness/plan.ts";
import { Readiness } from "../../../../host/pbx/readiness/readiness.ts";
import type { ReadinessState } from "../../../../host/pbx/readiness/table.ts";

const VIP =
  "backup-sip-port-check has no effect: control-vip-scripts is on, so the address may be the partner's just now";
const HOST =
  "backup-sip-port-check has no effect: both nodes are on one host, so the port may be the partner's";

type Case = readonly [
  initCheck: boolean,
  portCheck: boolean,
  vipScripts: boolean,
  sameHost: boolean,
  checked: Checked,
  afterStart: ReadinessState,
  remark?: string,
];

// biome-ignore format: a row, a line
const CASES: readonly Case[] = [
  // init  port   vip    host   what is checked      state         said
  [false, false, false, false, "none",              "OK"],
  [false, false, false, true,  "none",              "OK"],
  [false, false, true,  false, "none",              "OK"],
  [false, false, true,  true,  "none",              "OK"],
  [false, true,  false, false, "none",              "OK"], // no effect, and no mistake
  [false, true,  false, true,  "none",              "OK"],
  [false, true,  true,  false, "none",              "OK"],
  [false, true,  true,  true,  "none",              "OK"],
  [true,  false, false, false, "components",        "CHECKING"],
  [true,  false, false, true,  "components",        "CHECKING"],
  [true,  false, true,  false, "components",        "CHECKING"],
  [true,  false, true,  true,  "components",        "CHECKING"],
  [true,  true,  false, false, "componentsAndPort", "CHECKING"],
  [true,  true,  false, true,  "components",        "CHECKING", HOST],
  [true,  true,  true,  false, "components",        "CHECKING", VIP],
  [true,  true,  true,  true,  "components",        "CHECKING", VIP],
];

test("the table has each case once", () => {
  assert.equal(new Set(CASES.map((row) => row.slice(0, 4).join())).size, 16);
});

for (const [
  backupInitCheck,
  backupSipPortCheck,
  controlVipScripts,
  isSameHost,
  checked,
  state,
  remark,
] of CASES) {
  const options = { ...DEFAULT_READINESS, backupInitCheck, backupSipPortCheck, controlVipScripts };
  const name = `check ${backupInitCheck}, port ${backupSipPortCheck}, vip ${controlVipScripts}, same host ${isSameHost}`;
  test(`${name}: ${checked}`, () => {
    const plan = planFor(options, { mode: "standby", isSameHost });
    assert.deepEqual(plan, { checked, remark });
    const readiness = new Readiness(options, { mode: "standby", isSameHost });
    const said = readiness.start(0).flatMap((event) => (event.kind === "remark" ? [event.text] : []));
    assert.deepEqual(said, remark === undefined ? [] : [remark], "it is said once");
    assert.equal(readiness.state, state);
    assert.equal(readiness.report(0).eligible, state === "OK");
    assert.equal(readiness.report(0).parts.length, { none: 0, components: 5, componentsAndPort: 6 }[checked]);
  });
  test(`${name}, of a master: nothing`, () => {
    assert.deepEqual(planFor(options, { mode: "master", isSameHost }), {
      checked: "none",
      remark: undefined,
    });
  });
}
