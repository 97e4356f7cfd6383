// An application at the wrong address: managers that are none, or mean no good. Nothing waits for ever, and what is sent
// goes to the configured host alone.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { Provider } from "../../../../host/session.ts";

const HELLO = `{"kind":"hello","schema":1,"heartbeatSeconds":30}\n`;

/** The address of a server that answers like that. */
async function serving(context: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function providerOf(context: TestContext, manager: string): Provider {
  const provider = new Provider({ managers: [manager], headers: { "x-secret": "key" } });
  context.after(() => provider.shutdown());
  return provider;
}

test("a redirection is not followed, neither for the stream nor for a command", {
  timeout: 60_000,
}, async (context) => {
  const seen: string[] = [];
  const other = await serving(context, (request, response) => {
    seen.push(`${request.method} ${request.headers["x-secret"]}`);
    response.end(request.method === "GET" ? HELLO : `{"result":1}`);
  });
  const manager = await serving(context, (_, response) => response.writeHead(307, { location: other }).end());
  const provider = providerOf(context, manager);
  await assert.rejects(provider.open(), { code: "managers" });
  await assert.rejects(provider.command(1, {}), { code: "command" });
  assert.deepEqual(seen, []);
});

test("a command whose answer cannot be read has not succeeded", { timeout: 60_000 }, async (context) => {
  for (const body of ["<html>welcome</html>", "null", ""]) {
    const manager = await serving(context, (_, response) => response.end(body));
    await assert.rejects(providerOf(context, manager).command(1, {}), {
      code: "command",
      message: /nothing is known of the command/,
    });
  }
});

test("whoever sends anything but a greeting is given up after 15 s", { timeout: 60_000 }, async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const manager = await serving(context, (_, response) => void response.write(`{"kind":"heartbeat"}\n`));
  const provider = providerOf(context, manager);
  const opened = assert.rejects(provider.open(), { code: "managers" });
  const notice = once(provider, "notice");
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate); // the line has come
  context.mock.timers.tick(15_000);
  assert.match(String(await notice), /no greeting within 15 s/);
  await opened;
});

test("open() settles whatever becomes of it: ended meanwhile, asked twice, asked after it failed", {
  timeout: 60_000,
}, async (context) => {
  const mute = await serving(context, () => {});
  const ended = providerOf(context, mute);
  const opening = assert.rejects(ended.open(), { code: "managers", message: /shut down/ });
  ended.shutdown();
  await opening;
  await assert.rejects(ended.open(), { code: "managers", message: /shut down/ });

  const greeting = await serving(context, (_, response) => void response.write(HELLO));
  const twice = providerOf(context, greeting);
  await Promise.all([twice.open(), twice.open()]);
  await twice.open();

  const dead = providerOf(context, "http://127.0.0.1:1");
  await assert.rejects(dead.open(), { code: "managers" });
  await assert.rejects(dead.open(), { code: "managers", message: /none of the managers answers/ });
});

test("a heartbeat that is none is refused: it would never be missed", {
  timeout: 60_000,
}, async (context) => {
  for (const seconds of [0, -1, 3601, "1e400", null]) {
    const manager = await serving(context, (_, response) =>
      response.end(HELLO.replace("30", JSON.stringify(seconds))),
    );
    const provider = providerOf(context, manager);
    const notice = once(provider, "notice");
    await assert.rejects(provider.open(), { code: "managers" });
    assert.match(String(await notice), /its heartbeatSeconds is .*, allowed up to 3600/);
  }
});

test("an address that cannot be asked is refused, and its password is not repeated", {
  timeout: 60_000,
}, () => {
  assert.throws(() => new Provider({ managers: ["ftp://a"] }), /no address such as/);
  assert.throws(
    () => new Provider({ managers: ["http://user:hidden@a"] }),
    ({ message }: Error) => /take it out/.test(message) && !message.includes("hidden"),
  );
});
