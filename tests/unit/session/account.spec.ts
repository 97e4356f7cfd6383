// Records of lines and bindings: offsets, limits, challenges, what a boot forgets.

import { TEXT_DISPLAY, TEXT_OLD_CONTACT, TEXT_USER } from "../../../assembly/abi";
import { LINES, SERVERS } from "../../../assembly/base/limits";
import {
  accountOf,
  Binding,
  binding,
  bindingOf,
  bitOf,
  bootLine,
  challengeAt,
  claimChallenge,
  displayOf,
  dropChallenges,
  isUsed,
  Line,
  line,
  pairOf,
  passwordOf,
  userOf,
} from "../../../assembly/session/account";
import { EARLIER } from "../../../assembly/session/server";
import { NONE } from "../../../assembly/session/states";
import { TRYING } from "../../../assembly/session/transaction";
import { ALGORITHM_MD5, Challenge, PROXY_ASKS, SERVER_ASKS } from "../../../assembly/wire/challenge";
import { fresh, furnish, say } from "../phone";
import { stringOf } from "../text";

function text(slot: usize): string {
  return stringOf(slot + 1, slot + 1 + load<u8>(slot));
}

/** Line 0 holds a challenge of this server, or of a proxy before it. @returns its address */
function hold(server: u32, asker: u32 = SERVER_ASKS): usize {
  const at = claimChallenge(binding(0, server), asker);
  changetype<Challenge>(at).algorithm = ALGORITHM_MD5;
  return at;
}

/** The challenge of this server that a line holds, the first if there are two; 0: none. */
function challengeOf(own: Binding): usize {
  const first = challengeAt(own, 0);
  return first !== 0 ? first : challengeAt(own, 1);
}

describe("a line", () => {
  it("begins with what ABI.md promises", () => {
    expect(offsetof<Line>("state")).toBe(0);
    expect(offsetof<Line>("served")).toBe(1);
    expect(offsetof<Line>("next")).toBe(2);
    expect(offsetof<Line>("calls")).toBe(3);
    expect(offsetof<Line>("asking")).toBe(4);
    expect(offsetof<Line>("returning")).toBe(5);
    expect(offsetof<Line>("warned")).toBe(6);
    expect(offsetof<Line>("pinned")).toBe(7);
    expect(offsetof<Line>("leaseMs")).toBe(8);
    expect(offsetof<Line>("nextMs")).toBe(12);
    expect(offsetof<Line>("grantedSeconds")).toBe(16);
  });

  it("has names of its own, and is used once it has a user", () => {
    fresh();
    expect(isUsed(0)).toBe(false);
    say(TEXT_USER, LINES - 1, 0, "6007");
    say(TEXT_DISPLAY, LINES - 1, 0, "Reception");
    expect(isUsed(LINES - 1)).toBe(true);
    expect(isUsed(LINES - 2)).toBe(false);
    expect(text(userOf(LINES - 1))).toBe("6007");
    expect(text(displayOf(LINES - 1))).toBe("Reception");
  });

  throws("ends with the last one", () => {
    line(LINES);
  });
});

describe("a binding", () => {
  it("belongs to one line and one server", () => {
    fresh();
    for (let i: u32 = 0; i < LINES; i++) bootLine(i);
    for (let i: u32 = 0; i < LINES; i++) {
      for (let s: u32 = 0; s < SERVERS; s++) {
        expect(bindingOf(pairOf(i, s)).line).toBe(<u16>i);
        expect(bindingOf(pairOf(i, s)).server).toBe(<u8>s);
        expect(binding(i, s).id).toBe(<u16>(4 + 4 * i + s)); // after the heartbeats of four servers
      }
    }
  });

  throws("ends with the last pair", () => {
    bindingOf(LINES * SERVERS);
  });

  it("has credentials at each server", () => {
    fresh();
    furnish(2, 2);
    expect(text(accountOf(1, 1))).toBe("6001");
    expect(text(passwordOf(1, 1))).toBe("secret");
    expect(text(accountOf(2, 0))).toBe("");
  });

  it("has a bit of its server for the round", () => {
    expect(bitOf(0)).toBe(1);
    expect(bitOf(3)).toBe(8);
  });
});

