// Where JsSIP reads a message otherwise than it is meant, and why it is the one that is wrong.
//
// A row explains the fields it names in messages whose text fits; `refused` is the whole message. What no row
// explains fails the test, and so does a row that explains nothing.

import type { Field } from "./headers.ts";

export type Explanation = {
  readonly fields: readonly (Field | "refused")[];
  readonly when: RegExp;
  readonly why: string;
};

/** The first header line of that name. */
const VIA = "\\n(?:via|v)[ \\t]*:";

export const EXPLAINED: readonly Explanation[] = [
  {
    fields: ["sentBy", "branch", "received", "rport"],
    when: new RegExp(`${VIA}(?:[^,"\\r]|"(?:[^"\\\\]|\\\\.)*"|\\r\\n[ \\t])*,`, "i"),
    why: "of several Via values in a line it keeps the last: RFC 3261 §7.3.1, the topmost is the first",
  },
  {
    fields: ["contacts"],
    when: /sips?:[^@>\s]*:(secret)?@/i,
    why: "it counts the password among the user: RFC 3261 §25.1, userinfo",
  },
  {
    fields: ["challenge", "proxyChallenge"],
    when: /qop=auth/,
    why: "it passes over a qop without quotes, which servers write: the grammar of RFC 3261 §25.1 has quotes",
  },
  {
    fields: ["refused"],
    when: /algorithm=MD5-sess/,
    why: "it reads MD5 and stumbles over the rest: RFC 3261 §25.1, algorithm",
  },
  {
    fields: ["refused"],
    when: /REGISTERS/,
    why: "it reads REGISTER and stumbles over the rest: RFC 3261 §25.1, Method is a token",
  },
  {
    fields: ["refused"],
    when: /\.org\./,
    why: "it refuses the dot behind the last label: RFC 3261 §25.1, hostname",
  },
  {
    fields: ["refused"],
    when: /rport\s*=\s*0\d{5,}/i,
    why: "it takes at most five digits: RFC 3581 §3, response-port is 1*DIGIT",
  },
  {
    fields: ["refused"],
    when: /\n(?:contact|m)[ \t]*:[\s\S]*\*/i,
    why: "it takes a display name that begins with * for the Contact *: RFC 3261 §25.1, token",
  },
];
