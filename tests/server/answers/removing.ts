// What a server says when the binding that a move back leaves there is removed: nothing follows from it. DESIGN.md D13.
//
// The primary fails once and then serves, so the line comes back with its first refresh, at 5 s, and the backup is asked
// to forget it. When the primary fails again, at 10 s, the backup is asked at once: its word at 5 s was not held against it.

import { answers, grants, type Reply, SILENCE } from "../script.ts";
import type { Case } from "./bed.ts";
import { type Group, REFRESH_5 } from "./table.ts";

const BACK_AND_GONE = { register: [answers(503), grants(60), answers(503)] };

const removal = (says: string, does: string, replies: readonly Reply[], wire: readonly string[]): Case => ({
  says,
  does,
  servers: [BACK_AND_GONE, { register: [grants(60), grants(60), ...replies, grants(60)] }],
  alone: true,
  params: REFRESH_5,
  wire: [
    "0 primary 503",
    "0 backup1 200",
    "5 backup1 200",
    "5 primary 200",
    ...wire,
    "10 primary 503",
    "10 backup1 200",
  ],
  untilSeconds: 11.5,
});

const challenge = (nonce: string) =>
  answers(401, `WWW-Authenticate: Digest realm="test.invalid", nonce="${nonce}"`);

export const REMOVING: Group = {
  title: "An answer to the removal of a binding",
  cases: [
    removal("200", "done", [answers(200)], ["5 backup1 removal 200"]),
    ...[403, 404, 423, 500].map((status) =>
      removal(
        `${status}`,
        "the binding is left to lapse",
        [answers(status)],
        [`5 backup1 removal ${status}`],
      ),
    ),
    removal(
      "503 with `Retry-After: 60`",
      "no pause",
      [answers(503, "Retry-After: 60")],
      ["5 backup1 removal 503"],
    ),
    removal(
      "401, twice",
      "answered once, and left at that",
      [challenge("n1"), challenge("n2")],
      ["5 backup1 removal bare 401", "5 backup1 removal signed 401"],
    ),
    removal(
      "302 to the primary",
      "not followed",
      [answers(302, "Contact: <sip:{primary}>")],
      ["5 backup1 removal 302"],
    ),
    removal("nothing", "given up after registerTimeout", [SILENCE], ["5 backup1 removal silent x4"]),
  ],
};
