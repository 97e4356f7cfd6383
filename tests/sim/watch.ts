// What the rows of the parameters look at in a run, and what they do to it.

import type { World } from "../../host/sim/world.ts";
import { type RunOptions, type Setting, sent, sentAt } from "./fixture.ts";

/** What is compared: the moments at which something like this is sent, or anything else of a run. */
export type Watch = RegExp | ((world: World) => unknown);

export interface Row {
  /** The one value that changes. */
  readonly to: Setting;
  /** What holds in both runs, beside the optimal settings. */
  readonly both?: Setting;
  readonly run?: Omit<RunOptions, "params">;
  readonly prepare?: (world: World) => void;
  readonly untilMs: number;
  readonly watch: Watch;
  readonly before: unknown;
  readonly after: unknown;
}

export const SILENT = ["100 primary silent"];
export const OUTAGE = ["100 primary silent", "400 primary back"];
export const FLAPS = [
  ...OUTAGE,
  "500 primary silent",
  "530 primary back",
  "590 primary silent",
  "620 primary back",
  "680 primary silent",
  "710 primary back",
];

/** When a line moved to the primary. */
export function returns({ events }: World): number[] {
  return events.filter(({ type, server }) => type === "moved" && server === "primary").map(({ t }) => t);
}

/** When the first REGISTER went to that server. */
export function firstTo(server: string): (world: World) => number | undefined {
  return ({ packets }) => sentAt(packets, new RegExp(` ${server} REGISTER`))[0];
}

/** REGISTERs of the time in which something goes wrong. */
export function fromOutage({ packets }: World): number[] {
  return sentAt(packets, /REGISTER/).filter((at) => at >= 100_000);
}

/** Which of these spans the second round of attempts begins in. */
export function secondRound({ packets }: World): readonly (readonly number[])[] {
  const spans = [
    [7000, 12_000],
    [12_001, 22_000],
    [32_000, 62_000],
  ] as const;
  const at = sentAt(packets, /REGISTER/).find((one) => one > 2000) ?? Number.NaN;
  return spans.filter(([from, to]) => at >= from && at <= to);
}

/** Each address the phone gave in Contact, and when first. */
export function contacts({ packets }: World): string[] {
  const seen = new Map<string, number>();
  for (const { at, from, bytes } of packets) {
    const [, contact] = /^Contact: <sip:6000@([\d.:]+)/m.exec(new TextDecoder().decode(bytes)) ?? [];
    if (from === "phone" && contact !== undefined && !seen.has(contact)) seen.set(contact, at);
  }
  return [...seen].map(([contact, at]) => `${at} ${contact}`);
}

/** Lets the primary ask whether `user` is there. */
export function ask(user: string): (world: World) => void {
  const lines = [
    `OPTIONS sip:${user}@192.0.2.100:5060 SIP/2.0`,
    "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKasked",
    "Max-Forwards: 70",
    "From: <sip:pbx1.example>;tag=asks",
    `To: <sip:${user}@192.0.2.100>`,
    "Call-ID: asked",
    "CSeq: 1 OPTIONS",
    "Content-Length: 0",
  ];
  const bytes = new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
  return (world) => world.at(5000, () => world.inject(bytes, "primary"));
}

/** What the phone answered: statuses. */
export function answers({ packets }: World): string[] {
  return sent(packets, /^5000 primary \d{3} OPTIONS/).map((line) => line.split(" ")[2] ?? "");
}
