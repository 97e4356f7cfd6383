// 2xx and 423: how long, and for whom. DESIGN.md D7, D9; RFC 3261 §10.2.4, §10.2.8, §10.3.

import { answers, CONTACT, grants, type Reply } from "../script.ts";
import type { Case } from "./bed.ts";
import { each, type Group, REFRESH_5, SERVES_BACKUP1 } from "./table.ts";

/** Bound, and refreshed every so often. */
const bound = (says: string, does: string, reply: Reply, moments: readonly number[]): Case => ({
  says,
  does,
  servers: [{ register: [reply] }],
  params: REFRESH_5,
  wire: moments.map((at) => `${at} primary 200`),
  untilSeconds: (moments.at(-1) ?? 0) + 0.7,
});

const LEFT_OUT = "no binding: the next server at once; this one is left out for lineCool, 5 s here";

const notBound = (says: string, reply: Reply): Case => ({
  says,
  does: LEFT_OUT,
  servers: [{ register: [reply] }],
  wire: ["0 primary 200", ...SERVES_BACKUP1, "5 primary 200"],
  untilSeconds: 6.5,
});

const STRANGER = "<sip:6001@192.0.2.1>;expires=60";
const FULL = "a longer grant counts as what was asked: refreshed after 5 s of 10";

export const GRANTING: Group = {
  title: "A grant",
  cases: [
    notBound("200 for 0 s", grants(0)),
    notBound("200 for 1 s, not longer than registerSpacing", grants(1)),
    {
      says: "200 for 1 s, and `registerSpacing = 500`",
      does: "refreshed at half of it",
      servers: [{ register: [grants(1)] }],
      params: { registerSpacing: 500 },
      wire: [0, 0.5, 1, 1.5, 2].map((at) => `${at} primary 200`),
      untilSeconds: 2.4,
    },
    bound("200 for 2 s", "refreshed at half of it", grants(2), [0, 1, 2, 3]),
    bound("200 for 3 s", "refreshed at half of it, and 10 s asked each time", grants(3), [0, 1.5, 3]),
    bound("200 for 2^31 s", FULL, grants(2n ** 31n), [0, 5]),
    bound("200 for 2^32 s", FULL, grants(2n ** 32n), [0, 5]),
    bound("200 for 10^20 s", FULL, grants(10n ** 20n), [0, 5]),
    notBound("200 with the Contact of somebody else", answers(200, `Contact: ${STRANGER}`)),
    notBound("200 with no Contact and no Expires", answers(200)),
    notBound("200 with `Contact: *`", answers(200, "Contact: *", "Expires: 60")),
    notBound(
      "200 with our user and host, but another phone's mark",
      answers(200, "Contact: <sip:{first}@127.0.0.1:5060;sf=000000000000>;expires=60"),
    ),
    bound(
      "200 with several Contacts, ours for 4 s",
      "ours counts",
      answers(200, `Contact: ${STRANGER}, <${CONTACT}>;expires=4`, "Contact: <sip:9@192.0.2.9>;expires=3600"),
      [0, 2],
    ),
    bound(
      "200 with our Contact twice, for 2 s and for 4 s",
      "the longer one counts",
      answers(200, `Contact: <${CONTACT}>;expires=2`, `Contact: <${CONTACT}>;expires=4`),
      [0, 2],
    ),
    bound("200 with no Contact and `Expires: 4`", "bound for that long", answers(200, "Expires: 4"), [0, 2]),
    bound(
      "200 with our Contact, the time in `Expires: 4`",
      "bound for that long",
      answers(200, `Contact: <${CONTACT}>`, "Expires: 4"),
      [0, 2],
    ),
    bound(
      "200 with our Contact for 4 s and `Expires: 10`",
      "the Contact counts",
      answers(200, `Contact: <${CONTACT}>;expires=4`, "Expires: 10"),
      [0, 2],
    ),
    bound(
      "200 with our Contact and no time",
      "bound for as long as was asked",
      answers(200, `Contact: <${CONTACT}>`),
      [0, 5],
    ),
    ...each([202, 299], (status) => ({
      says: `${status}`,
      does: "as 200",
      servers: [{ register: [answers(status, `Contact: <${CONTACT}>;expires=4`)] }],
      wire: [`0 primary ${status}`, `2 primary ${status}`],
      untilSeconds: 3.2,
    })),
  ],
};

const tooBrief = (says: string, ...headers: string[]): Case => ({
  says,
  does: "cannot be met: the next server at once; this one is left out for lineCool, 5 s here",
  servers: [{ register: [answers(423, ...headers)] }],
  wire: ["0 primary asks 60 423", ...SERVES_BACKUP1, "5 primary asks 60 423"],
  untilSeconds: 6.5,
});

const wants = (seconds: number) => answers(423, `Min-Expires: ${seconds}`);

export const TOO_BRIEF: Group = {
  title: "423, to a REGISTER that asks for 60 s",
  cases: [
    tooBrief("no Min-Expires"),
    ...["0", "30", "60", "86401", "4294967296", "99999999999999999999", "long"].map((text) =>
      tooBrief(`\`Min-Expires: ${text}\``, `Min-Expires: ${text}`),
    ),
    {
      says: "`Min-Expires: 90`",
      does: "asked for at once, and from then on",
      servers: [{ register: [wants(90), grants(4)] }],
      wire: ["0 primary asks 60 423", "0 primary asks 90 200", "2 primary asks 90 200"],
      untilSeconds: 3.2,
    },
    {
      says: "`Min-Expires: 86400`",
      does: "a day is the longest that is asked for",
      servers: [{ register: [wants(86_400), grants(60)] }],
      wire: ["0 primary asks 60 423", "0 primary asks 86400 200"],
      untilSeconds: 3,
    },
    {
      says: "`Min-Expires: 90`, then `120`",
      does: "once in an attempt; the second 423 leaves it out for lineCool, and the next attempt starts with 90",
      servers: [{ register: [wants(90), wants(120), wants(120), grants(60)] }],
      wire: [
        "0 primary asks 60 423",
        "0 primary asks 90 423",
        "0 backup1 bare asks 60 401",
        "0 backup1 signed asks 60 200",
        "5 primary asks 90 423",
        "5 primary asks 120 200",
        "5 backup1 removal signed 200",
      ],
      untilSeconds: 6.5,
    },
    {
      says: "`Min-Expires: 90` to credentials",
      does: "asked for with the same nonce",
      servers: [
        {
          register: [
            answers(401, 'WWW-Authenticate: Digest realm="test.invalid", nonce="n"'),
            wants(90),
            grants(60),
          ],
        },
      ],
      wire: ["0 primary bare asks 60 401", "0 primary signed asks 60 423", "0 primary signed asks 90 200"],
      untilSeconds: 3,
    },
  ],
};
