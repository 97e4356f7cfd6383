// Challenges of a server and of a proxy before it, and which credentials go out after them.

import { TEXT_ACCOUNT } from "../../../assembly/abi";
import { setTime } from "../../../assembly/base/timer";
import { binding, challengeAt, claimChallenge } from "../../../assembly/session/account";
import {
  forget,
  GRANTED,
  IDLE,
  PENDING,
  REMOVE,
  SERVE,
  SPACED,
  spacingOver,
  start,
  UNPROVED,
} from "../../../assembly/session/registration";
import { Challenge } from "../../../assembly/wire/challenge";
import { say } from "../phone";
import { challenge, challenged, OURS, own, reset, verdict } from "./verdicts";

describe("a challenge", () => {
  beforeEach(() => {
    reset();
    start(own(), SERVE, false);
  });

  it("is answered once: the same nonce again refuses the credentials", () => {
    expect(challenged("n1")).toBe(PENDING);
    expect(challenged("n1")).toBe(UNPROVED);
    expect(own().problem).toBe(0);
  });

  it("with a new nonce is no second chance for credentials that were never accepted", () => {
    expect(challenged("n1")).toBe(PENDING);
    expect(challenged("n2")).toBe(UNPROVED);
  });

  it("that calls the nonce stale is answered once more", () => {
    expect(challenged("n1")).toBe(PENDING);
    expect(challenged("n2", ", stale=true")).toBe(PENDING);
    expect(challenged("n3", ", stale=true")).toBe(UNPROVED);
  });

  it("with a new nonce is answered once more after an earlier success", () => {
    challenged("n1");
    verdict("200 OK", OURS + "\r\n");
    setTime(2000);
    forget(own());
    start(own(), REMOVE, true);
    forget(own());
    start(own(), SERVE, true);
    if (own().phase === SPACED) spacingOver(own());
    expect(own().proved).toBe(1);
    expect(challenged("n2")).toBe(PENDING);
    expect(challenged("n3")).toBe(UNPROVED);
  });

  it("by a proxy is answered like one by the registrar", () => {
    const proxy = 'Proxy-Authenticate: Digest realm="r", nonce="n1", qop="auth"\r\n';
    expect(verdict("407 Proxy", proxy)).toBe(PENDING);
    expect(own().proved).toBe(2);
  });

  it("that cannot be answered says why", () => {
    expect(verdict("401 Unauthorized")).toBe(UNPROVED);
    expect(own().problem).toBe(-10); // none
    reset();
    start(own(), SERVE, false);
    expect(verdict("401 Unauthorized", 'WWW-Authenticate: Basic realm="r"\r\n')).toBe(UNPROVED);
    expect(own().problem).toBe(-11); // none that we speak
    reset();
    start(own(), SERVE, false);
    expect(challenged("n".repeat(193))).toBe(UNPROVED);
    expect(own().problem).toBe(-12); // longer than we keep
    expect(own().phase).toBe(IDLE);
  });

  it("of a server for which the line has no account is not answered", () => {
    say(TEXT_ACCOUNT, 0, 0, "");
    expect(challenged("n1")).toBe(UNPROVED);
    expect(own().problem).toBe(-13);
  });

  it("of a removal is answered once, whatever it says", () => {
    forget(own());
    start(own(), REMOVE, false);
    expect(challenged("n1")).toBe(PENDING);
    expect(challenged("n2", ", stale=true")).toBe(UNPROVED);
  });
});

const PROXY = 'Proxy-Authenticate: Digest realm="p", qop="auth", nonce="';

/** Uses of the nonce in this place of line 0 at server 0, in its own header: "1 2", "- 1". */
function uses(): string {
  let text = "";
  for (let i: u32 = 0; i < 2; i++) {
    const held = challengeAt(own(), i);
    if (i !== 0) text += " ";
    text += held === 0 ? "-" : changetype<Challenge>(held).nc.toString();
  }
  return text;
}

