// The phone's own form, with its labels and DBID_* keys, for the same report as any other maker's.
//
// The form itself is read by keyvalue.ts, which any command takes as --config. Here a key that no table has is named
// and passed over, since such a file is written for a whole phone. On the way out there is one line and no list.

import type { Row, Value } from "../../params/row.ts";
import { PARAMS, paramOf } from "../../params/table.ts";
import { build } from "../build.ts";
import { Draft } from "../draft.ts";
import { meaningOf } from "../key.ts";
import { readKeyValue } from "../keyvalue.ts";
import type { PhoneConfig } from "../model.ts";
import { quoted, settingValues } from "../write.ts";
import { entriesOf } from "./entries.ts";
import type { Export, Loss } from "./export.ts";
import type { Finding, Import } from "./import.ts";

/** @param password for lines to which the file gives none */
export function importOwn(text: string, name: string, password = ""): Import {
  const draft = new Draft();
  readKeyValue(text, name, draft);
  const errors = draft.errors.filter(({ code }) => code !== "unknown-key");
  draft.errors.splice(0, draft.errors.length, ...errors);
  const reading = build(draft, name, password);
  const findings = entriesOf(text, name).map(({ key, where }) => findingOf(key, where));
  if (reading.kind === "refused") return { kind: "refused", errors: reading.errors, findings };
  return { kind: "accepted", config: reading.config, findings };
}

function findingOf(key: string, where: string): Finding {
  const meaning = meaningOf(key.split("."));
  if (meaning.kind === "outside") return { kind: "ignored", key, where, why: meaning.outside.why };
  if (meaning.kind === "unknown") return { kind: "unknown", key, where, why: "no table has this key" };
  return { kind: "mapped", key, where };
}

/** The phone's pages: proxy, outbound and backup outbound server, and one line. */
export function exportOwn(config: PhoneConfig): Export {
  const values = valuesOf(config);
  const pairs = PARAMS.flatMap((row) => {
    const value = values[row.name];
    return value === undefined ? [] : [`${keyOf(row)} = ${quoted(worded(value))}`];
  });
  return { text: `${pairs.join("\n")}\n`, losses: lossesOf(config) };
}

/** The key of the phone's store, else the label of its page, else our name. */
function keyOf(row: Row): string {
  return row.key ?? (row.shown === "visible" ? row.labels?.[0] : undefined) ?? row.name;
}

function worded(value: Value): Value {
  return typeof value === "boolean" ? (value ? "Enable" : "Disable") : value;
}

/** What has to be said; the rest is at its default. */
function valuesOf(config: PhoneConfig): Readonly<Record<string, Value | undefined>> {
  const { servers, lines } = config;
  const [primary, backup] = servers;
  const [line] = lines;
  const proxyServer = !primary || primary.domain === primary.host ? undefined : primary.domain;
  const held = line?.credentials.find((one) => one !== null);
  const settings = Object.entries(settingValues(config)).filter(
    ([name, value]) => value !== paramOf(name).default,
  );
  return {
    ...Object.fromEntries(settings),
    ...(primary && {
      proxyServer,
      outboundServer: primary.host,
      outboundPort: primary.isDefaultPort ? undefined : primary.port,
      transport: primary.transport,
    }),
    ...(backup && {
      backupOutboundServer: backup.host,
      backupOutboundPort: backup.isDefaultPort ? undefined : backup.port,
      backupProxyServer: backup.domain === (proxyServer ?? backup.host) ? undefined : backup.domain,
    }),
    ...(line && { phoneNumber: line.number, displayName: line.display }),
    ...(held && {
      account: held.account === line?.number ? undefined : held.account,
      password: held.password,
    }),
  };
}

function lossesOf({ servers, lines }: PhoneConfig): readonly Loss[] {
  const [primary, backup] = servers;
  const out = (what: string, why: string): Loss => ({ kind: "left out", what, why });
  const [first, ...others] = lines[0]?.credentials.slice(0, 2) ?? [];
  const differs = others.some(
    (held) => held?.account !== first?.account || held?.password !== first?.password,
  );
  return [
    ...lines.slice(1).map(({ number }) => out(`line ${number}`, "the form has one line")),
    ...servers.slice(2).map(({ name }) => out(`server ${name}`, "the form has two servers")),
    ...(backup && backup.transport !== primary?.transport
      ? [out("transport of backup1", "the form has one transport for both servers")]
      : []),
    ...(differs
      ? [out(`line ${lines[0]?.number}: its credentials at the backup`, "the form has one pair")]
      : []),
  ];
}
