// The least time between two attempts at one server: waiting for it is not silence of the server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseScenario } from "../../host/sim/scenario.ts";
import { World } from "../../host/sim/world.ts";
import { module, phoneConfig, sentAt } from "./fixture.ts";

test("a refresh that has to wait longer than a whole attempt may last is sent, and blames nobody", () => {
  const world = new World({
    module: module(),
    config: phoneConfig({
      servers: 2,
      lines: 1,
      params: { registerSpacing: 10_000, registerTimeout: 2000, registerRefreshInterval: 120 },
    }),
    steps: parseScenario("2 host refresh"),
  }).runTo(30_000);
  assert.deepEqual(
    world.events.filter(({ type }) => type === "serverDown" || type === "outOfService"),
    [],
  );
  assert.deepEqual(sentAt(world, "REGISTER", "primary"), [0, 0, 10_000]);
});
