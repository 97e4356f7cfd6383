// Nonces under a seal: what ages them, what does not, and what is none of ours.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Digest, type Secret } from "../../../host/pbx/digest.ts";
import { authorization } from "./phone.ts";

const DIGEST = { realm: "r", algorithms: ["MD5"], qop: true, nonceLifeMs: 300_000, key: "k" } as const;

/** Judges an Authorization line for an account whose password is "secret". */
function judged(digest: Digest, line: string): string {
  const secretOf = (): Secret => ({ kind: "password", password: "secret" });
  const verdict = digest.judge([line.slice("Authorization: ".length)], "REGISTER", secretOf, 0);
  return verdict.kind === "ask" && verdict.stale ? "stale" : verdict.kind;
}

test("no flood of requests ages the challenge of a phone, and none of its counts is taken twice", () => {
  const digest = new Digest(DIGEST);
  const held = digest.challenge("WWW-Authenticate", false, 0)[0] ?? "";
  const use = (count: number): string => judged(digest, authorization(held, { count }));
  for (let at = 0; at < 25_000; at++) digest.challenge("WWW-Authenticate", false, 0);
  assert.deepEqual(
    [use(1), use(1), use(3), use(2), use(4)],
    ["proven", "stale", "proven", "stale", "proven"],
  );
});

test("of 10,000 challenges that were answered the first is void, and cannot be played again", () => {
  const digest = new Digest(DIGEST);
  const next = (): string => authorization(digest.challenge("WWW-Authenticate", false, 0)[0] ?? "");
  const lines = Array.from({ length: 10_001 }, next);
  const unused = next();
  for (const line of lines) assert.equal(judged(digest, line), "proven");
  assert.equal(judged(digest, lines[0] ?? ""), "stale");
  assert.equal(judged(digest, lines[1] ?? ""), "stale", "its count was taken");
  assert.equal(judged(digest, unused), "proven");
});

const CHANGES: readonly (readonly [what: string, change: (nonce: string) => string])[] = [
  ["of another seal", (nonce) => nonce.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"))],
  ["of another moment", (nonce) => nonce.replace(/^./, "1")],
  ["of another network", (nonce) => `${nonce}192.0.2.1`],
  ["of no digits", () => "nonsense"],
  ["of nothing", () => ""],
];
for (const [what, change] of CHANGES)
  test(`a nonce ${what} is not ours`, () => {
    const digest = new Digest(DIGEST);
    const challenge = digest.challenge("WWW-Authenticate", false, 0)[0] ?? "";
    const changed = challenge.replace(/nonce="([^"]*)"/, (_, nonce) => `nonce="${change(nonce)}"`);
    assert.equal(judged(digest, authorization(changed)), "stale");
  });
