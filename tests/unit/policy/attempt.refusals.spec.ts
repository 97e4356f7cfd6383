// What an answer that refuses means for the line that asked: for now, for good, or elsewhere; with the times that follow.

import { FAILOVER_ON_REJECT, LINE_COOL, REJECT_RETRY } from "../../../assembly/generated/params";
import { admit } from "../../../assembly/policy/attempt";
import { EXCLUDED_HARD, EXCLUDED_HELD, EXCLUDED_NOT, EXCLUDED_SOFT } from "../../../assembly/policy/choice";
import { moveTo } from "../../../assembly/policy/returning";
import { binding, line } from "../../../assembly/session/account";
import { server } from "../../../assembly/session/server";
import { NONE, RESTING, SERVED, UP } from "../../../assembly/session/states";
import { left, T_EXCLUDED, T_LIMIT } from "../../../assembly/session/timers";
import {
  answer,
  begin,
  challenge,
  fresh,
  furnish,
  grant,
  having,
  phoneOf,
  run,
  serve,
  servedPhone,
  set,
  told,
} from "../phone";
import { excluded, first } from "./answers";

// biome-ignore format: a row, a case
const SOFT: string[] = [
  // an answer that speaks of this line for now: the exclusion that follows, ms
  "500 Oops||1 300000",
  "501 What||1 300000",
  "505 Old||1 300000",
  "513 Big||1 300000",
  "423 Brief||1 300000",
  "500 Oops|Retry-After: 60|2 60000",
  "500 Oops|Retry-After: 0|2 5000", //      at least 5 s
  "500 Oops|Retry-After: 4|2 5000",
  "500 Oops|Retry-After: 5|2 5000",
  "500 Oops|Retry-After: 6|2 6000",
  "500 Oops|Retry-After: 86400|2 86400000",
  "500 Oops|Retry-After: 86401|2 86400000", // at most a day
  "500 Oops|Retry-After: 4294967295|2 86400000",
];

describe("a refusal for now", () => {
  it("leaves the server out for lineCool or Retry-After, and the next one is asked at once", () => {
    for (let i = 0; i < SOFT.length; i++) {
      const parts = SOFT[i].split("|");
      const more = parts[1].length === 0 ? "" : parts[1] + "\r\n";
      const said = first(parts[0], more);
      expect(excluded()).toBe(parts[2], SOFT[i]);
      expect(having(said, "REGISTER")).toBe("0 REGISTER 6000 @1 1\n", SOFT[i]);
      expect(server(0).health <= UP).toBe(true, "health is the server's own");
    }
  });

  it("lasts as long as lineCool says", () => {
    fresh();
    furnish();
    set(LINE_COOL, 1);
    begin();
    told();
    answer(0, "500 Oops");
    told();
    expect(excluded()).toBe("1 1000");
  });

  it("is a grant without our Contact too, and a grant of no time", () => {
    expect(first("200 OK", "Contact: <sip:6000@192.0.2.9>;expires=60\r\n")).toBe(
      "0 serverUp @0 status(200:0,0)\n0 contactMissing 6000 @0 status(200:0,0)\n" +
        "0 warningOn 6000 status(200:0,0)\n0 REGISTER 6000 @1 1\n",
    );
    expect(excluded()).toBe("1 300000");
    phoneOf();
    told();
    grant(0, 0);
    told();
    expect(excluded()).toBe("1 300000");
  });

  it("keeps a line in service where it is until another has taken over", () => {
    servedPhone(2, 1, 120);
    run(60000);
    answer(0, "500 Oops");
    expect(told()).toBe("60000 REGISTER 6000 @1 1\n");
    expect(line(0).state).toBe(SERVED);
    expect(line(0).served).toBe(0);
    grant(1);
    expect(having(told(), " 6000 ")).toBe(
      "60000 moved 6000 @1 failover(0,0)\n60000 warningOn 6000 failover(0,0)\n60000 bound 6000 @1 lease(1800,1800)\n",
    );
  });
});

