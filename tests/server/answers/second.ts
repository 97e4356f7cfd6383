// Two lines at one server, which has a fault for the second one only. DESIGN.md D10.

import { answers, grants, SILENCE } from "../script.ts";
import type { Case } from "./bed.ts";
import { type Group, REFRESH_5, SERVES_BACKUP1 } from "./table.ts";

/** The second of two lines is sent to the backup, and sent off again when lineCool is over. */
const leftOut = (status: number, ...headers: string[]): Case => ({
  says: `${status}`,
  does: "the second goes to the backup; the first notices nothing",
  servers: [{ register: [grants(60)], second: [answers(status, ...headers)] }],
  lines: 2,
  wire: [
    "0 primary 200",
    `0 primary second ${status}`,
    "0 backup1 second bare 401",
    "0 backup1 second signed 200",
    `5 primary second ${status}`,
  ],
  untilSeconds: 6.5,
});

export const SECOND: Group = {
  title: "An answer",
  cases: [
    leftOut(500),
    leftOut(423),
    leftOut(302, "Contact: <sip:{backup1}>"),
    {
      says: "401 to all credentials",
      does: "the second rests; the first notices nothing",
      servers: [
        {
          register: [grants(60)],
          second: [answers(401, 'WWW-Authenticate: Digest realm="test.invalid", nonce="n"')],
        },
      ],
      lines: 2,
      params: REFRESH_5,
      wire: ["0 primary 200", "5 primary 200", "0 primary second bare 401", "0 primary second signed 401"],
      untilSeconds: 6.5,
    },
    {
      says: "403",
      does: "the second rests; the first notices nothing",
      servers: [{ register: [grants(60)], second: [answers(403)] }],
      lines: 2,
      params: REFRESH_5,
      wire: ["0 primary 200", "5 primary 200", "0 primary second 403"],
      untilSeconds: 6.5,
    },
    {
      says: "503",
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
      says: "nothing",
      does: "the second leaves this server out, and one heartbeat asks whether it lives; the first notices nothing",
      servers: [{ register: [grants(60)], second: [SILENCE] }],
      lines: 2,
      params: { registerRefreshInterval: 22 },
      wire: [
        "0 primary 200",
        "11 primary 200",
        "0 primary second silent x4",
        "4 primary OPTIONS 200",
        "4 backup1 second bare 401",
        "4 backup1 second signed 200",
        "9 primary second silent x4",
        "13 primary OPTIONS 200",
      ],
      untilSeconds: 14,
    },
  ],
};
