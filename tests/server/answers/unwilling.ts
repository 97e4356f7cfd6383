// What refuses this line for now: it goes on to the next server. DESIGN.md D8, D18; RFC 3261 §21.5.1.

import { answers, grants } from "../script.ts";
import type { Case } from "./bed.ts";
import { each, type Group, REFRESH_5, SERVES_BACKUP1 } from "./table.ts";

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

export const UNWILLING: Group = {
  title: "A refusal of the line, for now",
  cases: [
    ...each([500, 501, 505, 513, 580, 599], unwilling),
    {
      says: "500 with `Retry-After: 8`",
      does: "left out for as long as it says, and not for lineCool, 3 s here",
      servers: [{ register: [answers(500, "Retry-After: 8")] }],
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
  ],
};
