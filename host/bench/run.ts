// `npm run bench`: what a step of the phone costs on this machine, and how fast virtual time runs.
//
// Figures are medians of many samples (mitata); what belongs to the measuring is measured by itself and taken off.
// They go to build/bench.json as well. README.md says what each row means.

import { readFileSync } from "node:fs";
import Table from "cli-table3";
import { measure } from "mitata";
import * as abi from "../../assembly/abi.ts";
import { compile, instantiate } from "../core/load.ts";
import { build } from "../tools/build/all.ts";
import { SHIPPED } from "../tools/build/core.ts";
import { SIZE_FILE } from "../tools/build/size.ts";
import { place } from "../tools/bundle.mjs";
import { BenchPhone } from "./phone.ts";

const NOW = 1_000;
/** Long enough after a binding that a refresh is not too soon. */
const LATER_MS = 60_000;
/** A call for the phone's own SIP stack, as it comes in: read, and given back untouched. */
const INVITE = [
  "INVITE sip:6000@192.0.2.9:5062 SIP/2.0",
  "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK776asdhds",
  "Max-Forwards: 70",
  "To: <sip:6000@example.test>",
  "From: <sip:6001@example.test>;tag=1928301774",
  "Call-ID: a84b4c76e66710",
  "CSeq: 314159 INVITE",
  "Contact: <sip:6001@192.0.2.1>",
  "Content-Length: 0",
  "",
  "",
].join("\r\n");

type Row = { readonly name: string; readonly nanoseconds: number };

for (const problem of await build()) console.error(problem);
const bytes = readFileSync(SHIPPED.wasm);
const inUse: number = JSON.parse(readFileSync(SIZE_FILE, "utf8")).memoryUsed;
const rows = await measureAll();
print(rows);
await place(
  "build/bench.json",
  `${JSON.stringify(Object.fromEntries(rows.map((row) => [row.name, row.nanoseconds])), null, 2)}\n`,
);

async function measureAll(): Promise<Row[]> {
  const module = compile(bytes);
  const phone = new BenchPhone(module);
  const { core } = phone;
  core.start(NOW);
  const first = phone.drain();
  const asked = phone.save(inUse);
  const challenge = phone.answerTo(first);
  core.receive(0, phone.put(challenge), NOW);
  const second = phone.drain();
  const challenged = phone.save(inUse);
  const granted = phone.answerTo(second);
  core.receive(0, phone.put(granted), NOW);
  phone.drain();
  const bound = phone.save(inUse);

  const restore = await median(() => phone.restore(bound));
  const from = (state: Uint8Array, step: () => void) => () => {
    phone.restore(state);
    step();
  };
  const received = (datagram: Uint8Array) => () => {
    core.receive(0, phone.put(datagram), NOW);
    phone.drain();
  };
  const invite = new TextEncoder().encode(INVITE);
  const less = async (step: () => void) => (await median(step)) - restore;
  return [
    { name: "compile the module", nanoseconds: await median(() => compile(bytes)) },
    { name: "a new instance", nanoseconds: await median(() => instantiate(module)) },
    { name: "a copy of the state", nanoseconds: restore },
    { name: "wake, nothing due", nanoseconds: await less(from(bound, () => core.wake(NOW) + core.poll())) },
    { name: "a datagram that is none of ours", nanoseconds: await less(from(bound, received(invite))) },
    { name: "a 401, and the answer to it", nanoseconds: await less(from(asked, received(challenge))) },
    { name: "a 200, and the events of it", nanoseconds: await less(from(challenged, received(granted))) },
    { name: "a refresh that is written", nanoseconds: await less(from(bound, refresh)) },
  ];

  function refresh(): void {
    core.command(abi.CMD_REFRESH, abi.LINE_ALL, 0, NOW + LATER_MS);
    if (phone.drain().length === 0) throw new Error("a refresh was asked for and nothing was sent");
  }
}

async function median(step: () => void): Promise<number> {
  return (await measure(step)).p50;
}

function print(all: readonly Row[]): void {
  const table = new Table({
    head: ["step", "ns"],
    colAligns: ["left", "right"],
    style: { head: [], border: [] },
  });
  for (const { name, nanoseconds } of all) table.push([name, Math.round(nanoseconds).toLocaleString("en")]);
  console.log(table.toString());
}
