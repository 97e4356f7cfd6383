// How one value of another maker is said in ours, and back. What cannot be said exactly comes with a note.
//
// Below: host/params. Above: the tables of the makers.

import { allowed, allowsZero, type NumberRow, type Row, type Value } from "../../params/row.ts";

/** What a translation may depend on, ms. */
export interface Context {
  readonly t1: number;
  readonly t2: number;
}

/** `note`: why this is not the same, only near to it. */
export interface Said<Word> {
  readonly value: Word;
  readonly note?: string;
}

export interface Codec {
  /** What the maker allows, in words. */
  readonly allowed: string;
  /** What their words mean in ours, for the page; absent: the same. */
  readonly means?: string;
  /** Their text in ours; undefined: the maker does not allow it. */
  read(text: string, row: Row, context: Context): Said<Value> | undefined;
  /** Our value in theirs; undefined: they have no word for it. */
  write(value: Value, row: Row, context: Context): Said<string> | undefined;
}

/** Any text; blanks at its ends would be lost in a file. */
export const TEXT: Codec = {
  allowed: "text",
  read: (text) => ({ value: text }),
  write: (value) => (value === "" || value !== String(value).trim() ? undefined : { value: String(value) }),
};

/**
 * A number of `min`..`max` in steps, which times `factor` is ours.
 * @param step the least difference they can say
 */
export function number(min: number, max: number, factor = 1, step = 1): Codec {
  return {
    allowed: `${min}..${max}`,
    ...(factor !== 1 && { means: `times ${factor}` }),
    read: (text, row) => {
      if (!/^\d+(\.\d+)?$/.test(text) || Number(text) < min || Number(text) > max) return undefined;
      return near(inRange(row as NumberRow, Math.round(Number(text) * factor)), Number(text) * factor, row);
    },
    write: (value) => {
      if (value === 0 && min > 0) return undefined; // off, by a word of its own
      const exact = Number(value) / factor;
      const word = clamp(Math.round(exact / step) * step, min, max);
      const said = String(Number(word.toFixed(6)));
      return Math.abs(word - exact) < 1e-9
        ? { value: said }
        : { value: said, note: `${said} is the nearest` };
    },
  };
}

/** Where 0 is a rule of its own in theirs: what comes nearest to it in ours. */
export function zeroAs(codec: Codec, nearest: "default" | "max", note: string): Codec {
  return {
    ...codec,
    read: (text, row, context) =>
      /^0+$/.test(text) ? { value: (row as NumberRow)[nearest], note } : codec.read(text, row, context),
  };
}

/** Where ours must not be above `most`. */
export function atMost(codec: Codec, most: number, note: string): Codec {
  return {
    ...codec,
    read: (text, row, context) => {
      const said = codec.read(text, row, context);
      return said && Number(said.value) > most ? { value: most, note } : said;
    },
  };
}

/** A number above by one: theirs counts the losses that are too many, ours those that are forgiven. */
export function oneMore(min: number, max: number): Codec {
  const plain = number(min - 1, max - 1);
  return {
    allowed: `${min}..${max}`,
    means: "less one",
    read: (text, row, context) =>
      /^\d+$/.test(text) ? plain.read(String(Number(text) - 1), row, context) : undefined,
    write: (value, row, context) => {
      const said = plain.write(value, row, context);
      return said && { ...said, value: String(Number(said.value) + 1) };
    },
  };
}

/** One of their words: its meaning in ours, and where they differ why. The first of each meaning is written. */
export type Word = readonly [theirs: string, ours: Value, note?: string];

export function words(...list: readonly Word[]): Codec {
  return {
    allowed: list.map(([theirs]) => theirs).join(" or "),
    means: list
      .map(([theirs, ours, note]) => `${theirs}: ${shown(ours)}${note ? ", nearly" : ""}`)
      .join("; "),
    read: (text) => {
      const found = list.find(([theirs]) => theirs === text.toLowerCase());
      return found && { value: found[1], ...(found[2] !== undefined && { note: found[2] }) };
    },
    write: (value) => {
      const found = list.find(([, ours]) => ours === value);
      return found && { value: found[0], ...(found[2] !== undefined && { note: found[2] }) };
    },
  };
}

function shown(value: Value): string {
  return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
}

export const SWITCH: Codec = words(["1", true], ["0", false]);

/**
 * How often a request is repeated before the next server. The rule: given up T1 after the last repeat. With T1 500 ms
 * that is 500, 1000, 2000, 4000, 8000, 12000 .. ms for 0, 1, 2 .. repeats, and for 10 of them 32000, which is timer F
 * itself (RFC 3261 §17.1.2.2). The phone's manual calls 2000 ms two repeats.
 */
export const RETRIES: Codec = {
  allowed: "0..20",
  means: "given up t1 after the last repeat: 2 are 2000 ms",
  read: (text, row, context) => {
    if (!/^\d+$/.test(text) || Number(text) > 20) return undefined;
    const exact = lastRepeatMs(Number(text), context) + context.t1;
    const value = inRange(row as NumberRow, exact);
    if (value === exact) return { value };
    return { value, note: `${text} repeats take ${exact} ms; registerTimeout is ${value} ms` };
  },
  write: (value, _row, context) => {
    const totalMs = value === 0 ? 64 * context.t1 : Number(value);
    let repeats = 0;
    while (repeats < 20 && lastRepeatMs(repeats + 1, context) < totalMs) repeats++;
    const exact = value === lastRepeatMs(repeats, context) + context.t1;
    const text = String(repeats);
    return exact
      ? { value: text }
      : { value: text, note: `${value} ms are ${text} repeats, but not their time-out` };
  },
};

/** When the n-th repeat goes out, ms after the first sending: intervals double from T1 up to T2. */
function lastRepeatMs(repeats: number, { t1, t2 }: Context): number {
  let [at, interval] = [0, t1];
  for (let n = 0; n < repeats; n++) {
    at += interval;
    interval = Math.min(2 * interval, t2);
  }
  return at;
}

/** How long to stay before going back, s; 0 says for ever, and 1..59 count as 60. */
export const FAILBACK_TIMEOUT: Codec = {
  allowed: "0..65535",
  means: "1..59 count as 60; 0 stays, nearly",
  read: (text, row) => {
    if (!/^\d+$/.test(text) || Number(text) > 65_535) return undefined;
    if (Number(text) >= 60) return { value: Number(text) };
    if (Number(text) > 0) return { value: 60, note: "the phone takes less than 60 s as 60" };
    const { max } = row as NumberRow;
    return { value: max, note: `0 stays until the server in use fails; ours goes back after ${max} s` };
  },
  write: (value, row) => {
    if (value === (row as NumberRow).max)
      return { value: "0", note: "0 stays until the server in use fails" };
    const seconds = clamp(Number(value), 60, 65_535);
    return seconds === value
      ? { value: `${seconds}` }
      : { value: `${seconds}`, note: `${seconds} s is the nearest` };
  },
};

function near(value: number, wanted: number, row: Row): Said<Value> {
  return value === wanted ? { value } : { value, note: `${row.name} is ${value}, allowed ${allowed(row)}` };
}

function inRange(row: NumberRow, value: number): number {
  return value === 0 && allowsZero(row) ? 0 : clamp(value, row.min, row.max);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
