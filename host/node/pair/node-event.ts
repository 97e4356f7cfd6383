// What a node tells whoever runs it: a line of the log for each decision and change.
//
// Below: clock.ts. Above: node.ts, watcher.ts.
import { monotonicMs } from "../clock.ts";

/** One decision or change: a line of the log. */
export interface NodeEvent {
  /** Since the start, ms. */
  readonly t: number;
  readonly type: string;
  /** For people. */
  readonly text: string;
  readonly [data: string]: unknown;
}

export type Tell = (type: string, text: string, data?: Readonly<Record<string, unknown>>) => void;

/** Whole ms of a clock that does not go back: they are shown. */
export function nodeClock(): number {
  return Math.floor(monotonicMs());
}

/** @param startedAt when the node started, by nodeClock() */
export function teller(startedAt: number, onEvent: (event: NodeEvent) => void): Tell {
  return (type, text, data = {}) => onEvent({ t: nodeClock() - startedAt, type, text, ...data });
}