describe("a server and a proxy before it", () => {
  beforeEach(() => {
    reset();
    start(own(), SERVE, false);
  });

  it("that ask in one answer are both answered in the next request, whatever the status", () => {
    const statuses = ["401 Unauthorized", "407 Proxy Authentication Required"];
    for (let i = 0; i < statuses.length; i++) {
      reset();
      start(own(), SERVE, false);
      expect(verdict(statuses[i], challenge("n1") + PROXY + 'p1"\r\n')).toBe(PENDING, statuses[i]);
      expect(own().proved).toBe(3);
      expect(uses()).toBe("1 1");
      expect(own().cseq).toBe(2);
    }
  });

  it("are both answered in a refresh, with the nonces that are held", () => {
    verdict("401 Unauthorized", challenge("n1") + PROXY + 'p1"\r\n');
    expect(verdict("200 OK", OURS + "\r\n")).toBe(GRANTED);
    setTime(2000);
    spacingOver(own());
    start(own(), REMOVE, true);
    expect(own().proved).toBe(3);
    expect(uses()).toBe("2 2");
  });

  it("that ask one after the other get an answer each", () => {
    expect(verdict("407 Proxy", PROXY + 'p1"\r\n')).toBe(PENDING);
    expect(own().proved).toBe(2);
    expect(challenged("n1")).toBe(PENDING);
    expect(own().proved).toBe(3);
    expect(uses()).toBe("2 1");
    expect(verdict("407 Proxy", PROXY + 'p2"\r\n')).toBe(UNPROVED);
  });

  it("that ask in the other order get an answer each too", () => {
    expect(challenged("n1")).toBe(PENDING);
    expect(verdict("407 Proxy", PROXY + 'p1"\r\n')).toBe(PENDING);
    expect(uses()).toBe("2 1");
    expect(challenged("n2")).toBe(UNPROVED);
  });

  it("have a stale nonce each, answered once more each", () => {
    verdict("401 Unauthorized", challenge("n1") + PROXY + 'p1"\r\n');
    expect(verdict("407 Proxy", PROXY + 'p2", stale=true\r\n')).toBe(PENDING);
    expect(uses()).toBe("2 1");
    expect(challenged("n2", ", stale=true")).toBe(PENDING);
    expect(uses()).toBe("1 2");
    expect(verdict("407 Proxy", PROXY + 'p3", stale=true\r\n')).toBe(UNPROVED);
  });

  it("are not answered by halves", () => {
    expect(verdict("401 Unauthorized", challenge("n1") + "Proxy-Authenticate: Basic realm=p\r\n")).toBe(
      UNPROVED,
    );
    expect(own().problem).toBe(-11);
    reset();
    start(own(), SERVE, false);
    const basic = "WWW-Authenticate: Basic realm=p\r\n";
    expect(verdict("407 Proxy", basic + PROXY + 'p1"\r\n')).toBe(UNPROVED);
    expect(own().problem).toBe(-11);
  });

  it("refuse the credentials when one of them does", () => {
    verdict("401 Unauthorized", challenge("n1") + PROXY + 'p1"\r\n');
    expect(verdict("401 Unauthorized", challenge("n1") + PROXY + 'p2", stale=true\r\n')).toBe(UNPROVED);
    expect(own().problem).toBe(0);
  });

  it("are both answered once in a removal", () => {
    forget(own());
    start(own(), REMOVE, false);
    expect(verdict("407 Proxy", PROXY + 'p1"\r\n')).toBe(PENDING);
    expect(challenged("n1")).toBe(PENDING);
    expect(verdict("407 Proxy", PROXY + 'p2", stale=true\r\n')).toBe(UNPROVED);
  });

  it("speak of themselves only: the next nonce is for the server's header", () => {
    verdict("401 Unauthorized", challenge("n1") + PROXY + 'p1"\r\n');
    expect(verdict("200 OK", OURS + '\r\nAuthentication-Info: nextnonce="n2"\r\n')).toBe(GRANTED);
    expect(uses()).toBe("0 1");
  });

  it("one of which lost its place to another server is asked for anew", () => {
    verdict("401 Unauthorized", challenge("n1") + PROXY + 'p1"\r\n');
    expect(verdict("200 OK", OURS + "\r\n")).toBe(GRANTED);
    start(own(), REMOVE, true);
    const held = claimChallenge(binding(0, 1), 1);
    changetype<Challenge>(held).algorithm = 1;
    expect(verdict("401 Unauthorized", challenge("n3"))).toBe(PENDING);
    expect(own().proved & 1).toBe(1);
  });
});

describe("credentials", () => {
  it("that were accepted and are refused now go out twice at most, and once in each later attempt", () => {
    reset();
    start(own(), SERVE, false);
    challenged("n1");
    expect(verdict("200 OK", OURS + "\r\n")).toBe(GRANTED);
    setTime(2000);
    for (let attempt = 0; attempt < 3; attempt++) {
      setTime(5000 * (attempt + 1));
      spacingOver(own());
      forget(own());
      start(own(), SERVE, true);
      spacingOver(own());
      let sent = own().proved !== 0 ? 1 : 0;
      while (challenged("n" + (10 * attempt + sent + 2).toString()) === PENDING) sent++;
      expect(sent).toBe(attempt === 0 ? 2 : 1, attempt.toString());
    }
  });

  it("that were never accepted do not go out with a nonce that is held", () => {
    reset();
    start(own(), SERVE, false);
    challenged("n1");
    expect(challenged("n2")).toBe(UNPROVED);
    setTime(2000);
    spacingOver(own());
    start(own(), SERVE, true);
    spacingOver(own());
    expect(own().proved).toBe(0);
  });
});
