// What speaks of the line: it rests, or leaves that server out; nobody else moves. DESIGN.md D8, D9; RFC 3261 §21.4-§21.6.

import { answers, grants, SILENCE } from "../script.ts";
import type { Case } from "./bed.ts";
import { each, type Group, REFRESH_5, SERVES_BACKUP1, SERVES_BACKUP2 } from "./table.ts";

const rejected = (status: number): Case => ({
  says: `${status}`,
  does: "the account is rejected: it rests at the primary, and no backup is asked",
  servers: [{ register: [answers(status)] }],
  wire: [`0 primary ${status}`],
  untilSeconds: 4,
});

const unwilling = (status: number): Case => ({
  says: `${status}`,
  does: "the line goes on to the next server, and leaves this one out for lineCool, 8 s here",
  servers: [{ register: [answers(status)] }],
  params: { ...REFRESH_5, lineCool: 8 },
  wire: [
    ...SERVES_BACKUP1,
    "5 backup1 signed 200",
    "10 backup1 signed 200",
    `0 primary ${status}`,
    `10 primary ${status}`,
  ],
  untilSeconds: 11.5,
});

/** 30 s is the least rejectRetry. */
const RESTS = { rejectRetry: 30 };

const REJECTIONS: readonly Case[] = [
  ...each(
    [400, 402, 403, 404, 405, 406, 410, 416, 420, 421, 439, 480, 481, 484, 486, 488, 493, 499],
    rejected,
  ),
  ...each([600, 603, 604, 606, 699], rejected),
  {
    says: "403, for ever",
    does: "asked again after rejectRetry·U(1, 1.1), 30 to 33 s here",
    servers: [{ register: [answers(403)] }],
    params: RESTS,
    wire: ["0 primary 403", "30..33 primary 403"],
    untilSeconds: 34.5,
  },
  {
    says: "403 with a longer Retry-After",
    does: "asked again after that, 35 s here",
    servers: [{ register: [answers(403, "Retry-After: 35")] }],
    params: RESTS,
    wire: ["0 primary 403", "35 primary 403"],
    untilSeconds: 36.5,
  },
  {
    says: "403, and `failoverOnReject`",
    does: "the next server at once; rests at this one",
    servers: [{ register: [answers(403)] }],
    params: { failoverOnReject: true },
    wire: ["0 primary 403", ...SERVES_BACKUP1],
    untilSeconds: 6.5,
  },
  {
    says: "403 from a backup",
    does: "the next server at once; rests at this one",
    servers: [{ register: [answers(503)] }, { register: [answers(403)] }],
    params: { ...REFRESH_5, lineCool: 1 },
    wire: [
      "0 primary 503",
      "0 backup1 403",
      ...SERVES_BACKUP2,
      "5 backup2 signed 200",
      "5 primary 503",
      "10 backup2 signed 200",
      "10 primary 503",
    ],
    untilSeconds: 11.5,
  },
  {
    says: "403 to a move back",
    does: "stays where it is; rests at this one",
    servers: [{ register: [answers(503), answers(403)] }],
    params: { ...REFRESH_5, lineCool: 1 },
    wire: [
      "0 primary 503",
      ...SERVES_BACKUP1,
      "5 backup1 signed 200",
      "5 primary 403",
      "10 backup1 signed 200",
    ],
    untilSeconds: 11.5,
  },
  {
    says: "403 to a refresh",
    does: "in service until the lease ends, then rests; no backup is asked",
    servers: [{ register: [grants(6), answers(403)] }],
    wire: ["0 primary 200", "3 primary 403"],
    untilSeconds: 8.5,
  },
];

const UNWILLING: readonly Case[] = [
  ...each([500, 501, 505, 513, 580, 599], unwilling),
  {
    says: "500 with `Retry-After: 7`",
    does: "left out for as long as it says, and not for lineCool, 3 s here",
    servers: [{ register: [answers(500, "Retry-After: 7")] }],
    params: { ...REFRESH_5, lineCool: 3 },
    wire: [
      ...SERVES_BACKUP1,
      "5 backup1 signed 200",
      "10 backup1 signed 200",
      "0 primary 500",
      "10 primary 500",
    ],
    untilSeconds: 11.5,
  },
  {
    says: "500 from the only server",
    does: "the next round asks it earlier, after 2 to 4 s here",
    servers: [{ register: [answers(500)] }],
    alone: true,
    params: { lineCool: 60, retryBase: 2 },
    wire: ["0 primary 500", "2..4 primary 500"],
    untilSeconds: 5.5,
  },
  {
    says: "500 with `Retry-After: 60` from the only server",
    does: "no round asks it earlier",
    servers: [{ register: [answers(500, "Retry-After: 60")] }],
    alone: true,
    params: { lineCool: 1, retryBase: 1 },
    wire: ["0 primary 500"],
    untilSeconds: 6.5,
  },
  {
    says: "500 to a refresh",
    does: "in service until the next server has taken over; asked again after lineCool",
    servers: [{ register: [grants(6), answers(500)] }],
    wire: ["0 primary 200", "3 primary 500", "3 backup1 bare 401", "3 backup1 signed 200", "8 primary 500"],
    untilSeconds: 9.5,
  },
];

/** Two lines, and only the second one has a fault. */
const ONE_OF_TWO: readonly Case[] = [
  {
    says: "403 to the second of two lines",
    does: "the second rests; the first notices nothing",
    servers: [{ register: [grants(60)], second: [answers(403)] }],
    lines: 2,
    params: REFRESH_5,
    wire: ["0 primary 200", "5 primary 200", "0 primary second 403"],
    untilSeconds: 6.5,
  },
  {
    says: "500 to the second of two lines",
    does: "the second goes to the backup; the first notices nothing",
    servers: [{ register: [grants(60)], second: [answers(500)] }],
    lines: 2,
    wire: [
      "0 primary 200",
      "0 primary second 500",
      "0 backup1 second bare 401",
      "0 backup1 second signed 200",
      "5 primary second 500",
    ],
    untilSeconds: 6.5,
  },
  {
    says: "503 to the second of two lines",
    does: "DOWN for both: both go to the backup",
    servers: [{ register: [grants(60)], second: [answers(503)] }],
    lines: 2,
    wire: [
      "0 primary 200",
      "0 primary second 503",
      ...SERVES_BACKUP1,
      "0 backup1 second bare 401",
      "0 backup1 second signed 200",
    ],
    untilSeconds: 4,
  },
  {
    says: "nothing to the second of two lines",
    does: "the second leaves this server out, and one heartbeat asks whether it lives; the first notices nothing",
    servers: [{ register: [grants(60)], second: [SILENCE] }],
    lines: 2,
    params: { registerRefreshInterval: 14 },
    wire: [
      "0 primary 200",
      "7 primary 200",
      "0 primary second silent x2",
      "1 primary OPTIONS 200",
      "1 backup1 second bare 401",
      "1 backup1 second signed 200",
      "6 primary second silent x2",
      "7 primary OPTIONS 200",
    ],
    untilSeconds: 7.8,
  },
];

export const REFUSING: Group = {
  title: "A refusal of this line",
  cases: [...REJECTIONS, ...UNWILLING, ...ONE_OF_TWO],
};
