// One server behind its faults: each takes away what it says and no more.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerVerb } from "../../../host/pbx/faults.ts";
import { type Outcome, PbxServer } from "../../../host/pbx/server.ts";
import { authorization, PHONE, read, request, type Said } from "./phone.ts";

const OPTIONS = {
  realm: "pbx.example",
  algorithms: ["MD5"] as const,
  accounts: ["6000", "6001"].map((user) => ({
    user,
    account: user,
    secret: { kind: "password" as const, password: "secret" },
  })),
};

/** Two servers that know each other by name. */
function pair(): { primary: PbxServer; backup: PbxServer } {
  const servers = new Map<string, PbxServer>();
  const neighbours = {
    contactOf: (name: string) => (servers.has(name) ? `${name}.example:5080` : undefined),
    tableOf: (name: string) => servers.get(name)?.table,
  };
  const primary = new PbxServer(OPTIONS, neighbours);
  const backup = new PbxServer(OPTIONS, neighbours);
  servers.set("primary", primary).set("backup1", backup);
  return { primary, backup };
}

function broken(...verbs: ServerVerb[]): PbxServer {
  const { primary } = pair();
  for (const verb of verbs) primary.apply(verb);
  return primary;
}

function answer(outcome: Outcome): Said {
  assert.equal(outcome.kind, "answered");
  return read(outcome.kind === "answered" ? outcome.replies[0]?.bytes : undefined);
}

/** Status a request gets, or what happened to it. */
function tell(server: PbxServer, method: string, user = "6000"): string {
  const outcome = server.handle(request({ method, user }), PHONE, 0);
  return outcome.kind === "answered" ? `${answer(outcome).status}` : outcome.kind;
}

let cseq = 0;

function bind(server: PbxServer, contact: string, expires: number): Said {
  const ask = { contacts: [contact], expires };
  const asked = answer(server.handle(request({ ...ask, cseq: ++cseq }), PHONE, 0));
  const more = [authorization(asked.header("WWW-Authenticate")[0] ?? "")];
  return answer(server.handle(request({ ...ask, cseq: ++cseq, more }), PHONE, 0));
}

test("a healthy server answers both methods", () => {
  assert.equal(tell(broken(), "REGISTER"), "401");
  assert.equal(tell(broken(), "OPTIONS"), "200");
});

test("each fault takes away what it says and no more", () => {
  const rows: [ServerVerb, register: string, options: string][] = [
    [{ kind: "silent" }, "lost", "lost"],
    [{ kind: "refuses" }, "refused", "refused"],
    [{ kind: "deaf" }, "401", "lost"],
    [{ kind: "mute" }, "lost", "200"],
    [{ kind: "mute", line: "6001" }, "401", "200"],
    [{ kind: "mute", line: "6000" }, "lost", "200"],
    [{ kind: "answers", status: 503, to: "REGISTER" }, "503", "200"],
    [{ kind: "answers", status: 500, to: "OPTIONS" }, "401", "500"],
    [{ kind: "answers", status: 403, to: "REGISTER", line: "6001" }, "401", "200"],
  ];
  for (const [verb, register, options] of rows) {
    assert.equal(tell(broken(verb), "REGISTER"), register, JSON.stringify(verb));
    assert.equal(tell(broken(verb), "OPTIONS"), options, JSON.stringify(verb));
  }
});

test("faults add up, the later one of a kind counts, and back withdraws all of them", () => {
  const server = broken({ kind: "deaf" }, { kind: "mute" });
  assert.deepEqual([tell(server, "OPTIONS"), tell(server, "REGISTER")], ["lost", "lost"]);
  server.apply({ kind: "refuses" });
  assert.equal(tell(server, "OPTIONS"), "refused");
  server.apply({ kind: "silent" });
  assert.equal(tell(server, "OPTIONS"), "lost");
  server.apply({ kind: "back" });
  assert.deepEqual([tell(server, "OPTIONS"), tell(server, "REGISTER")], ["200", "401"]);
});

test("an answer carries Retry-After, and the Contact of the server it sends the phone to", () => {
  const busy = broken({ kind: "answers", status: 503, to: "REGISTER", retryAfterSeconds: 300 });
  const said = answer(busy.handle(request(), PHONE, 0));
  assert.deepEqual(said.header("Retry-After"), ["300"]);
  const moved = broken({ kind: "answers", status: 302, to: "REGISTER", contact: "backup1" });
  assert.deepEqual(answer(moved.handle(request(), PHONE, 0)).header("Contact"), [
    "<sip:backup1.example:5080>",
  ]);
});

test("an answer 401 or 407 is a challenge that nothing satisfies", () => {
  for (const [status, header] of [
    [401, "WWW-Authenticate"],
    [407, "Proxy-Authenticate"],
  ] as const) {
    const server = broken({ kind: "answers", status, to: "REGISTER" });
    const asked = answer(server.handle(request(), PHONE, 0));
    assert.equal(asked.header(header).length, 1);
    const more = [authorization(asked.header(header)[0] ?? "")];
    assert.equal(answer(server.handle(request({ cseq: 2, more }), PHONE, 0)).status, status);
  }
});

test("grants and min-expires replace the terms of the registrar", () => {
  const contact = "<sip:6000@192.0.2.9;sf=p>";
  assert.deepEqual(bind(broken({ kind: "grants", seconds: 60 }), contact, 120).header("Contact"), [
    `${contact};expires=60`,
  ]);
  assert.deepEqual(bind(broken({ kind: "grants", seconds: 0 }), contact, 120).header("Contact"), [
    `${contact};expires=0`,
  ]);
  assert.equal(
    bind(broken({ kind: "grants", seconds: 60, line: "6001" }), contact, 120).header("Contact")[0],
    `${contact};expires=120`,
  );
  const short = bind(broken({ kind: "minExpires", seconds: 900 }), contact, 120);
  assert.deepEqual([short.status, short.header("Min-Expires")], [423, ["900"]]);
});

test("latency is the time from request to answer", () => {
  const outcome = broken({ kind: "latency", delayMs: 250 }).handle(request(), PHONE, 0);
  assert.equal(outcome.kind === "answered" && outcome.delayMs, 250);
});

test("a restart forgets bindings and nonces, and heals nothing", () => {
  const server = broken({ kind: "deaf" });
  bind(server, "<sip:6000@192.0.2.9;sf=p>", 120);
  assert.deepEqual(server.table.users(0), ["6000"]);
  server.apply({ kind: "restarts" });
  assert.deepEqual(server.table.users(0), []);
  assert.equal(tell(server, "OPTIONS"), "lost");
});

test("a shared location table shows the bindings of both, until back", () => {
  const { primary, backup } = pair();
  backup.apply({ kind: "sharesLocation", server: "primary" });
  bind(primary, "<sip:6000@192.0.2.9;sf=p>", 120);
  const listed = bind(backup, "<sip:6000@192.0.2.9;sf=b>", 120);
  assert.equal(listed.header("Contact").length, 2);
  const left = bind(backup, "<sip:6000@192.0.2.9;sf=b>", 0);
  assert.deepEqual(left.header("Contact"), ["<sip:6000@192.0.2.9;sf=p>;expires=120"]);
  backup.apply({ kind: "back" });
  assert.equal(bind(backup, "<sip:6000@192.0.2.9;sf=b>", 120).header("Contact").length, 1);
});
