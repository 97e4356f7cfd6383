// What is said to a heartbeat, and what it says of the server. DESIGN.md D10, D11; RFC 3261 §11.
//
// The serving server is asked every second, and one miss is forgiven. The Kamailio answers all of them.

import { answers, grants, type Reply, SILENCE } from "../script.ts";
import type { Case } from "./bed.ts";
import { each, type Group } from "./table.ts";

const EVERY_SECOND = { primaryDetectInterval: 5, sipOptions: true, sipOptionsInterval: 1 };
const STRICT = { ...EVERY_SECOND, detectAnswer: "2xx" };
const KNOWN = answers(200);

/** The registrar serves; only its heartbeats are odd. */
const heartbeats = (
  says: string,
  does: string,
  options: readonly Reply[],
  wire: readonly string[],
  params: Case["params"] = EVERY_SECOND,
): Case => ({
  says,
  does,
  servers: [{ register: [grants(60)], options }],
  params,
  wire: ["0 primary 200", ...wire],
  untilSeconds: 4.6,
});

/** Heartbeats from 1 s on, each with its status. */
const asked = (...statuses: number[]) =>
  statuses.map((status, index) => `${index + 1} primary OPTIONS ${status}`);

/** The backup serves from `at` on, and is asked every second. */
const left = (at: number) => [
  `${at} backup1 bare 401`,
  `${at} backup1 signed 200`,
  ...[4].filter((point) => point > at).map((point) => `${point} backup1 OPTIONS 200`),
];

const good = (params: Case["params"]) => (status: number) =>
  heartbeats(
    `${status}`,
    "a good word",
    [KNOWN, answers(status)],
    asked(200, status, status, status),
    params,
  );

const missed = (params: Case["params"]) => (status: number) =>
  heartbeats(
    `${status}`,
    "a miss: after the second in a row DOWN, and the backup serves",
    [KNOWN, answers(status)],
    [...asked(200, status, status), ...left(3)],
    params,
  );

export const HEARTBEATS: Group = {
  title: "An answer to a heartbeat",
  cases: [
    ...each(
      [202, 400, 401, 403, 404, 405, 407, 423, 480, 481, 486, 501, 505, 513, 600, 603],
      good(EVERY_SECOND),
    ),
    ...each([408, 502, 503, 504], missed(EVERY_SECOND)),
    {
      // The points at 3, 4 and 5 s are skipped while it is waited for an answer.
      ...heartbeats(
        "nothing",
        "a miss after optionsTimeout, 3.5 s here; the next is asked at the next full second",
        [KNOWN, SILENCE],
        ["1 primary OPTIONS 200", "2 primary OPTIONS silent", "6 primary OPTIONS silent", ...left(9.5)],
        { ...EVERY_SECOND, optionsTimeout: 3_500 },
      ),
      untilSeconds: 9.9,
    },
    heartbeats("500", "neither good nor a miss", [KNOWN, answers(500)], asked(200, 500, 500, 500)),
    heartbeats(
      "502, 500, 502",
      "a row of misses that the 500 does not break",
      [KNOWN, answers(502), answers(500), answers(502)],
      [...asked(200, 502, 500, 502), ...left(4)],
    ),
    heartbeats(
      "502, 404, 502",
      "two single misses",
      [KNOWN, answers(502), answers(404), answers(502), KNOWN],
      asked(200, 502, 404, 502),
    ),
    {
      ...heartbeats(
        "503 with `Retry-After: 600`, twice, then 200",
        "the pause is ignored: back with the first good word, at 5 s",
        [KNOWN, answers(503, "Retry-After: 600"), answers(503, "Retry-After: 600"), KNOWN],
        [
          ...asked(200, 503, 503),
          ...left(3),
          "5 backup1 OPTIONS 200",
          "5 primary OPTIONS 200",
          "5 primary 200",
          "5 backup1 removal signed 200",
        ],
      ),
      untilSeconds: 5.7,
    },
    heartbeats(
      "302, once",
      "its lines register again there",
      [KNOWN, answers(302, "Contact: <sip:{backup1}>"), KNOWN],
      [...asked(200, 302, 200, 200), "2 primary 200"],
    ),
    heartbeats(
      "302 to each, and `registerSpacing = 2000`",
      "its lines register again there, and no more often than that",
      [answers(302, "Contact: <sip:{backup1}>")],
      [...asked(302, 302, 302, 302), "2 primary 200", "4 primary 200"],
      { ...EVERY_SECOND, registerSpacing: 2_000 },
    ),
    heartbeats(
      "502 from the first one on",
      "a server that never answered one well: after each second miss its line registers again, and that decides",
      [answers(502)],
      [...asked(502, 502, 502, 502), "2 primary 200", "4 primary 200"],
    ),
  ],
};

export const STRICT_HEARTBEATS: Group = {
  title: "An answer to a heartbeat, with `detectAnswer = 2xx`",
  cases: [
    ...each([200, 202, 299], good(STRICT)),
    ...each([400, 404, 405, 481, 500, 501, 600], missed(STRICT)),
  ],
};

/** A heartbeat every 3 s is missed at 6 s; the refresh at 7.5 s is refused; heartbeats go on to be missed. */
const between = (status: number, does: string, misses: number): Case => ({
  says: `${status}`,
  does,
  servers: [{ register: [grants(15), answers(status)], options: [KNOWN, answers(502)] }],
  params: { ...EVERY_SECOND, sipOptionsInterval: 3 },
  wire: [
    "0 primary 200",
    "3 primary OPTIONS 200",
    ...Array.from({ length: misses }, (_, index) => `${6 + 3 * index} primary OPTIONS 502`),
    `7.5 primary ${status}`,
    ...left(3 + 3 * misses),
  ],
  untilSeconds: 3.7 + 3 * misses,
});

export const COUNTED: Group = {
  title: "An answer to a REGISTER between two missed heartbeats",
  cases: [
    ...each([403, 404, 480], (status) =>
      between(status, "good: the row of misses is broken, so DOWN at 12 s", 3),
    ),
    ...each([600, 603], (status) => between(status, "neutral: the row goes on, so DOWN at 9 s", 2)),
  ],
};
