// How each row of the table of policy/line.ts is taken, and some of its silent cells.

import assert from "node:assert/strict";
import { CMD_LINK_DOWN, LINE_ALL } from "../../assembly/abi.ts";
import type { World } from "../../host/sim/world.ts";
import type { Case } from "./cells.ts";
import { type RunOptions, type Setting, world } from "./fixture.ts";

const LATE_START: Setting = { startSpread: 3600 };
/** The line waits from 4.0 on: neither server answers its first round. */
const BOTH_SILENT = ["0 primary silent", "0 backup1 silent"];
/** It rests from 0 on: the primary has rejected it. */
const REJECTED = ["0 primary answers 403 to=REGISTER"];
const STARTING: RunOptions = { params: { startSpread: 10 }, scenario: ["0 primary latency 10"] };

/** When the first REGISTER of a phone goes out, ms: drawn from its seed. */
function firstSending(options: RunOptions): number {
  return world(options).runTo(20_000).packets[0]?.at ?? -1;
}

export const LINE: readonly Case[] = [
  {
    cell: "OFF BOOT",
    title: "the phone starts, its place in the spread is to come",
    options: { params: LATE_START },
    atMs: 0,
    shows: [],
    never: [">"],
  },
  {
    cell: "STARTING TURN",
    title: "its place in the spread has come",
    options: STARTING,
    atMs: firstSending(STARTING),
    shows: ["> primary REGISTER 6000 cseq=1"],
  },
  {
    cell: "SEEKING SERVICE",
    title: "a REGISTER is granted",
    options: { scenario: ["0 primary latency 10"] },
    atMs: 20,
    shows: ["< primary 200 REGISTER", "tells inService line=6000 server=primary", "tells bound"],
  },
  {
    cell: "SEEKING ROUND_OVER",
    title: "the last server is asked in vain",
    options: { scenario: BOTH_SILENT },
    atMs: 4000,
    shows: ["tells outOfService line=6000"],
    never: ["REGISTER"],
  },
  {
    cell: "SEEKING NO_SERVER",
    title: "the primary rejects the account",
    options: { scenario: [...REJECTED, "0 primary latency 10"] },
    atMs: 10,
    shows: ["tells rejected line=6000 server=primary", "tells resting line=6000"],
    never: ["> backup1"],
  },
  {
    cell: "WAITING NO_SERVER",
    title: "the next round is now, and both servers have put the phone off",
    options: {
      scenario: [
        "0 primary answers 503 to=REGISTER retry-after=300",
        "0 backup1 answers 503 to=REGISTER retry-after=300",
        "10 host refresh",
      ],
    },
    atMs: 10_000,
    shows: ["tells resting line=6000"],
    never: [">"],
  },
  {
    cell: "WAITING ASK",
    title: "the host wants the next round now",
    options: { scenario: [...BOTH_SILENT, "10 host refresh"] },
    atMs: 10_000,
    shows: ["> primary REGISTER 6000 cseq=2"],
  },
  {
    cell: "RESTING ASK",
    title: "the host sends the line to another server",
    options: { scenario: [...REJECTED, "0 backup1 latency 10", "30 host moveTo backup1"] },
    atMs: 30_000,
    shows: ["> backup1 REGISTER 6000 cseq=1"],
  },
  {
    cell: "SERVED LOSS",
    title: "its server is found dead",
    options: { scenario: ["100 primary silent", "100 backup1 latency 10"] },
    atMs: 122_000,
    shows: ["tells outOfService line=6000 server=primary", "> backup1 REGISTER"],
  },
  {
    cell: "SERVED LOSS_IN_CROWD",
    title: "its server is found dead, and a house full of phones finds the same",
    options: { params: { failoverSpread: 3600 }, scenario: ["100 primary silent"] },
    atMs: 122_000,
    shows: ["tells outOfService line=6000 server=primary"],
    never: [">"],
  },
  ...outOf("LINK_LOST", "the link goes down", "link down", ["> "]),
  {
    cell: "CUT LINK_BACK",
    title: "the link comes up: the binding is verified",
    options: { scenario: ["5 primary latency 10", "10 link down", "20 link up"] },
    atMs: 20_000,
    shows: ["> primary REGISTER 6000"],
    never: ["tells inService"],
  },
  {
    cell: "CUT LOSS_IN_CROWD",
    title: "the instance is lost, and a house full of them is",
    options: { params: { startSpread: 3600 } },
    atMs: 3_700_000,
    from: "served",
    shows: ["tells outOfService line=6000 server=primary"],
    never: [">"],
    prepare: (run) => run.at(3_700_000, () => run.crash()),
  },
  ...outOf("LEAVE", "the host stops the phone", "host stop", ["tells inService"]),
  {
    cell: "CUT LEAVE",
    title: "the host stops the phone: nothing can be removed",
    options: { scenario: ["10 link down", "20 host stop"] },
    atMs: 20_000,
    shows: ["phone stops"],
    never: [">"],
  },
];

