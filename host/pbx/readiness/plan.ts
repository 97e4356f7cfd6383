// What a node checks while it starts: three options, its mode, and where its partner is.
//
// Below: options.ts. Above: machine.ts; host/node/pair, which finds out what `Place` says.

import type { ReadinessOptions } from "./options.ts";

export interface Place {
  /** "master": nothing is checked, it serves at once. */
  readonly mode: "master" | "standby";
  /** The partner runs on this machine too: it holds the port, and rightly so. */
  readonly isSameHost: boolean;
}

/** none: the node is ready at once. */
export type Checked = "none" | "components" | "componentsAndPort";

export interface Plan {
  readonly checked: Checked;
  /** Why the ports are left alone though `backup-sip-port-check` is on; said once. */
  readonly remark: string | undefined;
}

/**
 * `backup-init-check`, `backup-sip-port-check`, `control-vip-scripts` and same host: 16 cases.
 * The port check without the other one has no effect, and that is no mistake.
 */
export function planFor(options: ReadinessOptions, place: Place): Plan {
  if (place.mode === "master" || !options.backupInitCheck) return { checked: "none", remark: undefined };
  if (!options.backupSipPortCheck) return { checked: "components", remark: undefined };
  const why = whyNoPortCheck(options, place);
  if (why === undefined) return { checked: "componentsAndPort", remark: undefined };
  return { checked: "components", remark: `backup-sip-port-check has no effect: ${why}` };
}

function whyNoPortCheck(options: ReadinessOptions, place: Place): string | undefined {
  if (options.controlVipScripts)
    return "control-vip-scripts is on, so the address may be the partner's just now";
  if (place.isSameHost) return "both nodes are on one host, so the port may be the partner's";
  return undefined;
}
