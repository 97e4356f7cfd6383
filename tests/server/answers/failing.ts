// What speaks of the server: it is DOWN, or COOLING, for everybody. DESIGN.md D10, D18; RFC 3261 §20.33, §21.5.

import { type Answer, answers, CONTACT, grants, type Reply, SILENCE } from "../script.ts";
import { type Case, NOBODY } from "./bed.ts";
import { each, type Group, REFRESH_5, SERVES_BACKUP1 } from "./table.ts";

const DOWN = "DOWN: the next server at once; without heartbeats asked again with each refresh there";

const failed = (status: number): Case => ({
  says: `${status}`,
  does: DOWN,
  servers: [{ register: [answers(status)] }],
  params: { ...REFRESH_5, lineCool: 60 },
  wire: [...SERVES_BACKUP1, "5 backup1 signed 200", `0 primary ${status}`, `5 primary ${status}`],
  untilSeconds: 6.5,
});

/** No answer for 4 s, four copies: what ends it is the time. */
const silent = (says: string, reply: Reply, shows: string): Case => ({
  says,
  does: "given up after registerTimeout, 4 s here, then as 408",
  servers: [{ register: [reply] }],
  params: { ...REFRESH_5, lineCool: 60 },
  wire: [
    `0 primary ${shows} x4`,
    "4 backup1 bare 401",
    "4 backup1 signed 200",
    "9 backup1 signed 200",
    `9 primary ${shows} x4`,
  ],
  untilSeconds: 13.5,
});

/** One server and nobody else: the next REGISTER is the end of its cooling. */
const cooling = (retryAfter: string, seconds: number): Case => ({
  says: `503 with \`Retry-After: ${retryAfter}\``,
  does: `COOLING: asked again after ${seconds} s`,
  servers: [{ register: [answers(503, `Retry-After: ${retryAfter}`)] }],
  alone: true,
  wire: ["0 primary 503", `${seconds} primary 503`],
  untilSeconds: seconds + 1.5,
});

/** One server that is DOWN: the next REGISTER is the next round, 2 to 4 s later. */
const notCooling = (status: number, retryAfter: string, why: string): Case => ({
  says: `${status} with \`Retry-After: ${retryAfter}\``,
  does: `${why}: DOWN, asked again in the next round, after 2 to 4 s here`,
  servers: [{ register: [answers(status, `Retry-After: ${retryAfter}`)] }],
  alone: true,
  params: { retryBase: 2 },
  wire: [`0 primary ${status}`, `2..4 primary ${status}`],
  untilSeconds: 5.5,
});

const FAILURES: readonly Answer[] = [[408], [503], [503, "Retry-After: 60"]];

const MALFORMED = "not a number of seconds";

export const FAILING: Group = {
  title: "An answer that says that the server does not serve",
  cases: [
    ...each([408, 502, 503, 504], failed),
    silent("nothing", SILENCE, "silent"),
    silent("100 to each copy, for ever", answers(100), "100"),
    {
      says: "nothing, and `registerTimeout = 0`",
      does: "given up after 64·T1 = 32 s; repeats double up to T2",
      servers: [{ register: [SILENCE] }],
      params: { registerTimeout: 0 },
      // At 0, 0.5, 1.5, 3.5, 7.5, 11.5 and so on to 31.5.
      wire: ["0 primary silent x11", "32 backup1 bare 401", "32 backup1 signed 200"],
      untilSeconds: 33.5,
    },
    {
      says: "nobody listens there: ICMP",
      does: "as 408, at once: nothing is repeated",
      servers: [NOBODY],
      params: { ...REFRESH_5, lineCool: 60 },
      wire: ["0 primary silent x1", ...SERVES_BACKUP1, "5 backup1 signed 200", "5 primary silent x1"],
      untilSeconds: 6.5,
    },
    {
      says: "200 after 0.7 s",
      does: "bound: the second copy of the request, at 0.5 s, costs nothing",
      servers: [{ register: [[700, ...grants(60)], grants(60)] }],
      wire: ["0 primary 200 x2"],
      untilSeconds: 4,
    },
    {
      says: "100, and 200 after 0.7 s",
      does: "bound: the second copy of the request, at 0.5 s, costs nothing",
      servers: [{ register: [[[100], 700, ...grants(60)], grants(60)] }],
      wire: ["0 primary 200 x2"],
      untilSeconds: 4,
    },
    {
      says: "200 after 6 s",
      does: "too late: the backup serves, and the late answer moves nobody",
      servers: [{ register: [[6_000, [200, `Contact: <${CONTACT}>;expires=60`]]] }],
      wire: ["0 primary 200 x4", "4 backup1 bare 401", "4 backup1 signed 200"],
      untilSeconds: 8,
    },
    {
      says: "302 after 2.2 s from two servers, to the next one each, then nothing",
      does: "the whole attempt is given up after twice registerTimeout, 8 s here",
      servers: [
        { register: [[2_200, [302, "Contact: <sip:{backup1}>"]]] },
        { register: [[2_200, [302, "Contact: <sip:{backup2}>"]]] },
        { register: [SILENCE] },
      ],
      params: { lineCool: 60 },
      wire: [
        "0 primary 302 x3",
        "2.2 backup1 302 x3",
        "4.4 backup2 silent x4",
        "8 backup3 bare 401",
        "8 backup3 signed 200",
      ],
      untilSeconds: 10,
    },
    ...FAILURES.map(
      (answer): Case => ({
        says: `${answer.join(" with ")} to a refresh`,
        does: "out of service at once, whatever is left of the lease; the next server serves",
        servers: [{ register: [grants(6), [answer]] }],
        wire: ["0 primary 200", `3 primary ${answer[0]}`, "3 backup1 bare 401", "3 backup1 signed 200"],
        untilSeconds: 6.5,
      }),
    ),
    ...["0", "1", "5"].map((seconds) => cooling(seconds, 5)),
    ...["7", "7;duration=3600", "7 (maintenance)"].map((seconds) => cooling(seconds, 7)),
    ...["1000000000", "4294967297", "99999999999999999999"].map(
      (huge): Case => ({
        ...cooling(huge, 6),
        does: "COOLING: asked again after retryAfterMax, 6 s here",
        params: { retryAfterMax: 6 },
      }),
    ),
    ...["soon", "-1", "1.5", "Fri, 01 Jan 2027 00:00:00 GMT", ""].map((text) =>
      notCooling(503, text, MALFORMED),
    ),
    ...[408, 502, 504].map((status) => notCooling(status, "60", "only a 503 may ask for a pause of all")),
    {
      says: "503 with `Retry-After: 8`, and a backup",
      does: "COOLING: not asked with the refresh at 5 s, but with the one after",
      servers: [{ register: [answers(503, "Retry-After: 8")] }],
      params: REFRESH_5,
      wire: [
        ...SERVES_BACKUP1,
        "5 backup1 signed 200",
        "10 backup1 signed 200",
        "0 primary 503",
        "10 primary 503",
      ],
      untilSeconds: 11.5,
    },
    {
      says: "503 from all servers, with `Retry-After: 7` and `3`",
      does: "each is asked when its own time is over",
      servers: [
        { register: [answers(503, "Retry-After: 7")] },
        { register: [answers(503, "Retry-After: 3")] },
      ],
      alone: true,
      wire: ["0 primary 503", "0 backup1 503", "5 backup1 503", "7 primary 503", "10 backup1 503"],
      untilSeconds: 11.5,
    },
  ],
};
