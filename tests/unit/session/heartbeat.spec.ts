// One heartbeat at a time, and what each status is worth.

import { DETECT_ANSWER, OPTIONS_TIMEOUT, REGISTER_TIMEOUT } from "../../../assembly/generated/params";
import { beat, GOOD_ANSWER, LOST_ANSWER, NO_WORD, worth } from "../../../assembly/session/heartbeat";
import { server } from "../../../assembly/session/server";
import { answerBeat, begin, fresh, furnish, having, phoneOf, run, sentTo, set, told } from "../phone";

// biome-ignore format: a row, a case
const WORTH: StaticArray<u32> = [
  // status, any, 2xx only
  200, GOOD_ANSWER, GOOD_ANSWER,
  299, GOOD_ANSWER, GOOD_ANSWER,
  302, GOOD_ANSWER, LOST_ANSWER,
  401, GOOD_ANSWER, LOST_ANSWER,
  404, GOOD_ANSWER, LOST_ANSWER,
  407, GOOD_ANSWER, LOST_ANSWER,
  408, LOST_ANSWER, LOST_ANSWER,
  409, GOOD_ANSWER, LOST_ANSWER,
  500, NO_WORD, LOST_ANSWER,
  501, GOOD_ANSWER, LOST_ANSWER,
  502, LOST_ANSWER, LOST_ANSWER,
  503, LOST_ANSWER, LOST_ANSWER,
  504, LOST_ANSWER, LOST_ANSWER,
  505, GOOD_ANSWER, LOST_ANSWER,
  603, GOOD_ANSWER, LOST_ANSWER,
];

describe("an answer to a heartbeat", () => {
  it("is worth what its status says", () => {
    for (let i = 0; i < WORTH.length; i += 3) {
      fresh();
      expect(worth(WORTH[i])).toBe(<u8>WORTH[i + 1], WORTH[i].toString());
      set(DETECT_ANSWER, 1);
      expect(worth(WORTH[i])).toBe(<u8>WORTH[i + 2], WORTH[i].toString() + " where only 2xx counts");
    }
  });
});

describe("a heartbeat", () => {
  it("is an OPTIONS that is repeated until it is answered", () => {
    phoneOf();
    told();
    beat(1, 0);
    expect(run(600)).toBe("0 OPTIONS @1 1\n500 OPTIONS @1 1\n500 REGISTER 6000 @0 1\n");
    expect(sentTo(1, true).startsWith("OPTIONS sip:sip.example SIP/2.0\r\n")).toBe(true);
    answerBeat(1);
    expect(run(700)).toBe("600 serverUp @1 heartbeat(200:0,3)\n");
  });

  it("is one at a time", () => {
    phoneOf();
    told();
    beat(1, 1);
    expect(told()).toBe("0 OPTIONS @1 1\n");
    beat(1, 0);
    expect(told()).toBe("");
    expect(server(1).startup).toBe(1);
    answerBeat(1);
    told();
    beat(1, 0);
    expect(told()).toBe("0 OPTIONS @1 2\n");
    expect(server(1).startup).toBe(0);
  });

  it("is given up after optionsTimeout", () => {
    fresh();
    furnish();
    set(OPTIONS_TIMEOUT, 700);
    set(REGISTER_TIMEOUT, 32000);
    begin();
    told();
    beat(1, 0);
    expect(having(run(2000), "@1")).toBe(
      "0 OPTIONS @1 1\n500 OPTIONS @1 1\n700 serverSuspect @1 heartbeat(1,3)\n",
    );
  });
});
