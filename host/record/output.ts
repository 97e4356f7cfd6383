// What poll() handed out, as the text of a record. ABI.md, "Output" and "Event".
//
// Below: mask.ts, escape.ts. Above: tap.ts, which writes it, and replay.ts, which compares it.

import * as abi from "../../assembly/abi.ts";
import type { EventRecord } from "../core/core.ts";
import { eventName } from "../core/events.ts";
import type { CoreExports } from "../core/load.ts";
import { escapeBytes } from "./escape.ts";
import { masked } from "./mask.ts";

/** Where an Event begins in an Output. */
const EVENT_AT = 16;

/**
 * @param kind what poll() returned
 * @param message what is written of a message
 */
export function outputText(exports: CoreExports, kind: number, message = masked): string {
  const at = exports.output() >>> 0;
  const view = new DataView(exports.memory.buffer, at);
  const byte = (offset: number): number => view.getUint8(offset);
  switch (kind) {
    case abi.OUT_SLEEP:
      return `sleep ${view.getUint32(12, true)}`;
    case abi.OUT_SEND:
      return `send ${byte(1)} ${byte(3)} ${escapeBytes(message(bytesOf(exports, view)))}`;
    case abi.OUT_EVENT:
      return eventText(new DataView(exports.memory.buffer, at + EVENT_AT));
    case abi.OUT_FLOW:
      return `flow ${byte(1)} ${byte(2)} ${byte(3)}`;
    case abi.OUT_FIELD:
      return `field ${byte(1)} ${byte(2)} ${escapeBytes(bytesOf(exports, view))}`;
    case abi.OUT_STOPPED:
      return "stopped";
    default:
      return `poll ${kind}`;
  }
}

/** What a call threw: the words are the engine's. */
export function trapText(error: unknown): string {
  return `trap ${String((error as Error).message).replace(/[^ -~]/g, " ")}`;
}

function bytesOf(exports: CoreExports, output: DataView): Uint8Array {
  return new Uint8Array(exports.memory.buffer, output.getUint32(4, true), output.getUint32(8, true));
}

function eventText(event: DataView): string {
  const type = event.getUint8(0);
  const small = [type, event.getUint8(1), event.getUint8(2), event.getUint8(3)];
  const wide = [event.getUint16(4, true), event.getUint16(6, true)];
  const long = [8, 12, 16, 20].map((offset) => event.getUint32(offset, true));
  return `event ${[...small, ...wide, ...long].join(" ")} ${eventName(type) ?? "unknown"}`;
}

/** The record of an event again; undefined: the text is no event. */
export function eventOf(text: string): EventRecord | undefined {
  const numbers = /^event((?: \d+){10}) \w+$/.exec(text)?.[1]?.trim().split(" ").map(Number);
  if (numbers === undefined) return undefined;
  const [type = 0, server = 0, rule = 0, next = 0, line = 0, status = 0, at = 0, a = 0, b = 0, nextMs = 0] =
    numbers;
  return { type, server, rule, next, line, status, at, a, b, nextMs };
}
