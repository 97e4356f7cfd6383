// What a PBX says does not leave its line.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LineTelling } from "../../../host/cli/session-output.ts";
import { ApplicationSession } from "../../../host/node/session/follow.ts";
import { SoapDriver } from "../../../host/node/session/soap-driver.ts";
import type { SessionEvent } from "../../../host/session/login/events.ts";

const PLACE = { host: "192.0.2.1", port: 80, path: "/", security: undefined };
const LOGIN = { account: "a", password: "p", pbxUser: "q", application: "x" };
const SESSION = { server: "main", ticket: { id: "1", key: "the-key" }, serial: 1 } as const;
const NASTY = "busy\u001b[2J\u009b2J\nlogin refused";

test("a state or a fault with an escape sequence and a line of its own stays one line of plain text", (context) => {
  const written: string[] = [];
  const keep = (text: string): boolean => written.push(text) > 0;
  const driver = new SoapDriver({ ...PLACE, ...LOGIN }, undefined);
  const telling = new LineTelling(new ApplicationSession({ driver, hasStandby: false }));
  const events: readonly SessionEvent[] = [
    { at: 0, kind: "news", session: SESSION, changes: [{ kind: "user", id: NASTY, state: NASTY }] },
    { at: 0, kind: "errorLog", text: `session lost: main: fault: ${NASTY}` },
    { at: 0, kind: "missed", server: "main", call: "echo", misses: 1, of: 2, cause: NASTY },
  ];
  context.mock.method(process.stdout, "write", keep);
  context.mock.method(process.stderr, "write", keep);
  for (const event of events) telling.event(event);
  context.mock.restoreAll();
  assert.equal(written.length, 3);
  for (const text of written) assert.match(text, /^\P{Cc}*\n$/u);
  assert.match(written[0] ?? "", /user busy\u{fffd}\[2J/u);
});
