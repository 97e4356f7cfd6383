// What rejects the account: the line rests there. DESIGN.md D8; RFC 3261 §21.4, §21.6.

import { answers, grants } from "../script.ts";
import type { Case } from "./bed.ts";
import { each, type Group, REFRESH_5, SERVES_BACKUP1, SERVES_BACKUP2 } from "./table.ts";

const rejected = (status: number): Case => ({
  says: `${status}`,
  does: "the account is rejected: it rests at the primary, and no backup is asked",
  servers: [{ register: [answers(status)] }],
  wire: [`0 primary ${status}`],
  untilSeconds: 4,
});

/** 30 s is the least rejectRetry. */
const RESTS = { rejectRetry: 30 };

export const REFUSING: Group = {
  title: "A rejection of the account",
  cases: [
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
  ],
};
