// The connection of a standby to its master under many requests at once: none is lost, and it is not cut over them.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Authority } from "../../../../host/node/certificates.ts";
import { Upstream } from "../../../../host/node/pair/upstream.ts";
import { type Heard, listenStream } from "../../../../host/node/pbx-listen.ts";
import { branchOf } from "../../../../host/pbx/pair/relay.ts";
import { fromLatin1, latin1 } from "../../../../host/sip/message.ts";
import { until } from "../../until.ts";

const PHONES = 1000;

/** A master that answers as `onHeard` does, and the connection to it. */
async function open(t: TestContext, onHeard: (heard: Heard) => void) {
  const lost: string[] = [];
  const authority = await Authority.create();
  const identity = await authority.issue({ names: [{ type: "ip", value: "127.0.0.1" }] });
  const master = await listenStream({ address: "127.0.0.1", port: 0, onHeard }, "tls", { identity });
  const upstream = new Upstream({
    to: { address: "127.0.0.1", port: master.port },
    security: { host: "127.0.0.1", ca: [authority.certificate] },
    onHeard: () => {},
    onLost: (why) => lost.push(why),
  });
  t.after(() => {
    upstream.close();
    master.close();
  });
  return { upstream, lost };
}

function requestOf(branch: string): Uint8Array {
  const via = `Via: SIP/2.0/TLS 192.0.2.2;branch=${branch}`;
  return fromLatin1(
    `REGISTER sip:x SIP/2.0\r\n${via}\r\nSubject: ${"x".repeat(400)}\r\nContent-Length: 0\r\n\r\n`,
  );
}

/** As long as a challenge is. */
function answered({ bytes, from, answer }: Heard): void {
  const via = /^Via: .*$/m.exec(latin1(bytes))?.[0]?.trim();
  const more = `Server: ${"x".repeat(700)}\r\nContent-Length: 0\r\n\r\n`;
  answer(fromLatin1(`SIP/2.0 401 Unauthorized\r\n${via}\r\nVia: SIP/2.0/UDP phone\r\n${more}`), from);
}

test("a thousand requests at once are answered over one connection, each once", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] }); // however long it takes
  let heard = 0;
  const { upstream, lost } = await open(t, (asked) => {
    heard++;
    answered(asked);
  });
  let told = 0;
  for (let phone = 0; phone < PHONES; phone++) {
    const branch = `z9hG4bK${phone}`;
    const relay = (): void =>
      upstream.relay(branch, requestOf(branch), (bytes) => {
        assert.ok(bytes, `${branch} got no answer`);
        assert.equal(branchOf(bytes), undefined, "our Via is gone");
        told++;
      });
    relay();
    relay(); // a repeat
  }
  await until(() => told === PHONES);
  assert.equal(heard, PHONES);
  assert.deepEqual(lost, []);
});

test("a master that says nothing costs no more than a thousand requests", async (t) => {
  const { upstream } = await open(t, () => {});
  const told: (Uint8Array | undefined)[] = [];
  for (let phone = 0; phone <= PHONES; phone++) {
    const branch = `z9hG4bK${phone}`;
    upstream.relay(branch, requestOf(branch), (bytes) => told.push(bytes));
  }
  assert.deepEqual(told, [undefined], "the last one is told at once");
});
