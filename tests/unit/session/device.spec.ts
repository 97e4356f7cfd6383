// The name of the device and its mark at each server.

import { TEXT_AGENT, TEXT_INSTANCE } from "../../../assembly/abi";
import { agentText, instanceText, markOf } from "../../../assembly/session/device";
import { fresh, say } from "../phone";
import { stringOf } from "../text";

function text(slot: usize): string {
  return stringOf(slot + 1, slot + 1 + load<u8>(slot));
}

describe("the device", () => {
  beforeEach(() => {
    fresh();
    say(TEXT_AGENT, 0, 0, "standfast/1");
    say(TEXT_INSTANCE, 0, 0, "0a0b0c0d");
  });

  it("has a product name and a stable name", () => {
    expect(text(agentText())).toBe("standfast/1");
    expect(text(instanceText())).toBe("0a0b0c0d");
  });

  it("marks its Contact at each server with its name and the rank", () => {
    expect(text(markOf(0))).toBe("0a0b0c0d0");
    expect(text(markOf(3))).toBe("0a0b0c0d3");
    expect(text(instanceText())).toBe("0a0b0c0d");
  });

  it("marks it with the longest name that is allowed, and with none", () => {
    expect(say(TEXT_INSTANCE, 0, 0, "0123456789abc")).toBe(0);
    expect(text(markOf(2))).toBe("0123456789abc2");
    expect(say(TEXT_INSTANCE, 0, 0, "0123456789abcd")).toBe(-5);
    say(TEXT_INSTANCE, 0, 0, "");
    expect(text(markOf(2))).toBe("2");
  });
});
