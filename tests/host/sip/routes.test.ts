// Path and Service-Route as they are kept: in order, bounded, replaced by each grant.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FIELD_NONE, FIELD_PATH, FIELD_SERVICE_ROUTE } from "../../../assembly/abi.ts";
import { Routes } from "../../../host/sip/routes.ts";

function granted(...lines: readonly (readonly [number, string])[]): Routes {
  const routes = new Routes();
  routes.take(0, FIELD_NONE, "");
  for (const [field, line] of lines) routes.take(0, field, line);
  return routes;
}

test("values of one line and of several are one list, in order, folds undone", () => {
  const routes = granted(
    [FIELD_SERVICE_ROUTE, "<sip:a;lr>,\r\n <sip:b;lr>"],
    [FIELD_PATH, "<sip:p;lr>"],
    [FIELD_SERVICE_ROUTE, '"A, B" <sip:c,d;lr>'],
  );
  assert.deepEqual(routes.of(0), {
    path: ["<sip:p;lr>"],
    serviceRoute: ["<sip:a;lr>", "<sip:b;lr>", '"A, B" <sip:c,d;lr>'],
  });
  assert.deepEqual(routes.of(1), { path: [], serviceRoute: [] });
});

test("each grant replaces what the last one said, and a change is told once", () => {
  const routes = granted([FIELD_SERVICE_ROUTE, "<sip:a;lr>"]);
  assert.deepEqual([routes.changes(), routes.changes()], [[0], []]);
  routes.take(0, FIELD_NONE, "");
  routes.take(0, FIELD_SERVICE_ROUTE, "<sip:a;lr>");
  assert.deepEqual(routes.changes(), [], "the same again");
  routes.take(0, FIELD_NONE, "");
  assert.deepEqual([routes.changes(), routes.of(0).serviceRoute], [[0], []]);
});

test("a restart forgets all of it", () => {
  const routes = granted([FIELD_PATH, "<sip:p;lr>"]);
  routes.changes();
  routes.clear();
  assert.deepEqual([routes.changes(), routes.of(0).path], [[0], []]);
});

for (const [count, kept] of [
  [16, 16],
  [17, 0],
] as const) {
  test(`${count} values: ${kept} are kept`, () => {
    const routes = granted([FIELD_PATH, Array(count).fill("<sip:p;lr>").join(",")]);
    assert.equal(routes.of(0).path.length, kept);
  });
}

for (const [length, kept] of [
  [256, 1],
  [257, 0],
] as const) {
  test(`a value of ${length} characters: ${kept === 1 ? "kept" : "none is"}`, () => {
    const value = `<sip:${"p".repeat(length - 6)}>`;
    assert.equal(value.length, length);
    assert.equal(granted([FIELD_SERVICE_ROUTE, value]).of(0).serviceRoute.length, kept);
  });
}
