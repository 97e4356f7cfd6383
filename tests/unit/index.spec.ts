// Each export before the start, while the phone runs, while it leaves and after.

import {
  CMD_REFRESH,
  CMD_STOP,
  E_LENGTH,
  E_PARAM,
  E_RANGE,
  E_SERVER,
  E_STATE,
  NOT_MINE,
  OK,
  OUT_SLEEP,
  R_OVERSIZED,
  R_TRUNCATED,
  REFUSED_BASE,
} from "../../assembly/abi";
import { OUTPUT, RX } from "../../assembly/base/memory";
import { param } from "../../assembly/base/settings";
import { now } from "../../assembly/base/timer";
import { REGISTER_REFRESH_INTERVAL } from "../../assembly/generated/params";
import {
  abiVersion,
  buffer,
  command,
  contact,
  failed,
  lineView,
  output,
  poll,
  receive,
  refused,
  serverView,
  setParam,
  setSeed,
  setServer,
  setText,
  start,
  wake,
} from "../../assembly/index";
import { feed, fresh, furnish, phoneOf, servedPhone, told } from "./phone";
import { stringOf } from "./text";

describe("the interface", () => {
  it("has a version and two places in memory", () => {
    expect(abiVersion()).toBe(1);
    expect(buffer()).toBe(RX);
    expect(output()).toBe(OUTPUT);
  });

  it("gives every parameter its default with the seed, before the start only", () => {
    fresh();
    setParam(REGISTER_REFRESH_INTERVAL, 60);
    expect(setSeed()).toBe(OK);
    expect(param(REGISTER_REFRESH_INTERVAL)).toBe(1800);
    phoneOf();
    expect(setSeed()).toBe(E_STATE);
    expect(setParam(REGISTER_REFRESH_INTERVAL, 60)).toBe(E_STATE);
    expect(setParam(9999, 60)).toBe(E_STATE);
    expect(param(REGISTER_REFRESH_INTERVAL)).toBe(1800);
  });

  it("says what is wrong with a parameter", () => {
    fresh();
    expect(setParam(REGISTER_REFRESH_INTERVAL, 10)).toBe(OK);
    expect(setParam(REGISTER_REFRESH_INTERVAL, 9)).toBe(E_RANGE);
    expect(setParam(47, 0)).toBe(E_PARAM);
  });

  it("starts once, whatever the clock says", () => {
    fresh();
    furnish();
    wake(5000);
    expect(start(0xfffffff0)).toBe(OK);
    expect(now()).toBe(0xfffffff0);
    expect(start(0)).toBe(E_STATE);
    expect(setServer(0, 5060, 0)).toBe(E_STATE);
    expect(setText(0, 0, 0, 0)).toBe(E_STATE);
  });
});

const TRUNCATED: i32 = REFUSED_BASE - R_TRUNCATED;
const OVERSIZED: i32 = REFUSED_BASE - R_OVERSIZED;

describe("an input", () => {
  it("is taken when all that the last one caused was read", () => {
    phoneOf();
    told();
    expect(feed(0, "x")).toBe(TRUNCATED); // an event waits
    expect(feed(0, "x")).toBe(E_STATE);
    expect(failed(0, 0)).toBe(E_STATE);
    expect(command(CMD_REFRESH, 0, 0, 0)).toBe(E_STATE);
    expect(wake(0)).toBe(OK);
    told();
    expect(feed(0, "x")).toBe(TRUNCATED);
    expect(refused(R_TRUNCATED)).toBe(2);
  });
});

describe("a datagram", () => {
  it("comes from a server of the set, from the list of accepted addresses, or from elsewhere", () => {
    phoneOf();
    store<u8>(RX, 0x61);
    expect(receive(0, 1, 0)).toBe(TRUNCATED);
    told();
    expect(receive(1, 1, 0)).toBe(TRUNCATED);
    told();
    expect(receive(2, 1, 0)).toBe(E_SERVER);
    expect(receive(253, 1, 0)).toBe(E_SERVER);
    expect(receive(254, 1, 0)).toBe(TRUNCATED);
    told();
    expect(receive(255, 1, 0)).toBe(TRUNCATED);
    told();
    expect(receive(256, 1, 0)).toBe(E_SERVER);
    expect(receive(0xffffffff, 1, 0)).toBe(E_SERVER);
    expect(refused(1)).toBe(4);
  });

  it("has 1 to 2048 bytes; of a longer one an answer is refused and counted, the rest is not ours", () => {
    phoneOf();
    memory.fill(RX, 0x61, 2048);
    expect(receive(0, 0, 0)).toBe(E_LENGTH);
    expect(receive(0, 2048, 0)).toBe(TRUNCATED);
    told();
    expect(receive(0, 2049, 0)).toBe(NOT_MINE);
    expect(receive(0, 0xffffffff, 0)).toBe(NOT_MINE);
    feed(0, "SIP/2.0 200 OK\r\n");
    told();
    expect(receive(0, 2049, 0)).toBe(OVERSIZED);
    told();
    expect(receive(0, 0xffffffff, 0)).toBe(OVERSIZED);
    expect(refused(R_OVERSIZED)).toBe(2);
  });

  it("is read while the phone runs or leaves, and at no other time", () => {
    fresh();
    furnish();
    expect(receive(255, 1, 0)).toBe(E_STATE);
    expect(failed(0, 0)).toBe(E_SERVER);
    servedPhone();
    command(CMD_STOP, 0, 0, 0);
    told();
    expect(feed(0, "x")).toBe(TRUNCATED);
    told();
    expect(failed(0, 0)).toBe(OK);
    told();
    expect(feed(0, "x")).toBe(E_STATE);
    expect(failed(0, 0)).toBe(E_STATE);
  });
});

describe("time", () => {
  it("passes with every input that is taken", () => {
    servedPhone();
    wake(10);
    expect(now()).toBe(10);
    failed(1, 20);
    expect(now()).toBe(20);
    store<u8>(RX, 0x61);
    receive(0, 1, 30);
    expect(now()).toBe(30);
    told();
    command(CMD_REFRESH, 0, 0, 40);
    expect(now()).toBe(40);
    wake(5);
    expect(now()).toBe(40);
  });
});

describe("a view", () => {
  it("is there for every line, and for every server that is declared", () => {
    phoneOf(2);
    expect(lineView(0)).not.toBe(0);
    expect(lineView(7)).not.toBe(0);
    expect(lineView(8)).toBe(0);
    expect(serverView(1)).not.toBe(0);
    expect(serverView(2)).toBe(0);
    expect(serverView(0xffffffff)).toBe(0);
  });

  it("of our Contact is its text", () => {
    phoneOf(2);
    const at = contact(1);
    expect(stringOf(at + 1, at + 1 + load<u8>(at))).toBe("192.0.2.100:5060");
    expect(contact(2)).toBe(0);
    expect(contact(0xffffffff)).toBe(0);
  });
});

describe("counters", () => {
  it("are there for every reason, 0 for what is none", () => {
    phoneOf();
    feed(0, "x");
    expect(refused(1)).toBe(1);
    expect(refused(0)).toBe(0);
    expect(refused(7)).toBe(0);
    expect(refused(0xffffffff)).toBe(0);
  });
});

describe("poll", () => {
  it("may be asked at any time", () => {
    fresh();
    expect(poll()).toBe(OUT_SLEEP);
    furnish();
    expect(poll()).toBe(OUT_SLEEP);
  });
});
