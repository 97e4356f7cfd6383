// Redrawing in place, seen by a terminal of the plainest kind: it knows the four sequences that are used.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cut, Screen } from "../../../host/cli/screen.ts";

/** What a terminal shows after everything that was written to it. */
class Shown {
  readonly columns = 20;
  readonly rows = 5;
  #lines: string[] = [""];
  #row = 0;
  #column = 0;
  cursorHidden = false;

  write(text: string): void {
    for (const [piece] of text.matchAll(/\x1b\[\??\d*[A-Za-z]|\r|\n|[^\x1b\r\n]+/g)) this.#take(piece);
  }

  get lines(): string[] {
    return this.#lines;
  }

  #take(piece: string): void {
    const up = /^\x1b\[(\d+)A$/.exec(piece)?.[1];
    if (up !== undefined) this.#row -= Number(up);
    else if (piece === "\r") this.#column = 0;
    else if (piece === "\n") [this.#row, this.#column] = [this.#row + 1, 0];
    else if (piece === "\x1b[K") this.#lines[this.#row] = this.#line().slice(0, this.#column);
    else if (piece === "\x1b[J")
      this.#lines = [...this.#lines.slice(0, this.#row), this.#line().slice(0, this.#column)];
    else if (piece === "\x1b[?25l" || piece === "\x1b[?25h") this.cursorHidden = piece.endsWith("l");
    else this.#put(piece);
  }

  #put(text: string): void {
    const line = this.#line().padEnd(this.#column);
    this.#lines[this.#row] = line.slice(0, this.#column) + text + line.slice(this.#column + text.length);
    this.#column += text.length;
  }

  #line(): string {
    return this.#lines[this.#row] ?? "";
  }
}

test("a frame takes the place of the last one, longer lines and more lines included", () => {
  const shown = new Shown();
  const screen = new Screen(shown);
  screen.draw(["first line", "second", "third"]);
  assert.deepEqual(shown.lines, ["first line", "second", "third", ""]);
  screen.draw(["one", "two"]);
  assert.deepEqual(shown.lines, ["one", "two", ""]);
  screen.draw(["a", "b", "c"]);
  assert.deepEqual(shown.lines, ["a", "b", "c", ""]);
});

test("a frame larger than the terminal is cut at the right and at the top, and still redrawn in place", () => {
  const shown = new Shown();
  const screen = new Screen(shown);
  const tall = ["1", "2", "3", "4", "5", `6 ${"x".repeat(40)}`];
  screen.draw(tall);
  screen.draw(tall);
  assert.deepEqual(shown.lines, ["3", "4", "5", `6 ${"x".repeat(18)}`, ""]);
});

test("the cursor is hidden while frames are drawn and given back at the end", () => {
  const shown = new Shown();
  const screen = new Screen(shown);
  screen.draw(["x"]);
  assert.equal(shown.cursorHidden, true);
  screen.end();
  assert.equal(shown.cursorHidden, false);
});

test("after another size of the terminal everything is drawn from its top", () => {
  const writes: string[] = [];
  const screen = new Screen({ columns: 20, rows: 5, write: (text) => writes.push(text) });
  screen.clear();
  assert.deepEqual(writes, [], "there is nothing to clear yet");
  screen.draw(["x"]);
  screen.clear();
  screen.draw(["y"]);
  assert.equal(writes[1], "\x1b[H\x1b[2J");
  assert.doesNotMatch(writes[2] ?? "", /\x1b\[\d+A/);
});

test("nothing is erased before its new content is there", () => {
  const writes: string[] = [];
  const screen = new Screen({ columns: 20, rows: 5, write: (text) => writes.push(text) });
  screen.draw(["x"]);
  screen.draw(["y"]);
  assert.equal(writes.length, 2, "one write for each frame");
  assert.match(writes[1] ?? "", /^\x1b\[1A\ry\x1b\[K\n\x1b\[J$/);
});

for (const [line, columns, expected] of [
  ["plain", 5, "plain"],
  ["plain", 3, "pla"],
  ["\x1b[32mgreen\x1b[39m", 5, "\x1b[32mgreen\x1b[39m"],
  ["\x1b[32mgreen\x1b[39m", 2, "\x1b[32mgr\x1b[0m"],
] as const) {
  test(`${JSON.stringify(line)} in ${columns} columns`, () => assert.equal(cut(line, columns), expected));
}
