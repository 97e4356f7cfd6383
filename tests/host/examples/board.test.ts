// The example of a live board, run as a user runs it, while its servers die and come back.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { openPair, type Pair } from "../pair.ts";
import { tomlFor } from "../program.ts";
import { Running } from "../running.ts";

const EXAMPLE = "docs/examples/board.mjs";

class Board extends Running {
  #seen = 0;

  constructor(context: TestContext, pair: Pair) {
    const phones = [`reception=${tomlFor(pair, ["6000"])}`, `office=${tomlFor(pair, ["6001"])}`];
    super(process.execPath, [EXAMPLE, ...phones]);
    context.after(() => this.child.kill("SIGKILL"));
  }

  /** Waits for a board, after those that were waited for, in which each of these stands in a line. */
  async shows(...wanted: readonly RegExp[]): Promise<void> {
    await this.until(() => {
      const boards = this.stdout.split("\n\n");
      const at = boards.findIndex((board, index) => {
        return index >= this.#seen && index < boards.length - 1 && wanted.every((each) => each.test(board));
      });
      if (at >= 0) this.#seen = at;
      return at >= 0;
    });
  }
}

test("the board shows an outage of one server, of both, and the way back; the call stays the same", async (context) => {
  const pair = await openPair(context, ["6000", "6001"]);
  const [first, second] = [pair.primary.endpoint.port, pair.backup1.endpoint.port];
  const board = new Board(context, pair);
  const seat = (who: string, where: string, port: number, calls: string): RegExp =>
    new RegExp(`^${who} +600\\d +${where} +127\\.0\\.0\\.1:${port} +${calls} *$`, "m");
  await board.shows(/^provider in$/m, seat("reception", "in", first, "-"), seat("office", "in", first, "-"));

  board.type("call c1 reception 6000");
  board.type("state c1 connected");
  await board.shows(seat("reception", "in", first, "c1 connected"));
  pair.primary.die();
  await board.shows(/^provider in$/m, seat("reception", "out \\(server\\)", first, "\\[c1 connected\\]"));
  await board.shows(seat("reception", "in", second, "c1 connected"), seat("office", "in", second, "-"));
  assert.doesNotMatch(board.stdout, /providerOutOfService/);

  pair.backup1.die();
  await board.shows(/^provider out$/m, seat("reception", "out \\(server\\)", second, "\\[c1 connected\\]"));
  board.type("state c1 held");
  await pair.primary.comeBack();
  await pair.backup1.restart(); // it has forgotten what a phone cannot take back there
  // In service: the snapshot of the move before may still be on the board when the other phone is back first.
  const held = /^reception +6000 +in +\S+ +c1 held *$/m;
  await board.shows(/^provider in$/m, held, /callSnapshot reception 6000 c1 \(snapshot\)/);
  board.type("end c1");
  await board.shows(/callEnded reception 6000 c1 \(normal\)/);

  board.type("cut nowhere");
  await board.until(({ stderr }) => /nowhere/.test(stderr));
  await board.until(() => pair.boundAt("primary").length === 2 && pair.boundAt("backup1").length === 0);
  board.interrupt();
  const { code, stdout } = await board.end();
  assert.equal(code, 0);
  assert.match(stdout, /providerShutdown \(normal\)\n\n$/);
  assert.deepEqual([pair.boundAt("primary"), pair.boundAt("backup1")], [[], []]);
});

test("it uses the public API only, and is short", () => {
  const text = readFileSync(EXAMPLE, "utf8");
  const imports = [...text.matchAll(/from "([^"]+)"/g)].map(([, from]) => from);
  assert.deepEqual(
    imports.filter((from) => !from?.startsWith("node:")),
    ["standfast", "standfast/session"],
  );
  assert.ok(text.split("\n").length < 150);
});

test("it fits the types that are published", () => {
  const options =
    "--noEmit --strict --allowJs --checkJs --module nodenext --target es2023 --types node --skipLibCheck";
  const { status, stdout } = spawnSync("node_modules/.bin/tsc", [...options.split(" "), EXAMPLE], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout);
});

test("without a phone it says how it is used", () => {
  const { status, stderr } = spawnSync(process.execPath, [EXAMPLE], { encoding: "utf8" });
  assert.deepEqual([status, stderr], [2, "usage: node board.mjs TERMINAL=FILE ..\n"]);
});
