// A few lines at the bottom of a terminal that are redrawn in place.
//
// A frame goes out in one write: the cursor moves up, each line is written and cleared to its end, the
// rest is cleared. Nothing is ever erased before it is drawn again, so nothing flickers.

const CLEAR_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";
const CLEAR_ALL = "\x1b[H\x1b[2J";
const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
// Everything that colours a line and takes no room in it (ECMA-48 §8.3.117).
const COLOUR = /\x1b\[[0-9;]*m/y;

export interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

export class Screen {
  readonly #terminal: Terminal;
  #drawn = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Draws the frame over the last one. What does not fit is cut at the right and at the top. */
  draw(frame: readonly string[]): void {
    const { columns = 80, rows = 24 } = this.#terminal;
    const lines = frame.slice(-Math.max(1, rows - 1)).map((line) => cut(line, columns));
    const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A` : HIDE_CURSOR;
    this.#terminal.write(`${up}\r${lines.map((line) => `${line}${CLEAR_LINE}\n`).join("")}${CLEAR_BELOW}`);
    this.#drawn = lines.length;
  }

  /** Forgets where the last frame stands: the terminal has another size, and its lines have moved. */
  clear(): void {
    if (this.#drawn > 0) this.#terminal.write(CLEAR_ALL);
    this.#drawn = 0;
  }

  /** Leaves the last frame as it stands and gives the cursor back. */
  end(): void {
    if (this.#drawn > 0) this.#terminal.write(SHOW_CURSOR);
    this.#drawn = 0;
  }
}

/** The first `columns` characters of a line; colours take no room and are ended. */
export function cut(line: string, columns: number): string {
  let room = columns;
  let coloured = false;
  for (let at = 0; at < line.length; ) {
    COLOUR.lastIndex = at;
    const colour = COLOUR.exec(line)?.[0];
    if (colour !== undefined) {
      coloured = true;
      at += colour.length;
      continue;
    }
    if (room === 0) return `${line.slice(0, at)}${coloured ? "\x1b[0m" : ""}`;
    room -= 1;
    at += 1;
  }
  return line;
}
