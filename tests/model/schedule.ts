// Inputs as lines of text, written and read.
//
// Above: explore.ts, replay.ts.

import type { Answer, Input } from "./step.ts";

/** "120 server 0 register granted" */
export function lineOf(atMs: number, input: Input): string {
  return `${atMs / 1000} ${wordsOf(input)}`;
}

function wordsOf(input: Input): string {
  switch (input.kind) {
    case "call":
      return input.begins ? "callBegin" : "callEnd";
    case "register":
    case "options":
      return `server ${input.server} ${input.kind} ${input.answer}`;
    default:
      return input.kind;
  }
}

export function inputOf(line: string): { readonly atMs: number; readonly input: Input } {
  const [at, word = "", server, kind, answer] = line.trim().split(/\s+/);
  return { atMs: 1000 * Number(at), input: read(word, Number(server), kind, answer as Answer, line) };
}

function read(word: string, server: number, kind: string | undefined, answer: Answer, line: string): Input {
  if (word === "start" || word === "wake") return { kind: word };
  if (word === "callBegin" || word === "callEnd") return { kind: "call", begins: word === "callBegin" };
  if (word === "server" && (kind === "register" || kind === "options")) return { kind, server, answer };
  throw new Error(`no line of a schedule: "${line}"; such a line is "120 server 0 register granted"`);
}
