// Answers of an etcd that is none, is broken or means no good: never more than "failed", and never a licence to act.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { Etcd } from "../../../../host/node/session/etcd.ts";
import type { Answer, Question } from "../../../../host/session/lease/owner.ts";
import { Ownership } from "../../../../host/session.ts";

async function answering(context: TestContext, body: string, status = 200): Promise<Etcd> {
  const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return new Etcd({ endpoints: [endpoint], key: "/k", name: "n", timeoutMs: 20_000 });
}

const QUESTIONS = {
  look: { kind: "look", id: 1 },
  grant: { kind: "grant", id: 1, seconds: 9 },
  claim: { kind: "claim", id: 1, lease: "7" },
  renew: { kind: "renew", id: 1, lease: "7", epoch: 5 },
} as const satisfies Record<string, Question>;

const ROWS: readonly (readonly [keyof typeof QUESTIONS, string, Answer["kind"]])[] = [
  ["look", "null", "failed"],
  ["look", "<html>", "failed"],
  ["look", `{"kvs":[null]}`, "failed"],
  ["grant", `{"ID":"7","TTL":"9"}`, "granted"],
  ["grant", "{}", "failed"],
  ["grant", `{"ID":"7"}`, "failed"],
  ["grant", `{"TTL":"9"}`, "failed"],
  ["grant", `{"ID":"7","TTL":"soon"}`, "failed"],
  ["grant", `{"ID":"7","TTL":"9","error":"etcdserver: no leader"}`, "failed"],
  ["claim", `{"succeeded":true,"header":{"revision":"5"}}`, "claimed"],
  ["claim", `{"succeeded":true}`, "failed"],
  ["claim", `{"succeeded":true,"header":{"revision":"much"}}`, "failed"],
  ["claim", `{"succeeded":"true","header":{"revision":"5"}}`, "beaten"],
  ["renew", `{"result":{"TTL":"9"},"kvs":[{"create_revision":"5"}]}`, "renewed"], // one body for both requests of it
  ["renew", `{"result":{"TTL":"9"},"kvs":[{"create_revision":"6"}]}`, "gone"],
  ["renew", `{"result":{"TTL":"9"}}`, "gone"],
  ["renew", `{"result":{"TTL":"0"}}`, "gone"],
  ["renew", "{}", "gone"],
];

for (const [question, body, kind] of ROWS) {
  test(`${question}: ${body} is "${kind}"`, async (context) => {
    const etcd = await answering(context, body);
    assert.equal((await etcd.ask(QUESTIONS[question])).kind, kind);
  });
}

test("an address with an account in it is refused, and its password is not repeated", () => {
  assert.throws(
    () => new Ownership({ etcd: ["http://root:hidden@10.0.0.1:2379"], name: "n" }),
    ({ message }: Error) => /take it out/.test(message) && !message.includes("hidden"),
  );
});
