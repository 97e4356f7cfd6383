// The options of the check that a backup makes of itself while it starts, as SIP Server of Genesys names them.
//
// They stand in `[TServer]`, or beside the other keys of the pair. All of them take effect after a restart only.
// Below: host/params/row.ts, host/config/value.ts. Above: plan.ts, machine.ts.

import type { ConfigError, Ignored } from "../../config/error.ts";
import { parseValue, type Raw } from "../../config/value.ts";
import { allowed, defaultText, type NumberRow, type SwitchRow } from "../../params/row.ts";

export interface ReadinessOptions {
  readonly backupInitCheck: boolean;
  /** 15..3600. */
  readonly backupInitCheckTimeoutSeconds: number;
  readonly backupSipPortCheck: boolean;
  /** The address of service moves between the nodes by scripts, so its port is rightly taken elsewhere. */
  readonly controlVipScripts: boolean;
}

type OptionRow = NumberRow | SwitchRow;

const SOURCE = 'SIP Server HA Deployment Guide, "Verifying Initialization Status in Backup SIP Servers"';

/** The one table. A restricted option is hidden: it works, and no help or listing names it. */
export const READINESS_OPTIONS = [
  {
    id: 1,
    name: "backup-init-check",
    scope: "host",
    shown: "visible",
    kind: "switch",
    default: false,
    source: SOURCE,
    help: "a backup verifies that it could serve before it says so",
  },
  {
    id: 2,
    name: "backup-init-check-timeout",
    scope: "host",
    shown: "hidden",
    kind: "number",
    unit: "s",
    default: 60,
    min: 15,
    max: 3600,
    source: SOURCE,
    help: "how long the components may take to get ready",
  },
  {
    id: 3,
    name: "backup-sip-port-check",
    scope: "host",
    shown: "visible",
    kind: "switch",
    default: true,
    source: SOURCE,
    help: "the check opens and closes the SIP ports, only with backup-init-check",
  },
  {
    id: 4,
    name: "control-vip-scripts",
    scope: "host",
    shown: "visible",
    kind: "switch",
    default: false,
    source: `${SOURCE}, backup-sip-port-check`,
    help: "the address of service is moved by scripts: the SIP ports are not checked",
  },
] as const satisfies readonly OptionRow[];

/** One key of the configuration that was read. */
export interface Entry {
  readonly key: string;
  readonly raw: Raw;
  /** `file:line`. */
  readonly where: string;
  /** It stood in `[TServer]`, where an installation has dozens of others. */
  readonly isInSection: boolean;
}

export interface ReadinessReading {
  readonly options: ReadinessOptions;
  /** Any of them refuses the configuration. */
  readonly errors: readonly ConfigError[];
  /** What `[TServer]` has besides. */
  readonly ignored: readonly Ignored[];
}

/** Whether a key outside of `[TServer]` is one of these options. */
export function isReadinessOption(key: string): boolean {
  return READINESS_OPTIONS.some(({ name }) => name === key);
}

/** Judges every entry; what is not said has its default. */
export function readReadiness(entries: readonly Entry[]): ReadinessReading {
  const errors: ConfigError[] = [];
  const ignored: Ignored[] = [];
  const values = new Map<string, number | boolean>();
  for (const { key, raw, where, isInSection } of entries) {
    const row: OptionRow | undefined = READINESS_OPTIONS.find(({ name }) => name === key);
    if (row === undefined) {
      if (isInSection)
        ignored.push({ key, where, why: "of [TServer] only the readiness options mean something here" });
      continue;
    }
    const parsed = parseValue(row, raw, 1);
    if (parsed.kind === "problem") {
      const { code, tail, remedy } = parsed;
      errors.push({ code, where, message: `${key} = ${raw}${tail}`, allowed: allowed(row), remedy });
    } else if (values.has(key)) {
      const remedy = "keep one, in [TServer] or outside of it";
      errors.push({ code: "duplicate", where, message: `${key} is set twice`, remedy });
    } else {
      values.set(key, parsed.value as number | boolean);
    }
  }
  return { options: optionsOf(values), errors, ignored };
}

export const DEFAULT_READINESS: ReadinessOptions = optionsOf(new Map());

function optionsOf(values: ReadonlyMap<string, number | boolean>): ReadinessOptions {
  const [check, timeout, port, vip] = READINESS_OPTIONS.map((row) => values.get(row.name) ?? row.default);
  return {
    backupInitCheck: check as boolean,
    backupInitCheckTimeoutSeconds: timeout as number,
    backupSipPortCheck: port as boolean,
    controlVipScripts: vip as boolean,
  };
}

/** As the rows stand. */
function inOrder(options: ReadinessOptions): readonly (number | boolean)[] {
  const { backupInitCheck, backupInitCheckTimeoutSeconds, backupSipPortCheck, controlVipScripts } = options;
  return [backupInitCheck, backupInitCheckTimeoutSeconds, backupSipPortCheck, controlVipScripts];
}

/** A line for each option that is not restricted, for a help page. */
export function readinessHelp(): readonly string[] {
  const shown: readonly OptionRow[] = READINESS_OPTIONS.filter((row) => row.shown === "visible");
  return shown.map((row) => `${row.name} = ${allowed(row)} (${defaultText(row)}): ${row.help}`);
}

/**
 * What a reload of the configuration finds changed.
 * @returns a sentence for each: it is not applied, and nothing else will be said of it
 */
export function laterChanges(running: ReadinessOptions, read: ReadinessOptions): readonly string[] {
  const [old, fresh] = [inOrder(running), inOrder(read)];
  return READINESS_OPTIONS.flatMap(({ name }, at) =>
    old[at] === fresh[at]
      ? []
      : [
          `${name} is ${fresh[at]} now and stays ${old[at]} until a restart: it takes effect after restart only`,
        ],
  );
}
