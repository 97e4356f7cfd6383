// 3xx to a REGISTER: followed inside the set, and nowhere else. DESIGN.md D12; RFC 3261 §8.1.3.4, §21.3.

import { answers, grants } from "../script.ts";
import type { Case } from "./bed.ts";
import { each, type Group, SERVES_BACKUP1, SERVES_BACKUP2 } from "./table.ts";

const to = (...places: string[]) => `Contact: ${places.map((place) => `<sip:${place}>`).join(", ")}`;

/** A backup between the sender and the Kamailio: whether a redirect was followed shows in who is passed over. */
const BETWEEN = { register: [grants(60)] };

/** Sent off at 0, and again when `lineCool` is over: then it is a move back. */
const SENT_OFF = (status: number) => [`0 primary ${status}`, `5 primary ${status}`];
const NOT_FOLLOWED = "not followed: the next server by rank; the sender is left out for lineCool, 5 s here";

const followed = (status: number): Case => ({
  says: `${status}`,
  does: "goes to the server named, at once; the sender is left out for lineCool, 5 s here",
  servers: [{ register: [answers(status, to("{backup2}"))] }, BETWEEN],
  wire: [...SENT_OFF(status), ...SERVES_BACKUP2],
  untilSeconds: 6.5,
});

const notFollowed = (status: number): Case => ({
  says: `${status}`,
  does: NOT_FOLLOWED,
  servers: [{ register: [answers(status, to("{backup2}"))] }, BETWEEN],
  wire: [...SENT_OFF(status), "0 backup1 200"],
  untilSeconds: 6.5,
});

/** 302 with a Contact that leads nowhere. */
const useless = (says: string, does: string, ...headers: string[]): Case => ({
  says,
  does,
  servers: [{ register: [answers(302, ...headers)] }],
  wire: [...SENT_OFF(302), ...SERVES_BACKUP1],
  untilSeconds: 6.5,
});

export const REDIRECTS: Group = {
  title: "A redirect to a REGISTER",
  cases: [
    ...each([301, 302, 305], followed),
    ...each([300, 380, 399], notFollowed),
    useless("302 to itself", NOT_FOLLOWED, to("{primary}")),
    useless("302 to a stranger", `${NOT_FOLLOWED}; the stranger gets no packet`, to("{stranger}")),
    useless("302 to a name that is none of the set", NOT_FOLLOWED, to("6001@elsewhere.test.invalid")),
    useless("302 with a Contact that is no SIP URI", NOT_FOLLOWED, "Contact: <mailto:a@test.invalid>"),
    useless("302 without a Contact", NOT_FOLLOWED),
    {
      says: "302 to a stranger first, then by falling q to both backups",
      does: "goes to the best one of the set; from there the next redirect leads further up",
      servers: [
        {
          register: [
            answers(
              302,
              "Contact: <sip:{backup1}>;q=0.3, <sip:{stranger}>;q=1.0",
              "Contact: <sip:{backup2}>;q=0.7",
            ),
          ],
        },
        BETWEEN,
      ],
      wire: [...SENT_OFF(302), ...SERVES_BACKUP2, "5 backup1 200", "5 backup2 removal signed 200"],
      untilSeconds: 6.5,
    },
    {
      says: "302, and `redirect = never`",
      does: NOT_FOLLOWED,
      servers: [{ register: [answers(302, to("{backup2}"))] }, BETWEEN],
      params: { redirect: "never" },
      wire: [...SENT_OFF(302), "0 backup1 200"],
      untilSeconds: 6.5,
    },
    {
      says: "302 from two servers to each other, and a third one",
      does: "each is asked once; the third serves",
      servers: [{ register: [answers(302, to("{backup1}"))] }, { register: [answers(302, to("{primary}"))] }],
      wire: [...SENT_OFF(302), "0 backup1 302", "5 backup1 302", ...SERVES_BACKUP2],
      untilSeconds: 6.5,
    },
    {
      says: "302 from two servers to each other, and nobody else",
      does: "each is asked once in a round; then the wait, 2 to 4 s here",
      servers: [{ register: [answers(302, to("{backup1}"))] }, { register: [answers(302, to("{primary}"))] }],
      alone: true,
      params: { lineCool: 60, retryBase: 2 },
      wire: ["0 primary 302", "0 backup1 302", "2..4 primary 302", "2..4 backup1 302"],
      untilSeconds: 5.5,
    },
    {
      says: "302 to a backup that is DOWN",
      does: "not followed",
      servers: [
        { register: [answers(503), answers(302, to("{backup1}"))] },
        { register: [answers(503), ...BETWEEN.register] },
      ],
      params: { registerRefreshInterval: 10 },
      wire: ["0 primary 503", "0 backup1 503", ...SERVES_BACKUP2, "5 backup2 signed 200", "5 primary 302"],
      untilSeconds: 6.5,
    },
    {
      says: "302 to a refresh",
      does: "moves without a gap; the sender is asked again after lineCool",
      servers: [{ register: [grants(4), answers(302, to("{backup1}"))] }],
      wire: ["0 primary 200", "2 primary 302", "2 backup1 bare 401", "2 backup1 signed 200", "7 primary 302"],
      untilSeconds: 8.5,
    },
    {
      says: "302 to a move back, to a server above the one in use",
      does: "followed, as a move back: then the binding that is left is removed",
      servers: [{ register: [answers(302, to("{backup2}")), answers(302, to("{backup1}"))] }, BETWEEN],
      wire: [...SENT_OFF(302), ...SERVES_BACKUP2, "5 backup1 200", "5 backup2 removal signed 200"],
      untilSeconds: 6.5,
    },
  ],
};
