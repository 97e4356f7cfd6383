// The lines: number, display name, and credentials at each server.
//
// A line's own account and password hold at every server; those of `credentials` hold at one. Below: draft.ts.

import type { Cell, Draft } from "./draft.ts";
import type { Credentials, LineConfig } from "./model.ts";
import { LINES_MAX, serverName } from "./model.ts";

/**
 * @param servers  names of the set by rank
 * @param password for lines to which the configuration gives none; empty: there is no such password
 */
export function buildLines(
  draft: Draft,
  servers: readonly string[],
  where: string,
  password: string,
): readonly LineConfig[] {
  if (draft.lines.length === 0) {
    const remedy = "give a line its phoneNumber";
    draft.errors.push({ code: "no-line", where, message: "there is no line", remedy });
  }
  if (draft.lines.length > LINES_MAX) refuseTooMany(draft);
  const lines = draft.lines.map((index) => oneLine(draft, index, servers, password));
  refuseSameNumbers(draft, lines);
  return lines;
}

function refuseTooMany(draft: Draft): void {
  draft.errors.push({
    code: "too-many",
    where: draft.whereLine(draft.lines[LINES_MAX] ?? 0),
    message: `there are ${draft.lines.length} lines`,
    allowed: `up to ${LINES_MAX} lines`,
    remedy: "leave some out, or build the core with a larger LINES",
  });
}

function oneLine(draft: Draft, index: number, servers: readonly string[], password: string): LineConfig {
  const number = text(draft.cell({ kind: "line", index }, "phoneNumber"));
  if (number === "" && !draft.wasRefused({ kind: "line", index }, "phoneNumber")) {
    const message = `line ${index + 1} has no phoneNumber`;
    const remedy = "give it one, or leave the line out";
    draft.errors.push({ code: "no-line", where: draft.whereLine(index), message, remedy });
  }
  refuseStrangers(draft, index, servers.length);
  const credentials = servers.map((_, rank) => credentialsAt(draft, index, rank, number, password));
  if (servers.length > 0 && credentials.every((held) => held === null) && !isRefused(draft, index)) {
    const message = `line ${number || index + 1} has no password at any server`;
    const remedy = "set its password, or give --password-file";
    const at = draft.whereLine(index);
    draft.errors.push({ code: "missing-credentials", where: at, message, remedy });
  }
  return { number, display: text(draft.cell({ kind: "line", index }, "displayName")), credentials };
}

function credentialsAt(
  draft: Draft,
  index: number,
  rank: number,
  number: string,
  fallback: string,
): Credentials | null {
  const said = (name: string) =>
    text(draft.cell({ kind: "credentials", index, rank }, name)) ||
    text(draft.cell({ kind: "line", index }, name));
  const password = said("password") || fallback;
  return password === "" ? null : { account: said("account") || number, password };
}

/** True when a password of the line was given and was wrong: it is not missing. */
function isRefused(draft: Draft, index: number): boolean {
  if (draft.wasRefused({ kind: "line", index }, "password")) return true;
  return draft
    .credentialsOf(index)
    .some((rank) => draft.wasRefused({ kind: "credentials", index, rank }, "password"));
}

/** Credentials at a server that is not of the set are a slip: they would never be used. */
function refuseStrangers(draft: Draft, index: number, servers: number): void {
  for (const rank of draft.credentialsOf(index)) {
    if (rank < servers || servers === 0) continue;
    const where = draft.whereCredentials(index, rank);
    const message = `line ${index + 1} has credentials at ${serverName(rank)}, which is no server of the set`;
    const remedy = "add the server, or leave the credentials out";
    draft.errors.push({ code: "unknown-key", where, message, remedy });
  }
}

function refuseSameNumbers(draft: Draft, lines: readonly LineConfig[]): void {
  lines.forEach(({ number }, at) => {
    const first = lines.findIndex((line) => line.number === number);
    if (first === at || number === "") return;
    const index = draft.lines[at] ?? 0;
    const where = draft.cell({ kind: "line", index }, "phoneNumber")?.where ?? "";
    const message = `line ${index + 1} has the number ${number}, as line ${(draft.lines[first] ?? 0) + 1} has`;
    draft.errors.push({ code: "same-number", where, message, remedy: "give each line its own" });
  });
}

function text(cell: Cell | undefined): string {
  return String(cell?.value ?? "");
}
