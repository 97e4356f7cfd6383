// How each row of the table of policy/health.ts is taken. Its silent cells: cells-silent.ts.

import type { World } from "../../host/sim/world.ts";
import type { Case } from "./cells.ts";
import type { Setting } from "./fixture.ts";

const SLOW: Setting = { registerRefreshInterval: 1800 };
/** The primary is not preferred: it has to wait for the back-to-primary delay. */
export const HOLD: Setting = { preferPrimary: false };
/** The first lost heartbeat is one too many. */
const STRICT: Setting = { registerRefreshInterval: 1800, maxDetectFailCount: 0 };
export const WITHOUT_HEARTBEATS: Setting = { primaryDetectInterval: 0 };

/** The primary is in a hold from 360.0 on: DOWN at 122.0, its heartbeat of 360 is answered. */
export const HELD_AT_360 = ["100 primary silent", "300 primary back"];
/** It is SUSPECT from 182.0 on. */
const SUSPECT_AT_182 = ["100 primary silent"];
const BUSY = "answers 503 to=REGISTER retry-after=60";

export const HEALTH: readonly Case[] = [
  {
    cell: "UNKNOWN GOOD",
    title: "a backup answers the check at the start",
    options: { params: { startupCheck: true }, scenario: ["0 backup1 latency 10"] },
    atMs: 10,
    who: "backup1",
    shows: ["< backup1 200 OPTIONS", "tells serverUp server=backup1"],
  },
  {
    cell: "UNKNOWN BOUND",
    title: "a backup that nobody has heard of answers a REGISTER with 2xx",
    options: { scenario: ["0 primary silent", "0 backup1 latency 10", "0 backup1 answers 200 to=REGISTER"] },
    atMs: 2010,
    who: "backup1",
    shows: ["< backup1 200 REGISTER", "tells serverUp server=backup1 rule=200"],
  },
  {
    cell: "UNKNOWN MISS",
    title: "a backup does not answer the check at the start",
    options: { params: { startupCheck: true }, scenario: ["0 backup1 silent"] },
    atMs: 2000,
    who: "backup1",
    shows: ["tells serverSuspect server=backup1"],
  },
  {
    cell: "UNKNOWN LOST",
    title: "a backup that answered once, was DOWN for an hour and forgotten, is silent still",
    options: {
      params: { ...STRICT, backupDetectInterval: 60 },
      scenario: ["100 backup1 silent"],
    },
    atMs: 4_082_000,
    who: "backup1",
    shows: ["tells serverDown server=backup1 rule=heartbeat"],
  },
  {
    cell: "UNKNOWN DEAF",
    title: "a backup that never answered one is no surprise when it is silent",
    options: { params: { ...STRICT, startupCheck: true }, scenario: ["0 backup1 silent"] },
    atMs: 2000,
    who: "backup1",
    shows: ["tells standbyDown server=backup1"],
    never: ["tells serverSuspect", "tells serverDown"],
  },
  {
    cell: "UNKNOWN FAIL",
    title: "the first REGISTER of all is not answered",
    options: { scenario: ["0 primary silent"] },
    atMs: 2000,
    shows: ["tells serverDown server=primary rule=timeout", "> backup1 REGISTER"],
  },
  {
    cell: "UNKNOWN BUSY",
    title: "the first REGISTER of all is put off",
    options: { scenario: ["0 primary latency 10", `0 primary ${BUSY}`] },
    atMs: 10,
    shows: ["tells serverCooling server=primary", "> backup1 REGISTER"],
  },
  {
    cell: "UP MISS",
    title: "a heartbeat is lost",
    options: { params: SLOW, scenario: SUSPECT_AT_182 },
    atMs: 182_000,
    shows: ["tells serverSuspect server=primary"],
    never: ["REGISTER"],
  },
  {
    cell: "UP LOST",
    title: "a heartbeat is lost, and none may be",
    options: { params: STRICT, scenario: ["100 primary silent"] },
    atMs: 182_000,
    shows: ["tells serverDown server=primary rule=heartbeat", "tells outOfService", "> backup1 REGISTER"],
  },
  {
    cell: "UP DEAF",
    title: "none may be lost, but this server never answered one: its line asks",
    options: { params: STRICT, scenario: ["0 primary deaf", "80 primary latency 10"] },
    atMs: 92_000,
    shows: ["> primary REGISTER 6000"],
    never: ["tells serverSuspect", "tells serverDown"],
  },
  {
    cell: "UP FAIL",
    title: "a refresh is not answered",
    options: { scenario: ["100 primary silent"] },
    atMs: 122_000,
    shows: ["tells serverDown server=primary rule=timeout", "tells outOfService", "> backup1 REGISTER"],
  },
  {
    cell: "UP BUSY",
    title: "a refresh is put off",
    options: { scenario: [`100 primary ${BUSY}`] },
    atMs: 120_000,
    shows: ["tells serverCooling server=primary", "tells outOfService", "> backup1 REGISTER"],
  },
  {
    cell: "SUSPECT GOOD",
    title: "the next heartbeat is answered",
    options: { params: SLOW, scenario: [...SUSPECT_AT_182, "200 primary back"] },
    atMs: 270_000,
    shows: ["< primary 200 OPTIONS", "tells serverUp server=primary"],
  },
  {
    cell: "SUSPECT BOUND",
    title: "a REGISTER is granted before the next heartbeat",
    options: { params: SLOW, scenario: [...SUSPECT_AT_182, "200 primary back", "250 host refresh"] },
    atMs: 250_000,
    shows: ["< primary 200 REGISTER", "tells serverUp server=primary rule=200"],
  },
  {
    cell: "SUSPECT MISS",
    title: "a second heartbeat is lost, and two may be",
    options: { params: { ...SLOW, maxDetectFailCount: 2 }, scenario: SUSPECT_AT_182 },
    atMs: 272_000,
    shows: ["tells serverSuspect server=primary"],
    never: ["tells serverDown"],
  },
  {
    cell: "SUSPECT LOST",
    title: "a second heartbeat is lost, and one may be",
    options: { params: SLOW, scenario: SUSPECT_AT_182 },
    atMs: 272_000,
    shows: ["tells serverDown server=primary rule=heartbeat", "> backup1 REGISTER"],
  },
  {
    cell: "SUSPECT DEAF",
    title: "the same of a server that never answered one: its line asks",
    options: { params: SLOW, scenario: ["0 primary deaf", "80 primary latency 10"] },
    atMs: 182_000,
    shows: ["> primary REGISTER 6000"],
    never: ["tells serverDown", "tells serverSuspect"],
  },
  {
    cell: "SUSPECT FAIL",
    title: "a REGISTER is not answered before the next heartbeat is due",
    options: { params: SLOW, scenario: [...SUSPECT_AT_182, "200 host refresh"] },
    atMs: 202_000,
    shows: ["tells serverDown server=primary rule=timeout"],
  },
  {
    cell: "SUSPECT BUSY",
    title: "a REGISTER is put off before the next heartbeat is due",
    options: {
      params: SLOW,
      scenario: [...SUSPECT_AT_182, "190 primary back", `190 primary ${BUSY}`, "200 host refresh"],
    },
    atMs: 200_000,
    shows: ["tells serverCooling server=primary"],
  },
  {
    cell: "DOWN RECOVERED",
    title: "a heartbeat is answered, and the primary is preferred",
    options: { scenario: ["100 primary silent", "400 primary back"] },
    atMs: 450_000,
    shows: ["< primary 200 OPTIONS", "tells serverUp server=primary", "tells moved line=6000 server=primary"],
  },
  {
    cell: "DOWN RETURNED",
    title: "a heartbeat is answered, and there is a delay to wait",
    options: { params: HOLD, scenario: HELD_AT_360 },
    atMs: 360_000,
    shows: ["tells serverHolding server=primary", "tells failbackScheduled line=6000 server=primary"],
    never: ["> primary REGISTER"],
  },
  {
    cell: "DOWN BOUND",
    title: "the only server grants a REGISTER, and no heartbeat said so before",
    options: {
      servers: 1,
      params: WITHOUT_HEARTBEATS,
      scenario: ["100 primary silent", "130 primary back", "150 host refresh"],
    },
    atMs: 150_000,
    shows: ["< primary 200 REGISTER", "tells serverUp server=primary rule=200", "tells inService"],
  },
  {
    cell: "DOWN BUSY",
    title: "the only server puts a REGISTER off",
    options: {
      servers: 1,
      params: WITHOUT_HEARTBEATS,
      scenario: ["100 primary silent", "130 primary back", `130 primary ${BUSY}`, "150 host refresh"],
    },
    atMs: 150_000,
    shows: ["tells serverCooling server=primary"],
  },
  {
    cell: "DOWN LAPSE",
    title: "an idle backup that only a REGISTER could find again is forgotten after 300 s",
    options: { params: WITHOUT_HEARTBEATS, scenario: ["5 backup1 silent", "10 host moveTo backup1"] },
    atMs: 312_000,
    who: "backup1",
    shows: [],
    never: ["tells", "> backup1"],
  },
  {
    cell: "HOLDING RECOVERED",
    title: "a backup serves again after an outage of all: the hold is off",
    options: {
      params: HOLD,
      scenario: [
        "100 primary silent",
        "100 backup1 silent",
        "358 host refresh",
        "359.9 primary back",
        "359.9 backup1 back",
        "359.9 backup1 latency 50",
      ],
    },
    atMs: 360_100,
    shows: [
      "tells inService line=6000 server=backup1",
      "> primary OPTIONS",
      "tells serverUp server=primary",
      "> primary REGISTER",
    ],
  },
  {
    cell: "HOLDING BOUND",
    title: "the backup dies: the hold leaves nobody without service",
    options: { params: HOLD, scenario: [...HELD_AT_360, "400 backup1 silent"] },
    atMs: 424_000,
    shows: ["tells serverUp server=primary rule=200", "tells inService line=6000 server=primary"],
  },
  {
    cell: "HOLDING LOST",
    title: "one heartbeat too many is lost in the hold",
    options: { params: HOLD, scenario: [...HELD_AT_360, "400 primary silent"] },
    atMs: 542_000,
    shows: ["tells serverDown server=primary rule=heartbeat"],
    never: ["> primary REGISTER", "tells outOfService"],
  },
  {
    cell: "HOLDING FAIL",
    title: "the last resort does not answer a REGISTER",
    options: { params: HOLD, scenario: [...HELD_AT_360, "370 primary mute", "400 backup1 silent"] },
    atMs: 426_000,
    shows: ["tells serverDown server=primary rule=timeout"],
  },
  {
    cell: "HOLDING BUSY",
    title: "the last resort puts a REGISTER off",
    options: {
      params: HOLD,
      scenario: [...HELD_AT_360, `370 primary ${BUSY}`, "400 backup1 silent"],
    },
    atMs: 424_000,
    shows: ["tells serverCooling server=primary"],
  },
  {
    cell: "HOLDING UNTIL",
    title: "the delay is over, the line returns",
    options: { params: { ...HOLD, backToPrimaryDelay: 100 }, scenario: HELD_AT_360 },
    atMs: 460_000,
    shows: ["tells serverUp server=primary rule=hold", "tells moved line=6000 server=primary"],
  },
  {
    cell: "COOLING UNTIL",
    title: "the time it asked for is over",
    options: { scenario: ["100 primary answers 503 to=REGISTER retry-after=50"] },
    atMs: 170_000,
    shows: [],
    never: ["tells serverDown"], // the end of a cooling is no news
  },
];

/** Health of the server a case is about. */
export function healthOf(world: World, who = "primary"): string | undefined {
  return world.agent.servers().find(({ server }) => server === who)?.health;
}
