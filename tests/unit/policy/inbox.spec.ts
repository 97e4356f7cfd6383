// Each way in which an answer can fail to fit, and the reason it is refused for.

import {
  NOT_MINE,
  OK,
  R_FOREIGN,
  R_LATE,
  R_MALFORMED,
  R_MISMATCH,
  R_TRUNCATED,
  R_UNKNOWN_ANSWER,
  REFUSED_BASE,
} from "../../../assembly/abi";
import { ACCEPT_ONLY_FROM_SERVER } from "../../../assembly/generated/params";
import { refused } from "../../../assembly/index";
import { beat } from "../../../assembly/session/heartbeat";
import { server } from "../../../assembly/session/server";
import { answerTo, feed, grant, having, phoneOf, run, sentTo, servedPhone, set, told } from "../phone";

const MALFORMED: i32 = REFUSED_BASE - R_MALFORMED;
const TRUNCATED: i32 = REFUSED_BASE - R_TRUNCATED;
const FOREIGN: i32 = REFUSED_BASE - R_FOREIGN;
const UNKNOWN_ANSWER: i32 = REFUSED_BASE - R_UNKNOWN_ANSWER;
const LATE: i32 = REFUSED_BASE - R_LATE;
const MISMATCH: i32 = REFUSED_BASE - R_MISMATCH;

/** The right answer to the REGISTER under way at the primary. */
function right(): string {
  return answerTo(sentTo(0), "200 OK", "Expires: 60\r\n");
}

/** What is said of the right answer with one thing changed. */
function changed(from: string, to: string, at: u32 = 0): i32 {
  phoneOf();
  told();
  const text = right();
  const wrong = text.replace(from, to);
  expect(wrong).not.toBe(text, from);
  return feed(at, wrong);
}

function branch(): string {
  const text = sentTo(0);
  return text.slice(text.indexOf("z9hG4bK"), text.indexOf("z9hG4bK") + 23);
}

describe("an answer", () => {
  beforeEach(() => {
    phoneOf();
    told();
  });

  it("counts when all of it fits", () => {
    expect(feed(0, right())).toBe(OK);
    expect(having(told(), "inService").length).toBeGreaterThan(0);
  });

  it("counts whichever server of the set it comes from, or from elsewhere, unless the host forbids it", () => {
    expect(feed(1, right())).toBe(OK);
    phoneOf();
    told();
    expect(feed(254, right())).toBe(OK);
    phoneOf();
    told();
    expect(feed(255, right())).toBe(OK);
    phoneOf();
    told();
    set(ACCEPT_ONLY_FROM_SERVER, 1);
    expect(feed(255, right())).toBe(FOREIGN);
    told();
    expect(feed(254, right())).toBe(OK);
  });

  it("does not count when one thing does not fit", () => {
    expect(changed(branch(), "z9hG4bK0000000000000000")).toBe(UNKNOWN_ANSWER);
    expect(changed("branch=z9hG4bK", "branch=z9hG4bk")).toBe(OK); // the cookie says nothing
    expect(changed(";tag=", ";tag=0")).toBe(MISMATCH);
    expect(changed("CSeq: 1 REGISTER", "CSeq: 2 REGISTER")).toBe(MISMATCH);
    expect(changed("CSeq: 1 REGISTER", "CSeq: 0 REGISTER")).toBe(MISMATCH);
    expect(changed("CSeq: 1 REGISTER", "CSeq: 1 OPTIONS")).toBe(MISMATCH);
    expect(changed("From:", "Via: SIP/2.0/UDP h;branch=x\r\nFrom:")).toBe(MISMATCH);
    expect(changed("Call-ID: ", "Call-ID: 0")).toBe(UNKNOWN_ANSWER);
    expect(changed("\r\nCall-ID: ", "\r\nX-ID: ")).toBe(MALFORMED);
    expect(changed("Content-Length: 0", "Content-Length: 1")).toBe(TRUNCATED);
    expect(having(told(), "inService")).toBe("");
    expect(refused(R_TRUNCATED)).toBe(1);
  });

  it("to a REGISTER we know nothing of is refused, any other may be for somebody else", () => {
    expect(changed("Call-ID: ", "Call-ID: 0")).toBe(UNKNOWN_ANSWER);
    const other = right().replace("Call-ID: ", "Call-ID: 0").replace("1 REGISTER", "1 INVITE");
    told();
    expect(feed(0, other)).toBe(NOT_MINE);
    expect(feed(0, other.replace("INVITE", "OPTIONS"))).toBe(NOT_MINE);
    expect(refused(R_MISMATCH)).toBe(0);
  });

  it("that comes again is late", () => {
    const text = right();
    feed(0, text);
    told();
    expect(feed(0, text)).toBe(LATE);
    expect(refused(R_LATE)).toBe(1);
    run(900000);
    expect(feed(0, text)).toBe(LATE);
  });

  it("to an earlier request of ours is late, one with a number we never used a guess", () => {
    const text = right();
    feed(0, text);
    told();
    run(30000); // a refresh is under way
    expect(sentTo(0).includes("CSeq: 2 REGISTER")).toBe(true);
    expect(feed(0, text)).toBe(LATE);
    told();
    expect(feed(0, text.replace("CSeq: 1 ", "CSeq: 2 "))).toBe(UNKNOWN_ANSWER);
    told();
    expect(feed(0, text.replace("CSeq: 1 ", "CSeq: 3 "))).toBe(UNKNOWN_ANSWER);
  });

  it("that is provisional is taken, and the request goes on", () => {
    expect(feed(0, right().replace("200 OK", "100 Trying"))).toBe(OK);
    // RFC 3261 §17.1.2.2: the repeat that is under way comes, the next one T2 after it.
    expect(having(run(5000), "REGISTER 6000 @0")).toBe("500 REGISTER 6000 @0 1\n");
    expect(server(0).health).toBe(3);
  });

  it("to a heartbeat is known as well", () => {
    servedPhone();
    beat(1, 0);
    told();
    const text = answerTo(sentTo(1, true), "200 OK");
    expect(feed(1, text.replace("OPTIONS", "REGISTER"))).toBe(MISMATCH);
    told();
    expect(feed(1, text)).toBe(OK);
    told();
    expect(feed(1, text)).toBe(LATE);
    expect(server(1).health).toBe(1);
  });
});

describe("a refusal", () => {
  it("is counted by its reason, and told at most once in 10 s with how many there were", () => {
    servedPhone();
    expect(feed(0, "nonsense\r\n\r\n")).toBe(MALFORMED);
    expect(told()).toBe("0 packetRefused @0 transport(0,1)\n");
    feed(0, "nonsense\r\n\r\n");
    feed(255, "nonsense\r\n\r\n");
    expect(told()).toBe("");
    expect(run(9999)).toBe("");
    feed(1, "nonsense\r\n\r\n");
    expect(told()).toBe("");
    run(1);
    feed(255, "nonsense\r\n\r\n");
    expect(told()).toBe("10000 packetRefused transport(0,5)\n");
    expect(refused(R_MALFORMED)).toBe(5);
  });

  it("changes nothing else", () => {
    servedPhone();
    feed(0, "nonsense\r\n\r\n");
    told();
    expect(run(100000)).toBe("");
    expect(grant(0)).toBe(LATE);
  });
});
