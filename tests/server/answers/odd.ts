// Answers too many, and answers to what was not asked. DESIGN.md D15; RFC 3261 §17.1.3, §8.1.3.3; RFC 5626 §11.5, §11.6.

import { type Answer, answers, CONTACT, grants } from "../script.ts";
import { type Group, REFRESH_5, SERVES_BACKUP1 } from "./table.ts";

const CHALLENGE: Answer = [401, 'WWW-Authenticate: Digest realm="test.invalid", nonce="n1"'];
const OURS = `Contact: <${CONTACT}>;expires=60`;
const GRANT: Answer = [200, OURS];
const REDIRECT: Answer = [302, "Contact: <sip:{backup1}>"];

/** Grants that each differ from what was asked in one thing that a guess would not know. */
const FORGED: readonly Answer[] = [
  [200, "Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKforged", OURS],
  [200, "Call-ID: forged", OURS],
  [200, "From: <sip:{first}@test.invalid>;tag=forged", OURS],
  [200, "CSeq: 77 REGISTER", OURS],
  [200, "CSeq: 1 INVITE", OURS],
  [200, "CSeq: 1 OPTIONS", OURS],
];

export const ODD: Group = {
  title: "Odd answers",
  cases: [
    {
      says: "each answer twice",
      does: "the second copy is counted, and nothing else",
      servers: [
        {
          register: [
            [CHALLENGE, CHALLENGE],
            [GRANT, GRANT],
          ],
        },
      ],
      params: REFRESH_5,
      wire: ["0 primary bare 401", "0 primary signed 200", "5 primary signed 200"],
      untilSeconds: 6.5,
    },
    {
      says: "302 to a backup, twice",
      does: "followed once",
      servers: [{ register: [[REDIRECT, REDIRECT]] }],
      wire: ["0 primary 302", ...SERVES_BACKUP1],
      untilSeconds: 4,
    },
    {
      says: "200 to six requests that were not sent, then 503",
      does: "the 503 counts",
      servers: [{ register: [[...FORGED, [503]]] }],
      wire: ["0 primary 503", ...SERVES_BACKUP1],
      untilSeconds: 4,
    },
    {
      says: "200 to six requests that were not sent, and nothing else",
      does: "given up after registerTimeout, 4 s here",
      servers: [{ register: [FORGED] }],
      wire: ["0 primary 200 x4", "4 backup1 bare 401", "4 backup1 signed 200"],
      untilSeconds: 6,
    },
    {
      says: "430, then 200",
      does: "asked once more",
      servers: [{ register: [answers(430), grants(60)] }],
      wire: ["0 primary 430", "0 primary 200"],
      untilSeconds: 3,
    },
    {
      says: "439, and `outbound`",
      does: "asked once more, and from then on, without outbound",
      servers: [{ register: [answers(439), grants(4)] }],
      params: { outbound: true },
      wire: ["0 primary outbound 439", "0 primary 200", "2 primary 200"],
      untilSeconds: 3.2,
    },
    {
      says: "439 for ever, and `outbound`",
      does: "asked once more without, then as any other 4xx",
      servers: [{ register: [answers(439)] }],
      params: { outbound: true },
      wire: ["0 primary outbound 439", "0 primary 439"],
      untilSeconds: 4,
    },
    {
      says: "430 for ever",
      does: "asked once more, then as any other 4xx",
      servers: [{ register: [answers(430)] }],
      wire: ["0 primary 430", "0 primary 430"],
      untilSeconds: 4,
    },
  ],
};