/** The same step in each state in which a phone with a link can be. */
function outOf(input: string, title: string, step: string, never: readonly string[]): readonly Case[] {
  return [
    {
      cell: `STARTING ${input}`,
      options: { params: LATE_START, scenario: [`1 ${step}`] },
      atMs: 1000,
      shows: [],
    },
    {
      cell: `SEEKING ${input}`,
      options: { scenario: ["0 primary silent", `1 ${step}`] },
      atMs: 1000,
      shows: [],
    },
    {
      cell: `WAITING ${input}`,
      options: { scenario: [...BOTH_SILENT, `10 ${step}`] },
      atMs: 10_000,
      shows: [],
    },
    { cell: `RESTING ${input}`, options: { scenario: [...REJECTED, `10 ${step}`] }, atMs: 10_000, shows: [] },
    {
      cell: `SERVED ${input}`,
      options: { scenario: [`10 ${step}`] },
      atMs: 10_000,
      shows: ["tells outOfService line=6000 server=primary"],
    },
  ].map((one) => ({ ...one, title, never }));
}

/** Cells without a row: the input comes, and the line stays what it is. */
export const SILENT_LINE: readonly Case[] = [
  ...["STARTING", "SEEKING", "WAITING", "RESTING", "SERVED"].map((state) => ({
    ...ofState(state, "link up"),
    cell: `${state} LINK_BACK`,
    title: "the link comes up, and was never down",
  })),
  {
    cell: "CUT LINK_LOST",
    title: "the link goes down twice",
    options: { scenario: ["10 link down", "20 link down"] },
    atMs: 20_000,
    shows: [],
    never: ["tells", ">"],
  },
  {
    cell: "CUT LOSS",
    title: "the lease runs out while the link is down",
    options: { scenario: ["10 link down"] },
    atMs: 120_000,
    shows: [],
    never: ["tells", ">"],
  },
  {
    cell: "SERVED SERVICE",
    title: "a refresh is granted",
    options: {},
    atMs: 60_000,
    shows: ["< primary 200 REGISTER"],
    never: ["tells"],
  },
  {
    cell: "WAITING ROUND_OVER",
    title: "a server is asked out of turn, in vain: the wait goes on",
    options: {
      params: { registerRefreshInterval: 1800 },
      servers: 1,
      scenario: ["0 primary answers 503 to=REGISTER retry-after=5"],
    },
    atMs: 5000,
    shows: ["> primary REGISTER", "tells serverCooling"],
    never: ["tells outOfService"],
  },
  {
    cell: "LEAVING LINK_LOST",
    title: "the link goes down under a phone that is leaving",
    options: { scenario: ["5 primary silent", "10 host stop"] },
    atMs: 11_000,
    shows: [],
    never: ["tells", ">"],
    prepare: (run) => {
      run.at(11_000, () => assert.throws(() => run.agent.core.command(CMD_LINK_DOWN, LINE_ALL, 0, 11_000)));
    },
  },
];

function ofState(state: string, step: string): Omit<Case, "cell" | "title"> {
  const found = outOf("", "", step, ["tells", ">"]).find(({ cell }) => cell === `${state} `);
  if (found === undefined) throw new Error(`no scenario leads to ${state}`);
  return { ...found, shows: [] };
}

/** State of the line a case is about. */
export function stateOfLine(run: World, who = "6000"): string | undefined {
  return run.agent.lines().find(({ line }) => line === who)?.state;
}