describe("challenges", () => {
  beforeEach(() => {
    fresh();
    bootLine(0);
    bootLine(1);
  });

  it("are kept for two servers of a line, that which served last and another", () => {
    const first = hold(0);
    line(0).last = 0;
    const second = hold(1);
    expect(second).not.toBe(first);
    expect(challengeOf(binding(0, 0))).toBe(first);
    expect(challengeOf(binding(0, 1))).toBe(second);
    expect(challengeOf(binding(0, 2))).toBe(0);
    expect(challengeOf(binding(1, 0))).toBe(0);
    expect(claimChallenge(binding(0, 0), SERVER_ASKS)).toBe(first);
  });

  it("of a third server take the place of one that did not serve last", () => {
    const first = hold(0);
    line(0).last = 0;
    const second = hold(1);
    expect(hold(2)).toBe(second);
    expect(challengeOf(binding(0, 0))).toBe(first);
    expect(challengeOf(binding(0, 1))).toBe(0);
    line(0).last = 2;
    expect(hold(3)).toBe(first);
    expect(challengeOf(binding(0, 2))).toBe(second);
    expect(challengeOf(binding(0, 0))).toBe(0);
  });

  it("that a request under way was answered with stay for its repeats", () => {
    const first = hold(0);
    line(0).last = 0;
    const second = hold(1);
    binding(0, 1).state = TRYING;
    expect(hold(2)).toBe(first);
    expect(challengeOf(binding(0, 1))).toBe(second);
  });

  it("start empty in a place that is taken over", () => {
    const first = hold(0);
    changetype<Challenge>(first).nc = 9;
    hold(1);
    expect(hold(2)).toBe(first); // the line was never served at server 0
    expect(changetype<Challenge>(first).nc).toBe(0);
  });

  it("of a server and a proxy before it have a place each", () => {
    const server = hold(0);
    const proxy = hold(0, PROXY_ASKS);
    expect(proxy).not.toBe(server);
    expect(hold(0)).toBe(server);
    expect(hold(0, PROXY_ASKS)).toBe(proxy);
    expect(changetype<Challenge>(server).asker).toBe(<u8>SERVER_ASKS);
    expect(changetype<Challenge>(proxy).asker).toBe(<u8>PROXY_ASKS);
  });

  it("of two askers never take the place of each other, not even of the server that served last", () => {
    hold(0);
    line(0).last = 0;
    hold(1);
    hold(1, PROXY_ASKS);
    expect(challengeAt(binding(0, 0), 0)).toBe(0);
    expect(challengeAt(binding(0, 0), 1)).toBe(0);
    expect(challengeAt(binding(0, 1), 0)).not.toBe(0);
    expect(challengeAt(binding(0, 1), 1)).not.toBe(0);
    hold(0); // back: the line was served there last
    expect(challengeAt(binding(0, 1), 0) === 0).not.toBe(challengeAt(binding(0, 1), 1) === 0);
  });

  it("are forgotten one by one", () => {
    hold(0);
    line(0).last = 0;
    hold(1);
    dropChallenges(binding(0, 0));
    dropChallenges(binding(0, 2));
    expect(challengeOf(binding(0, 0))).toBe(0);
    expect(challengeOf(binding(0, 1))).not.toBe(0);
    hold(1, PROXY_ASKS);
    dropChallenges(binding(0, 1));
    expect(challengeOf(binding(0, 1))).toBe(0);
  });
});

describe("a boot of a line", () => {
  it("forgets what was learnt and keeps what is configured", () => {
    fresh();
    furnish(2, 1);
    bootLine(0);
    const it = line(0);
    const own: Binding = binding(0, 1);
    const callId = own.callId;
    hold(1);
    it.state = 5;
    it.served = 1;
    it.calls = 2;
    it.rounds = 9;
    own.cseq = 7;
    own.excluded = 2;
    own.leastSeconds = 600;
    bootLine(0);
    expect(it.state).toBe(0);
    expect(it.calls).toBe(0);
    expect(it.rounds).toBe(0);
    expect(own.cseq).toBe(0);
    expect(own.excluded).toBe(0);
    expect(own.leastSeconds).toBe(0);
    expect(own.callId).not.toBe(callId);
    expect(challengeOf(own)).toBe(0);
    expect(text(userOf(0))).toBe("6000");
    expect(text(accountOf(0, 1))).toBe("6000");
  });

  it("knows that an earlier run may have left it bound where a Contact of then is known", () => {
    fresh();
    furnish(2, 1);
    say(TEXT_OLD_CONTACT, 0, 1, "192.0.2.100:50000");
    bootLine(0);
    expect(binding(0, 0).boundVersion).toBe(0);
    expect(binding(0, 1).boundVersion).toBe(EARLIER);
  });

  it("leaves it without any server", () => {
    fresh();
    bootLine(0);
    expect(line(0).served).toBe(NONE);
    expect(line(0).last).toBe(NONE);
    expect(line(0).asking).toBe(NONE);
    expect(line(0).returning).toBe(NONE);
    expect(line(0).pinned).toBe(NONE);
    expect(NONE).toBe(255);
  });
});
