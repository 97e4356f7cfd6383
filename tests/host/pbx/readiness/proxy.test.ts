// The message proxy finds out whether it works: with a real registrar and a real store, and what breaks them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openStore } from "../../../../host/node/pair/store.ts";
import { Locations } from "../../../../host/pbx/locations.ts";
import { type MessageProxy, whyNoProxy } from "../../../../host/pbx/readiness/proxy.ts";
import { Registrar } from "../../../../host/pbx/registrar.ts";
import { temporaryFolder } from "../../folder.ts";

const registrar = new Registrar({ realm: "pbx.example", accounts: [] });
const ask: MessageProxy["ask"] = (bytes, from) => registrar.handle(bytes, from, 0)[0]?.bytes;

test("it answers and keeps, and leaves nothing behind", () => {
  const locations = new Locations();
  assert.equal(whyNoProxy({ ask, locations }, 1000), undefined);
  assert.equal(whyNoProxy({ ask, locations }, 1000), undefined, "again at the same moment");
  assert.deepEqual(locations.users(1000), []);
});

test("no answer, half an answer, and that of another request", () => {
  const answers: MessageProxy["ask"][] = [
    () => undefined,
    (bytes, from) => ask(bytes, from)?.slice(0, 5),
    (bytes, from) =>
      Buffer.from(String(Buffer.from(ask(bytes, from) ?? [])).replace("Call-ID: probe", "Call-ID: other")),
  ];
  const said = answers.map((other) => whyNoProxy({ ask: other, locations: new Locations() }, 1000));
  assert.deepEqual(said, [
    "a request of our own was not answered",
    "a request of our own was not answered",
    "a request of our own got the answer of another",
  ]);
});

test("a store that keeps nothing any more is found", async () => {
  const store = await openStore({ folder: temporaryFolder(), now: () => 1000 });
  assert.equal(whyNoProxy({ ask, locations: store.locations }, 1000), undefined);
  store.close();
  assert.throws(() => whyNoProxy({ ask, locations: store.locations }, 1000));
  const deaf = new Locations();
  deaf.grant = () => false;
  assert.equal(whyNoProxy({ ask, locations: deaf }, 1000), "a binding was granted and is not kept");
});
