// Errors of the transport, with and without a request under way.

import { CMD_LINK_DOWN } from "../../../assembly/abi";
import { MAX_DETECT_FAIL_COUNT } from "../../../assembly/generated/params";
import { transportFailed } from "../../../assembly/policy/transport";
import { beat } from "../../../assembly/session/heartbeat";
import { server } from "../../../assembly/session/server";
import { DOWN, UP } from "../../../assembly/session/states";
import { answerBeat, order, phoneOf, servedPhone, set, told } from "../phone";

describe("an error of the transport", () => {
  it("says nothing while nothing is asked there", () => {
    servedPhone();
    expect(transportFailed(0, 0)).toBe(0);
    expect(transportFailed(1, 0)).toBe(0);
    expect(told()).toBe("");
    expect(server(0).health).toBe(UP);
  });

  it("fails every REGISTER under way there, and only there", () => {
    phoneOf(2, 2);
    told();
    transportFailed(1, 0);
    expect(told()).toBe("");
    transportFailed(0, 0);
    expect(told()).toBe(
      "0 warningOn 6000 transport(0,0)\n0 serverDown @0 transport(0,0)\n0 warningOn 6001 transport(0,0)\n" +
        "0 REGISTER 6000 @1 1\n0 REGISTER 6001 @1 1\n",
    );
  });

  it("is a miss for a heartbeat under way", () => {
    servedPhone();
    set(MAX_DETECT_FAIL_COUNT, 1);
    beat(0, 0);
    told();
    answerBeat(0);
    told();
    let said = "";
    for (let i = 0; i < 2; i++) {
      beat(0, 0);
      told();
      transportFailed(0, 0);
      said += told();
    }
    expect(server(0).health).toBe(DOWN);
    expect(said).toBe(
      "0 serverSuspect @0 heartbeat(1,1)\n0 serverDown @0 heartbeat(2,1)\n" +
        "0 outOfService 6000 @0 heartbeat(2,1)\n0 warningOn 6000 heartbeat(2,1)\n0 REGISTER 6000 @1 1\n",
    );
  });

  it("says nothing while the link is down", () => {
    phoneOf();
    told();
    order(CMD_LINK_DOWN);
    told();
    expect(transportFailed(0, 0)).toBe(0);
    expect(told()).toBe("");
    expect(server(0).health).toBe(0);
  });
});
