// A report as people read it.
//
// Below: all.ts. Above: run.ts.

import Table from "cli-table3";
import type { Report } from "./all.ts";
import type { Who } from "./heap/child.ts";
import type { Figures } from "./measure.ts";

const LISTENERS: Readonly<Record<Who, string>> = {
  bare: "bare node:dgram socket that counts",
  refused: "the phone; each datagram is refused",
  handedBack: "the phone; each datagram is handed back",
};

export function tablesOf(report: Report): string {
  return [machineLine(report), timeTable(report), heapTable(report), load(report)].filter(Boolean).join("\n");
}

function machineLine({ machine, moduleBytes }: Report): string {
  const { node, v8, cpus, cpu } = machine;
  return `node ${node}, V8 ${v8}, ${cpus} x ${cpu}; module of ${number(moduleBytes)} bytes`;
}

function timeTable({ core, beside }: Report): string {
  const table = tableWith(["step", "ns median", "ns min", "beside: median / min"], [2, 3]);
  for (const row of core) table.push(timeRow(row, beside));
  table.push([{ content: "beside", colSpan: 4 }]);
  for (const row of beside) table.push(timeRow(row, beside));
  return table.toString();
}

function timeRow({ name, median, min, beside }: Figures, all: readonly Figures[]): string[] {
  const others = beside.flatMap((other) => all.filter((row) => row.name === other));
  const told = others.map((row) => `${row.name}: ${number(row.median)} / ${number(row.min)}`).join("\n");
  return [name, number(median), number(min), told];
}

function heapTable({ heap, effort }: Report): string {
  const title = `heap per datagram, ${number(effort.datagrams)} of them`;
  const table = tableWith([title, "bytes", "more than bare", "outside"], [2, 3, 4]);
  const bare = heap.find(({ who }) => who === "bare");
  for (const { who, heapBytes, externalBytes } of heap) {
    const more = who === "bare" || bare === undefined ? "" : number(heapBytes - bare.heapBytes);
    table.push([LISTENERS[who], number(heapBytes), more, number(externalBytes)]);
  }
  return table.toString();
}

/** A warning, when others want the processors too. */
function load({ machine }: Report): string {
  const { load, cpus } = machine;
  if (load < 0.5 * cpus) return "";
  return `The machine was busy (load ${load.toFixed(1)} on ${cpus} processors): read the least, not the median.`;
}

function tableWith(head: readonly string[], rights: readonly number[]): Table.Table {
  return new Table({
    head: [...head],
    colAligns: head.map((_, at) => (rights.includes(at + 1) ? "right" : "left")),
    style: { head: [], border: [], compact: true },
  });
}

function number(value: number): string {
  return (Math.abs(value) < 100 ? Math.round(value * 10) / 10 : Math.round(value)).toLocaleString("en");
}
