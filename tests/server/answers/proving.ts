// 401 and 407: answered once, and not guessed. DESIGN.md D9; RFC 3261 §22.2, §22.3; RFC 7616 §3.3.

import { type Answer, answers, CONTACT, grants, type Reply } from "../script.ts";
import type { Case } from "./bed.ts";
import type { Group } from "./table.ts";

const digest = (nonce: string, more = "") =>
  `WWW-Authenticate: Digest realm="test.invalid", nonce="${nonce}"${more}`;
const challenge = (nonce: string, more?: string) => answers(401, digest(nonce, more));
const stale = (nonce: string) => challenge(nonce, ", stale=true");

const RESTS = "the credentials are refused: it rests at the primary, and no backup is asked";

const refused = (says: string, register: readonly Reply[], wire: readonly string[]): Case => ({
  says,
  does: RESTS,
  servers: [{ register }],
  wire,
  untilSeconds: 4,
});

const BARE = "0 primary bare 401";
const SIGNED = "0 primary signed 401";
const unanswerable = (says: string, ...headers: string[]) =>
  refused(says, [answers(401, ...headers)], [BARE]);

const GRANT: Answer = [200, `Contact: <${CONTACT}>;expires=4`];

export const PROVING: Group = {
  title: "A challenge",
  cases: [
    unanswerable("401 without a challenge"),
    unanswerable("401 with `Basic`", 'WWW-Authenticate: Basic realm="test.invalid"'),
    unanswerable("401 with an algorithm that nobody knows", digest("n1", ", algorithm=SHA3-999")),
    refused("401 to everything, the same nonce", [challenge("n1")], [BARE, SIGNED]),
    refused(
      "401 to everything, another nonce each time",
      ["n1", "n2", "n3", "n4"].map((n) => challenge(n)),
      [BARE, SIGNED],
    ),
    refused("401 to everything, `stale=true` each time", ["n1", "n2", "n3", "n4", "n5"].map(stale), [
      BARE,
      SIGNED,
      SIGNED,
    ]),
    {
      says: "401, then 401 with `stale=true`",
      does: "answered once more",
      servers: [{ register: [challenge("n1"), stale("n2"), grants(60)] }],
      wire: [BARE, SIGNED, "0 primary signed 200"],
      untilSeconds: 3,
    },
    {
      says: "407",
      does: "answered as 401",
      servers: [
        {
          register: [answers(407, 'Proxy-Authenticate: Digest realm="test.invalid", nonce="n1"'), grants(60)],
        },
      ],
      wire: ["0 primary bare 407", "0 primary signed 200"],
      untilSeconds: 3,
    },
    {
      says: "401 with a new nonce to each refresh",
      does: "answered once more: these credentials were accepted before",
      servers: [{ register: [challenge("n1"), [GRANT], challenge("n2"), [GRANT]] }],
      wire: [
        BARE,
        "0 primary signed 200",
        "2 primary signed 401",
        "2 primary signed 200",
        "4 primary signed 200",
      ],
      untilSeconds: 5.2,
    },
    {
      says: "401 with a new nonce to each REGISTER after the first grant",
      does: "answered once more; then in service until the lease ends, then rests",
      servers: [
        { register: [challenge("n1"), [GRANT], ...["n2", "n3", "n4", "n5"].map((n) => challenge(n))] },
      ],
      wire: [BARE, "0 primary signed 200", "2 primary signed 401", "2 primary signed 401"],
      untilSeconds: 7,
    },
  ],
};
