// One line for each thing that happened: `<ms> <actor> <direction or verb> <object> <detail>`.
//
// Stable text, so that runs compare by eye and by diff. No password and no digest response is in it.
// Above: world.ts.

import * as abi from "../../assembly/abi.ts";
import type { PhoneEvent } from "../core/events.ts";

/** `120000 phone > primary REGISTER 6000 cseq=3 expires=120` */
export function packetLine(at: number, direction: ">" | "<", server: string, bytes: Uint8Array): string {
  return `${at} phone ${direction} ${server} ${packetText(bytes)}`;
}

/** `120000 phone x primary refused`: the transport reported an error. */
export function failureLine(at: number, server: string): string {
  return `${at} phone x ${server} refused`;
}

const FLOW_WORDS: ReadonlyMap<number, string> = new Map([
  [abi.FLOW_UP, "connected"],
  [abi.FLOW_REFUSED, "refused"],
  [abi.FLOW_LOST, "lost"],
]);

/** `0 phone = primary connected`: what became of a connection. */
export function flowLine(at: number, server: string, state: number): string {
  return `${at} phone = ${server} ${FLOW_WORDS.get(state) ?? state}`;
}

/** `100000 primary silent`: a step of the scenario. */
export function stepLine(at: number, text: string): string {
  return `${at} ${text}`;
}

/** `122000 phone tells moved line=6000 server=backup1 rule=failover from=primary next=refresh@182000` */
export function eventLine(event: PhoneEvent): string {
  const { rule, ...inputs } = event.reason ?? { rule: undefined };
  const words = [
    event.line === undefined ? "" : `line=${event.line}`,
    event.server === undefined ? "" : `server=${event.server}`,
    rule === undefined ? "" : `rule=${rule}`,
    ...Object.entries(inputs).map(([name, value]) => `${name}=${value}`),
    event.next === undefined ? "" : `next=${event.next.what}${nextAt(event.next.at)}`,
  ];
  return [event.t, "phone tells", event.type, ...words.filter((word) => word !== "")].join(" ");
}

/** `REGISTER 6000 cseq=3 expires=120 auth`, `200 REGISTER 6000 cseq=3 expires=120`, `keepalive`. */
export function packetText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  if (text.trim() === "") return "keepalive";
  const [start = ""] = text.split(/\r?\n/, 1);
  const [, cseq = "?", method = "?"] = /^CSeq:\s*(\d+)\s+(\S+)/im.exec(text) ?? [];
  const user = /^(?:To|t):[^\r\n]*?sips?:([^@>;\s]+)@/im.exec(text)?.[1];
  const expires = /^(?:Contact|m):[^\r\n]*;expires=(\d+)/im.exec(text) ?? /^Expires:\s*(\d+)/im.exec(text);
  const status = /^SIP\/2\.0 (\d{3})/.exec(start)?.[1];
  const words = [
    status === undefined ? (start.split(" ", 1)[0] ?? "?") : `${status} ${method}`,
    user ?? "",
    `cseq=${cseq}`,
    expires === null ? "" : `expires=${expires[1]}`,
    /^(?:Proxy-)?Authorization:/im.test(text) ? "auth" : "",
  ];
  return words.filter((word) => word !== "").join(" ");
}

function nextAt(at: number | undefined): string {
  return at === undefined ? "" : `@${at}`;
}
