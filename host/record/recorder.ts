// Writes a recording: the head, then every call and output of the instances it stands before.
//
// Each record is a line with the time since the first call that had one and a checksum over everything up to
// there, so that nothing can be lost, doubled or exchanged unnoticed. One instance is recorded at a time: the one
// that was wrapped last. docs/replay.md has every byte. Below: tap.ts. Above: host/node/record-file.ts, host/sim.

import crc32 from "crc-32";
import type { CoreExports } from "../core/load.ts";
import { escapeBytes } from "./escape.ts";
import { type Hide, tap } from "./tap.ts";

/** First line of a recording, without the number of the format. */
export const MAGIC = "standfast recording ";
export const FORMAT = 1;

/** What is said about the recorded phone; nothing of it is secret. */
export interface About {
  /** SHA-256 of the module, hex. */
  readonly module: string;
  readonly abi: number;
  /** Version of the program that records. */
  readonly program: string;
  /** When the recording was begun, ISO 8601. */
  readonly date: string;
  /** LINES and SERVERS of the build. */
  readonly limits: readonly [lines: number, servers: number];
  readonly servers: readonly string[];
  readonly lines: readonly string[];
}

export interface RecorderOptions {
  /** Asked when the recording begins. */
  readonly about: () => About;
  /** Takes the text of the recording, piece by piece. */
  readonly write: (text: string) => void;
  /** Nothing more comes. */
  readonly close?: () => void;
  /** Absent: passwords, what follows from them, and bodies are made unreadable. */
  readonly hide?: Hide;
}

export class Recorder {
  readonly #options: RecorderOptions;
  #checksum = 0;
  #hasBegun = false;
  #boots = 0;
  /** The clock of the core at the latest call; undefined: none had a time yet. */
  #clock: number | undefined;
  /** Since the first time, ms. */
  #t = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** Records an instance from its first call on, and the one before it no longer. */
  readonly wrap = (exports: CoreExports): CoreExports => {
    const boot = ++this.#boots;
    let isNew = true;
    const mine = (act: () => void): void => {
      if (boot !== this.#boots) return;
      if (isNew) this.#boot();
      isNew = false;
      act();
    };
    const log = {
      pass: (now: number) => mine(() => this.#pass(now)),
      write: (text: string) => mine(() => this.#record(text)),
    };
    return tap(exports, log, this.#options.hide);
  };

  /** Says that the recording is complete. */
  end(): void {
    if (this.#hasBegun) this.#record("# end");
    this.#boots++; // nobody is recorded any more
    this.#options.close?.();
  }

  #boot(): void {
    if (!this.#hasBegun) this.#begin();
    this.#record("# boot");
  }

  #begin(): void {
    const about = this.#options.about();
    this.#hasBegun = true;
    const first = `${MAGIC}${FORMAT}`;
    this.#checksum = checksum(first, 0);
    this.#line(first);
    this.#record(`# module ${about.module}`);
    this.#record(`# abi ${about.abi}`);
    this.#record(`# program ${about.program}`);
    this.#record(`# date ${about.date}`);
    this.#record(`# limits ${about.limits.join(" ")}`);
    for (const name of about.servers) this.#record(`# server ${text(name)}`);
    for (const name of about.lines) this.#record(`# line ${text(name)}`);
  }

  #pass(now: number): void {
    if (this.#clock === undefined) this.#record(`# clock ${now}`);
    else this.#t += (now - this.#clock) | 0;
    this.#clock = now;
  }

  #record(body: string): void {
    const line = `${this.#t} ${body}`;
    this.#checksum = checksum(line, this.#checksum);
    this.#line(`${checksumText(this.#checksum)} ${line}`);
  }

  #line(line: string): void {
    this.#options.write(`${line}\n`);
  }
}

/** CRC-32 of IEEE 802.3 over a text of ASCII, on from the checksum of what stands before it. */
export function checksum(ascii: string, before: number): number {
  return crc32.bstr(ascii, before);
}

/** 8 hex digits. */
export function checksumText(sum: number): string {
  return (sum >>> 0).toString(16).padStart(8, "0");
}

function text(name: string): string {
  return escapeBytes(new TextEncoder().encode(name));
}
