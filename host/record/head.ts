// What a recording says about the phone before its first call.
//
// Below: reader.ts. Above: replay.ts, the command line.

import { unescapeBytes } from "./escape.ts";
import type { Reader } from "./reader.ts";
import type { About } from "./recorder.ts";

/** Reads up to the first instance; undefined: the recording ends before it. */
export function readHead(reader: Reader): About | undefined {
  const said = new Map<string, string[]>();
  for (let entry = reader.next(); entry !== undefined; entry = reader.next()) {
    const [, name = "", value = ""] = /^# (\w+) ?(.*)$/.exec(entry.text) ?? [];
    if (name === "boot") return aboutOf(said);
    said.set(name, [...(said.get(name) ?? []), value]);
  }
  return undefined;
}

function aboutOf(said: ReadonlyMap<string, readonly string[]>): About {
  const one = (name: string): string => said.get(name)?.[0] ?? "";
  const names = (name: string): string[] => (said.get(name) ?? []).map(nameOf);
  const [lines = 0, servers = 0] = one("limits").split(" ").map(Number);
  return {
    module: one("module"),
    abi: Number(one("abi")),
    program: one("program"),
    date: one("date"),
    limits: [lines, servers],
    servers: names("server"),
    lines: names("line"),
  };
}

function nameOf(escaped: string): string {
  return new TextDecoder().decode(unescapeBytes(escaped));
}
