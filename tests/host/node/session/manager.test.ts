// Phones in one program, an application in another: a manager and a provider over real HTTP on loopback.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { Manager, type ManagerOptions, Provider, type ServiceEvent } from "../../../../host/session.ts";
import { OrderCheck } from "../../session/events/order.ts";
import { runTo, VirtualPhone, watching } from "../../session/events/phones.ts";
import { until } from "../../until.ts";

interface Stage {
  readonly phone: VirtualPhone;
  readonly service: ReturnType<typeof watching>["service"];
  /** A manager of the same phones, at an address of its own. */
  open(options?: Partial<ManagerOptions>): Promise<Managed>;
}

interface Managed {
  readonly url: string;
  readonly manager: Manager;
  readonly server: Server;
  close(): void;
}

function stage(context: TestContext): Stage {
  const phone = new VirtualPhone();
  const { service } = watching(phone);
  runTo(1000, phone);
  return {
    phone,
    service,
    async open(options = {}) {
      const manager = new Manager({ service, ...options });
      const server = createServer(manager.handle).listen(0, "127.0.0.1");
      await once(server, "listening");
      const close = (): void => {
        manager.close();
        server.close();
        server.closeAllConnections();
      };
      context.after(close);
      return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, manager, server, close };
    },
  };
}

function listening(
  context: TestContext,
  ...managers: string[]
): { provider: Provider; told: ServiceEvent[] } {
  const provider = new Provider({ managers, retrySeconds: 5 });
  context.after(() => provider.shutdown());
  const told: ServiceEvent[] = [];
  const order = new OrderCheck();
  provider.on("event", (event) => {
    told.push(event);
    order.hear(event);
  });
  return { provider, told };
}

/** Waits until that has been told. */
async function heard(told: readonly ServiceEvent[], type: ServiceEvent["type"]): Promise<ServiceEvent> {
  const found = (): ServiceEvent | undefined => told.find((each) => each.type === type);
  await until(
    () => found() !== undefined,
    () => `${type} in ${told.map((each) => each.type)}`,
  );
  return found() as ServiceEvent;
}

/** Takes the clock and the timers away from a test, not its sockets. @returns lets so many ms pass */
function virtualTime({ mock }: TestContext): (ms: number) => void {
  let now = 0;
  mock.method(performance, "now", () => now);
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  return (ms) => {
    now += ms;
    mock.timers.tick(ms);
  };
}

test("an application is brought up to date, follows, and goes on with the next manager and the same calls", async (context) => {
  const { phone, service, open } = stage(context);
  const [first, second] = [await open(), await open()];
  service.callBegan({ call: "c1", terminal: "T1", address: "6000", state: "ringing" });
  const { provider, told } = listening(context, first.url, second.url);
  await provider.open();
  await heard(told, "callStarted");
  assert.deepEqual(
    told.map(({ type }) => type),
    ["providerInService", "addressInService", "terminalInService", "callStarted"],
  );
  service.callChanged("c1", "connected");
  await heard(told, "callChanged");
  told.length = 0;
  first.close();
  service.callChanged("c1", "held"); // nobody sees it happen
  await heard(told, "callSnapshot");
  assert.equal(provider.manager, second.url);
  assert.deepEqual(
    told.map(({ type, call, state, cause }) => [type, call, state, cause].filter((word) => word).join(" ")),
    [
      "callObservationEnded c1 connected link",
      "addressOutOfService link",
      "terminalOutOfService link",
      "providerOutOfService link",
      "providerInService normal",
      "addressInService normal",
      "terminalInService normal",
      "callSnapshot c1 held snapshot",
    ],
  );
  told.length = 0;
  phone.tell({ t: 2000, type: "outOfService", line: "6000", server: "primary", reason: { rule: "link" } });
  assert.equal((await heard(told, "terminalOutOfService")).cause, "link");
});

test("a manager that says nothing for two intervals is lost, though its connection stands", async (context) => {
  const pass = virtualTime(context);
  const { open } = stage(context);
  const silent = createServer((_request, response) => {
    response.write(`{"kind":"hello","schema":1,"heartbeatSeconds":30}\n`);
    response.write(`{"kind":"whole","seats":[],"calls":[],"isReachable":true}\n`);
  }).listen(0, "127.0.0.1");
  await once(silent, "listening");
  context.after(() => {
    silent.close();
    silent.closeAllConnections();
  });
  const beating = await open();
  const { provider, told } = listening(
    context,
    `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`,
    beating.url,
  );
  await provider.open();
  await heard(told, "providerInService");
  pass(59_999);
  assert.equal(provider.provider, "in");
  pass(1);
  await heard(told, "providerOutOfService");
  await heard(told, "terminalInService");
  assert.equal(provider.manager, beating.url);
  // This one has nothing to tell either, and beats.
  const read = context.mock.method(JSON, "parse");
  const beats = (): number =>
    read.mock.calls.filter((call) => call.arguments[0] === '{"kind":"heartbeat"}').length;
  for (let beat = 1; beat <= 4; beat++) {
    pass(30_000);
    await until(() => beats() === beat, "the heartbeat is read");
  }
  assert.equal(provider.provider, "in");
});