describe("a rejection", () => {
  it("rests at the primary for rejectRetry and up to a tenth more", () => {
    let least: u32 = 0xffffffff;
    let most: u32 = 0;
    for (let byte: u8 = 0; byte < 100; byte++) {
      fresh(byte);
      furnish();
      begin();
      told();
      answer(0, "403 No");
      expect(having(told(), "REGISTER")).toBe("");
      expect(binding(0, 0).excluded).toBe(EXCLUDED_HELD);
      least = min(least, left(T_EXCLUDED, binding(0, 0).id));
      most = max(most, left(T_EXCLUDED, binding(0, 0).id));
    }
    expect(least >= 1200000).toBe(true);
    expect(least < 1210000).toBe(true);
    expect(most > 1310000).toBe(true);
    expect(most <= 1320000).toBe(true);
  });

  it("is told with its status, and the line rests", () => {
    expect(first("404 Who")).toBe(
      "0 serverUp @0 status(404:0,0)\n0 rejected 6000 @0 status(404:0,0)\n" +
        "0 warningOn 6000 status(404:0,0)\n0 resting 6000 status(404:0,0)\n",
    );
    expect(line(0).state).toBe(RESTING);
    expect(first("603 No")).toBe(
      "0 rejected 6000 @0 status(603:0,0)\n0 warningOn 6000 status(603:0,0)\n0 resting 6000 status(603:0,0)\n",
    );
  });

  it("rests as long as Retry-After when that is longer, a day at most", () => {
    first("403 No", "Retry-After: 1400\r\n");
    expect(excluded()).toBe("3 1400000");
    first("403 No", "Retry-After: 100000\r\n");
    expect(excluded()).toBe("3 86400000");
    first("403 No", "Retry-After: 1100\r\n");
    expect(left(T_EXCLUDED, binding(0, 0).id) >= 1200000).toBe(true);
  });

  it("ends as long after as rejectRetry says", () => {
    fresh();
    furnish();
    set(REJECT_RETRY, 30);
    begin();
    told();
    answer(0, "403 No");
    const again = run(33000);
    expect(having(again, "REGISTER 6000 @0 2").length).toBeGreaterThan(0);
    expect(left(T_EXCLUDED, binding(0, 0).id)).toBe(0);
  });

  it("goes on to the next server with failoverOnReject", () => {
    fresh();
    furnish();
    set(FAILOVER_ON_REJECT, 1);
    begin();
    told();
    answer(0, "403 No");
    expect(having(told(), "REGISTER")).toBe("0 REGISTER 6000 @1 1\n");
    expect(binding(0, 0).excluded).toBe(EXCLUDED_HARD);
  });

  it("by a backup excludes that backup", () => {
    phoneOf(3);
    run(2000);
    answer(1, "403 No");
    expect(having(told(), "REGISTER")).toBe("2000 REGISTER 6000 @2 1\n");
    expect(binding(0, 1).excluded).toBe(EXCLUDED_HARD);
  });

  it("of the credentials says what is wrong with them", () => {
    phoneOf();
    told();
    challenge(0, "n1");
    expect(told()).toBe("0 serverUp @0 status(401:0,0)\n0 REGISTER 6000 @0 2 auth\n");
    challenge(0, "n1");
    expect(having(told(), "rejected")).toBe("0 rejected 6000 @0 credentials(401:0,0)\n");
    expect(having(first("401 No"), "rejected")).toBe("0 rejected 6000 @0 credentials(401:-10,0)\n");
    const sha = 'WWW-Authenticate: Digest realm="r", nonce="n", algorithm=SHA-512-256\r\n';
    expect(having(first("401 No", sha), "rejected")).toBe("0 rejected 6000 @0 credentials(401:-11,0)\n");
  });

  it("is forgotten when the line may ask again", () => {
    first("403 No");
    admit(binding(0, 0));
    expect(excluded()).toBe("0 0");
    expect(having(told(), "REGISTER")).toBe("");
    expect(having(run(1000), "REGISTER")).toBe("1000 REGISTER 6000 @0 2\n");
  });
});

describe("a redirect", () => {
  it("goes on at the server it names, and leaves the sender out for lineCool", () => {
    const said = first("302 Moved", "Contact: <sip:6000@pbx1.example>\r\n");
    expect(having(said, "REGISTER")).toBe("0 REGISTER 6000 @1 1\n");
    expect(excluded()).toBe("1 300000");
    expect(server(0).health).toBe(UP); // it works, and speaks
    expect(left(T_LIMIT, 0)).toBe(4000);
  });

  it("is one attempt: its hops share one time", () => {
    phoneOf(3);
    run(1900);
    answer(0, "302 Moved", "Contact: <sip:6000@pbx2.example>\r\n");
    told();
    expect(left(T_LIMIT, 0)).toBe(2100);
    expect(line(0).asking).toBe(2);
  });

  it("to nobody we know is a refusal: the next choice is asked", () => {
    const said = first("302 Moved", "Contact: <sip:6000@evil.example>\r\n");
    expect(having(said, "REGISTER")).toBe("0 REGISTER 6000 @1 1\n");
    expect(excluded()).toBe("1 300000");
  });

  it("back and forth ends: who sent the line away is left out", () => {
    phoneOf(2);
    told();
    answer(0, "302 Moved", "Contact: <sip:6000@pbx1.example>\r\n");
    told();
    answer(1, "302 Moved", "Contact: <sip:6000@pbx0.example>\r\n");
    expect(having(told(), "REGISTER")).toBe("");
    expect(binding(0, 1).excluded).toBe(EXCLUDED_SOFT);
  });

  it("met while moving back stays a move back, and leads up only", () => {
    phoneOf(3);
    run(4000); // neither server 0 nor server 1 answers
    serve(2);
    server(0).health = UP;
    moveTo(0, 0);
    told();
    answer(0, "302 Moved", "Contact: <sip:6000@pbx1.example>\r\n");
    expect(line(0).returning).toBe(NONE); // that one is DOWN
    told();
    server(1).health = UP;
    binding(0, 0).excluded = EXCLUDED_NOT;
    run(1000);
    moveTo(0, 0);
    told();
    answer(0, "302 Moved", "Contact: <sip:6000@pbx1.example>\r\n");
    told();
    expect(line(0).state).toBe(SERVED);
    expect(line(0).served).toBe(2);
    expect(line(0).returning).toBe(1);
    grant(1);
    expect(having(told(), "moved")).toBe("5000 moved 6000 @1 failback(2,0)\n");
  });
});
