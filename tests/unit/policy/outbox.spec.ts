// What poll() hands out, in which order, and where it lies.

import { CMD_STOP, OUT_EVENT, OUT_FIELD, OUT_SEND, OUT_SLEEP, OUT_STOPPED } from "../../../assembly/abi";
import { OUTPUT, OUTPUT_SIZE, TX } from "../../../assembly/base/memory";
import { ANSWER_OPTIONS } from "../../../assembly/generated/params";
import { command, output, poll } from "../../../assembly/index";
import {
  answer,
  feed,
  fresh,
  furnish,
  grant,
  order,
  phoneOf,
  refuse,
  servedPhone,
  set,
  told,
} from "../phone";
import { stringOf } from "../text";

function kind(): u8 {
  return load<u8>(OUTPUT);
}

describe("what the host has to do", () => {
  it("lies as ABI.md promises", () => {
    phoneOf();
    expect(output()).toBe(OUTPUT);
    expect(OUTPUT_SIZE).toBe(40);
    expect(poll()).toBe(OUT_SEND);
    expect(kind()).toBe(1);
    expect(load<u8>(OUTPUT, 1)).toBe(0);
    expect(load<u32>(OUTPUT, 4)).toBe(<u32>TX);
    expect(stringOf(TX, TX + 9)).toBe("REGISTER ");
    expect(load<u32>(OUTPUT, 8)).toBeGreaterThan(200);
    expect(poll()).toBe(OUT_SLEEP);
    expect(kind()).toBe(0);
    expect(load<u32>(OUTPUT, 12)).toBe(500);
    phoneOf();
    told();
    grant(0);
    expect(poll()).toBe(OUT_FIELD);
    expect(poll()).toBe(OUT_EVENT);
    expect(kind()).toBe(2);
    expect(load<u8>(OUTPUT, 16)).toBe(7); // serverUp
  });

  it("is first to hear of events, then to send, then to sleep", () => {
    servedPhone(2, 2);
    let kinds = "";
    order(0, 65535);
    refuse(0); // nothing is under way
    for (let i = 0; i < 3; i++) kinds += poll().toString();
    expect(kinds).toBe("000");
    phoneOf(2, 2);
    told();
    refuse(0);
    kinds = "";
    for (let i = 0; i < 8; i++) kinds += poll().toString();
    expect(kinds).toBe("22211000"); // warningOn twice, serverDown; a REGISTER of each line
  });

  it("comes to rest: the same answer until something happens", () => {
    servedPhone();
    expect(poll()).toBe(OUT_SLEEP);
    const ms = load<u32>(OUTPUT, 12);
    expect(poll()).toBe(OUT_SLEEP);
    expect(load<u32>(OUTPUT, 12)).toBe(ms);
    expect(ms).toBe(1000); // the spacing; then the refresh
  });

  it("is nothing at all before the start", () => {
    fresh();
    furnish();
    expect(poll()).toBe(OUT_SLEEP);
    expect(load<u32>(OUTPUT, 12)).toBe(0xffffffff);
  });

  it("is an answer to a request before anything else is sent", () => {
    phoneOf();
    set(ANSWER_OPTIONS, 1);
    feed(
      1,
      "OPTIONS sip:6000@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n" +
        "To: <sip:6000@h>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n",
    );
    expect(poll()).toBe(OUT_SEND);
    expect(load<u8>(OUTPUT, 1)).toBe(1);
    expect(stringOf(TX, TX + 7)).toBe("SIP/2.0");
    expect(poll()).toBe(OUT_SEND);
    expect(load<u8>(OUTPUT, 1)).toBe(0);
    expect(stringOf(TX, TX + 8)).toBe("REGISTER");
    expect(poll()).toBe(OUT_SLEEP);
  });

  it("is to stop once the bindings are removed, and nothing after that", () => {
    servedPhone();
    order(CMD_STOP);
    expect(told()).toBe("0 outOfService 6000 @0 command(9,0)\n0 REGISTER 6000 @0 2 expires=0\n");
    expect(poll()).toBe(OUT_SLEEP);
    answer(0, "200 OK");
    expect(told()).toBe("0 unbound 6000 @0 status(200:0,0)\n");
    expect(poll()).toBe(OUT_STOPPED);
    expect(kind()).toBe(3);
    expect(poll()).toBe(OUT_STOPPED);
    expect(command(0, 0, 0, 0)).toBe(-7);
  });
});