test("a long word that comes slowly is no silence: whatever comes counts", async (context) => {
  const pass = virtualTime(context);
  const decode = context.mock.method(TextDecoder.prototype, "decode");
  const read = (): string => decode.mock.calls.map(({ result }) => result).join("");
  let written = "";
  let asked = 0;
  const slow = createServer(async (_request, response) => {
    asked++;
    const write = (text: string): Promise<void> => {
      response.write(text);
      written += text;
      return until(() => read() === written);
    };
    await write(`{"kind":"hello","schema":1,"heartbeatSeconds":0.5}\n`);
    for (const letters of `{"kind":"whole","seats":[],"calls":[],"isReachable":true}\n`.match(
      /[\s\S]{1,4}/g,
    ) ?? []) {
      pass(900); // two intervals are 1 s, and the line takes more than ten of them
      await write(letters);
    }
  }).listen(0, "127.0.0.1");
  await once(slow, "listening");
  context.after(() => {
    slow.close();
    slow.closeAllConnections();
  });
  const { provider, told } = listening(context, `http://127.0.0.1:${(slow.address() as AddressInfo).port}/`);
  await provider.open();
  await heard(told, "providerInService");
  assert.equal(asked, 1);
});

test("when none answers at first, open() fails with the way out; an unfit list is refused before", async () => {
  const provider = new Provider({ managers: ["http://127.0.0.1:1", "http://127.0.0.1:2"] });
  const notices: string[] = [];
  provider.on("notice", (text) => notices.push(text));
  await assert.rejects(provider.open(), { code: "managers", message: /none of the managers answers/ });
  assert.equal(notices.length, 2);
  assert.throws(() => new Provider({ managers: ["http://a:1", "http://a:1/"] }), /stands at 1 and at 2/);
  assert.throws(() => new Provider({ managers: ["a"] }), /no address such as/);
  assert.throws(() => new Provider({ managers: [] }), /1 to 10 are allowed/);
});

test("a manager of another schema is not believed", async (context) => {
  const server = createServer((_request, response) => {
    response.end(`{"kind":"hello","schema":2,"heartbeatSeconds":30}\n`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  const provider = new Provider({ managers: [`http://127.0.0.1:${(server.address() as AddressInfo).port}`] });
  const notice = once(provider, "notice");
  await assert.rejects(provider.open(), { code: "managers" });
  assert.match(String(await notice), /it speaks schema 2, this program 1/);
});

test("commands carry an epoch: an older one is refused, and so is what is none", async (context) => {
  const { open } = stage(context);
  const { url, manager } = await open({
    command: ({ epoch, answer: call }) => {
      if (call === "nobody") throw new Error("no such call");
      return { answered: call, by: epoch };
    },
  });
  const { provider } = listening(context, url);
  await provider.open();
  assert.deepEqual(await provider.command(7, { answer: "c1" }), { answered: "c1", by: 7 });
  await assert.rejects(provider.command(6, { answer: "c1" }), {
    code: "epoch",
    message: "epoch 6 is over, 7 owns",
  });
  await assert.rejects(provider.command(7, { answer: "nobody" }), {
    code: "command",
    message: "no such call",
  });
  assert.equal(manager.epoch, 7);
  const post = async (body: string): Promise<number> => (await posted(url, body)).status;
  assert.deepEqual(
    [
      await post("{}"),
      await post("no JSON"),
      await post('{"epoch":"8"}'),
      await post(`{"epoch":8,"pad":"${"x".repeat(70_000)}"}`),
    ],
    [400, 400, 400, 400],
  );
  assert.equal((await fetch(url, { method: "DELETE" })).status, 405);
  const deaf = await open();
  assert.equal((await posted(deaf.url, '{"epoch":1}')).status, 405);
});

function posted(url: string, body: string, type = "application/json"): Promise<Response> {
  return fetch(url, { method: "POST", body, headers: { "content-type": type } });
}

test("a web page cannot slip a command in: what it may send without being asked is refused", async (context) => {
  const { open } = stage(context);
  const carriedOut: number[] = [];
  const { url, manager } = await open({ command: ({ epoch }) => carriedOut.push(epoch) });
  for (const type of ["text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "multipart/form-data"])
    assert.equal((await posted(url, '{"epoch":9}', type)).status, 415);
  assert.equal((await posted(url, '{"epoch":9}', "Application/JSON; charset=utf-8")).status, 200);
  assert.deepEqual([carriedOut, manager.epoch], [[9], 9]);
});

test("a result that is no JSON is told as a refusal, and the program goes on", async (context) => {
  const { open } = stage(context);
  const ring: { self?: object } = {};
  ring.self = ring;
  const results: Record<string, unknown> = { ring, big: 1n };
  const { url } = await open({ command: ({ what }) => results[String(what)] });
  const { provider } = listening(context, url);
  await provider.open();
  for (const what of ["ring", "big"])
    await assert.rejects(provider.command(1, { what }), { code: "command", message: /JSON|BigInt/ });
  assert.equal(await provider.command(1, { what: "nothing" }), null);
});

test("a manager that was closed takes no reader: it would wait for a word for ever", async (context) => {
  const { open } = stage(context);
  const { url, manager } = await open();
  manager.close();
  assert.equal((await fetch(url)).status, 410);
});
