// Some cells of the table of policy/health.ts without a row: what comes changes nothing.

import type { Packet } from "../../host/sim/world.ts";
import type { Case } from "./cells.ts";
import { HELD_AT_360, HOLD, WITHOUT_HEARTBEATS } from "./cells-health.ts";

/** The input comes, and the server stays what it is. */
export const SILENT_HEALTH: readonly Case[] = [
  {
    cell: "UP GOOD",
    title: "another heartbeat is answered",
    options: {},
    atMs: 180_000,
    shows: ["< primary 200 OPTIONS"],
    never: ["tells"],
  },
  {
    cell: "UP BOUND",
    title: "a refresh is granted",
    options: {},
    atMs: 120_000,
    shows: ["< primary 200 REGISTER"],
    never: ["tells"],
  },
  {
    cell: "DOWN MISS",
    title: "a server that is down stays silent",
    options: { scenario: ["100 primary silent"] },
    atMs: 182_000,
    shows: [],
    never: ["tells server"],
  },
  {
    cell: "DOWN FAIL",
    title: "the next round fails there too",
    options: {
      servers: 1,
      params: WITHOUT_HEARTBEATS,
      scenario: ["100 primary silent", "130 host refresh"],
    },
    atMs: 132_000,
    shows: [],
    never: ["tells server"],
  },
  {
    cell: "DOWN GOOD",
    title: "the only server challenges: it works, and serves nobody yet",
    options: {
      servers: 1,
      params: { ...WITHOUT_HEARTBEATS, fullRegistration: true },
      scenario: ["100 primary silent", "130 primary back", "130 primary latency 10", "150 host refresh"],
    },
    atMs: 150_010,
    shows: ["< primary 401 REGISTER"],
    never: ["tells server"],
  },
  {
    cell: "HOLDING GOOD",
    title: "heartbeats are answered in the hold",
    options: { params: HOLD, scenario: HELD_AT_360 },
    atMs: 450_000,
    shows: ["< primary 200 OPTIONS"],
    never: ["tells server"],
  },
  {
    cell: "HOLDING MISS",
    title: "a single heartbeat is lost in the hold",
    options: { params: HOLD, scenario: [...HELD_AT_360, "400 primary silent"] },
    atMs: 452_000,
    shows: [],
    never: ["tells server"],
  },
  {
    cell: "COOLING GOOD",
    title: "a server that cools answers heartbeats",
    options: { scenario: ["100 primary answers 503 to=REGISTER retry-after=600"] },
    atMs: 180_000,
    shows: ["< primary 200 OPTIONS"],
    never: ["tells server"],
  },
  {
    cell: "COOLING MISS",
    title: "a server that cools is silent",
    options: {
      scenario: ["100 primary answers 503 to=REGISTER retry-after=600", "130 primary silent"],
    },
    atMs: 182_000,
    shows: [],
    never: ["tells server"],
  },
  {
    cell: "COOLING BOUND",
    title: "a line is granted its REGISTER where another was put off a moment ago",
    ...twoAnswers("200 OK"),
    shows: ["< primary 200 REGISTER 6001", "refusal=late"],
  },
  {
    cell: "COOLING BUSY",
    title: "a line is put off where another was put off a moment ago",
    ...twoAnswers("503 Busy"),
    shows: ["< primary 503 REGISTER 6001", "refusal=late"],
  },
];

/**
 * Two lines ask at once; one is put off at 0.099, the other is answered at 0.1: its attempt is over by then, as
 * whoever asks a server is told at once that it cools.
 */
function twoAnswers(second: string): Pick<Case, "options" | "atMs" | "prepare" | "never"> {
  const asked: Packet[] = [];
  return {
    options: {
      lines: 2,
      scenario: ["0 primary silent"],
      watch: {
        packet: (packet) => {
          if (packet.from === "phone" && asked.length < 2) asked.push(packet);
        },
      },
    },
    atMs: 100,
    prepare: (world) => {
      world.at(99, () => world.inject(answerTo(asked[0], "503 Busy"), "primary"));
      world.at(100, () => world.inject(answerTo(asked[1], second), "primary"));
    },
    never: ["tells server", "tells inService"],
  };
}

/** An answer to a request that was sent; 2xx grant what was asked for, others ask for a pause. */
export function answerTo(packet: Packet | undefined, status: string): Uint8Array {
  const request = new TextDecoder().decode(packet?.bytes);
  const header = (name: string) => new RegExp(`^${name}: .*\\r\\n`, "m").exec(request)?.[0] ?? "";
  const more = status.startsWith("2")
    ? header("Contact")
    : status.startsWith("5")
      ? "Retry-After: 60\r\n"
      : "";
  const to = header("To").replace("\r\n", ";tag=t1\r\n");
  const lines = [header("Via"), header("From"), to, header("Call-ID"), header("CSeq"), more];
  return new TextEncoder().encode(`SIP/2.0 ${status}\r\n${lines.join("")}Content-Length: 0\r\n\r\n`);
}
