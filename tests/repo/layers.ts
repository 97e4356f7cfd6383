// Who may import and name what: layers of the core, and the places of clocks and sockets.

import { posix } from "node:path";
import { type Finding, isCode, readCode, type SourceFile } from "./source.ts";

/** The layers of the core, lowest first. */
const LAYERS = ["base", "wire", "session", "policy", "index"];
/** Parts of the core that hold numbers only. */
const NUMBERS = /^assembly\/(abi$|generated\/)/;

/** Imports inside the core only go down. */
export function upwardImports(file: SourceFile): Finding[] {
  if (!file.path.startsWith("assembly/") || file.path.endsWith(".d.ts")) return [];
  const own = layerOf(file.path.replace(/\.ts$/, ""));
  return readCode(file).imports.flatMap(({ line, text }) => {
    const target = posix.join(posix.dirname(file.path), text);
    if (NUMBERS.test(target) || (own >= 0 && layerOf(target) >= 0 && layerOf(target) <= own)) return [];
    const why = target.startsWith("assembly/")
      ? `${LAYERS[own] ?? "this file"} stands below it`
      : "it is not the core";
    return [
      `${file.path}:${line} imports ${text}, but ${why}: imports go ${[...LAYERS].reverse().join(" > ")}`,
    ];
  });
}

function layerOf(path: string): number {
  if (NUMBERS.test(path)) return 0;
  return LAYERS.indexOf(path.split("/")[1] ?? "");
}

/** The host reads the numbers of the core and nothing else of it: what it does comes through the module. */
export function importsOfCore(file: SourceFile): Finding[] {
  if (!/^host\//.test(file.path) || !isCode(file)) return [];
  return readCode(file).imports.flatMap(({ line, text }) => {
    const target = posix.join(posix.dirname(file.path), text);
    if (!target.startsWith("assembly/") || NUMBERS_FOR_HOST.includes(target)) return [];
    return [
      `${file.path}:${line} imports ${text}: the host may import ${NUMBERS_FOR_HOST.join(" and ")} only`,
    ];
  });
}

const NUMBERS_FOR_HOST = ["assembly/abi.ts", "assembly/base/limits.ts"];

/** Code that the browser runs too, or that has no I/O so that virtual time can drive it. */
const PORTABLE = /^host\/(core|pbx|session)\//;

export function nodeInPortable(file: SourceFile): Finding[] {
  if (!PORTABLE.test(file.path) || !isCode(file)) return [];
  return readCode(file)
    .imports.filter(({ text }) => text.startsWith("node:") || text.includes("../node/"))
    .map(
      ({ line, text }) =>
        `${file.path}:${line} imports ${text}: ${PORTABLE.exec(file.path)?.[0]} has no I/O and runs in browsers too, move it to host/node/`,
    );
}

/** Clocks, timers and sockets belong here; tools and benches carry no core. */
const OUTSIDE_WORLD = /^host\/(node|web|tools|bench)\//;
const CLOCKS = new Set([
  "Date",
  "performance",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "WebSocket",
  "fetch",
]);
const SOCKETS = new Set(
  ["dgram", "net", "tls", "dns", "http", "https", "timers", "perf_hooks"].map((name) => `node:${name}`),
);

export function strayClocks(file: SourceFile): Finding[] {
  if (!file.path.startsWith("host/") || OUTSIDE_WORLD.test(file.path) || !isCode(file)) return [];
  const { names, imports } = readCode(file);
  const found = [
    ...names.filter(({ text }) => CLOCKS.has(text)),
    ...imports.filter(({ text }) => SOCKETS.has(text.replace(/\/promises$/, ""))),
  ];
  return found.map(
    ({ line, text }) =>
      `${file.path}:${line} names ${text}: clocks and sockets live in host/node/ and host/web/, pass them in`,
  );
}
