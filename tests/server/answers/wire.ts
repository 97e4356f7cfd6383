// What a phone is expected to send and be told, as lines; and how a capture is held against them.
//
// A line is one request with its copies: `5 backup1 signed 200` is a REGISTER, 5 s after the first one of the run, to
// the first backup, with credentials, answered 200. The words are those of LINE, in its order. A list is complete:
// what is sent besides is a fault. Below: ../../real/sip.ts. Above: bed.ts.

import type { SipPacket } from "../../real/sip.ts";

const LINE = new RegExp(
  "^(?<from>\\d+(?:\\.\\d)?)(?:\\.\\.(?<to>\\d+))? (?<server>primary|backup\\d|stranger)" +
    "(?<second> second)?" + // of the second line of the phone; the first unless told
    "(?<method> OPTIONS)?" + // a heartbeat; REGISTER unless told
    "(?<removal> removal)?" + // of the binding: Expires: 0
    "( (?<proof>bare|signed))?" + // without or with credentials; either unless told
    "(?<outbound> outbound)?" + // registers the flow
    "( asks (?<asks>\\d+))?" + // the Expires of the request; any unless told
    " (?<status>\\d{3}|silent)" + // of the last answer, a provisional one too
    "( x(?<copies>\\d+))?$", // x1: sent once; more: sent again, as often when nobody is late; any unless told
);

/**
 * How much earlier than told a request may seem to come, when the first one was slow from the phone to the wire, and how
 * much later: many programs share a few processors. Virtual time shows each moment to the millisecond, tests/sim.
 */
const EARLY_SECONDS = 0.45;
export const LATE_SECONDS = 30;

/** A request with all its copies and the last answer, as the wire shows it. */
export type Exchange = {
  readonly atSeconds: number;
  readonly server: string;
  readonly isSecond: boolean;
  readonly method: string;
  readonly isRemoval: boolean;
  readonly isSigned: boolean;
  readonly isOutbound: boolean;
  readonly asks: number | undefined;
  /** 0: silence. */
  readonly status: number;
  readonly copies: number;
};

/** Whom a packet is of: the name of the server it went to, and whether it is of the phone's second line. */
export type Naming = {
  readonly serverOf: (packet: SipPacket) => string;
  readonly isSecond: (packet: SipPacket) => boolean;
};

/** The exchanges among `packets`, in the order they began; times count from the first REGISTER. */
export function exchanges(packets: readonly SipPacket[], naming: Naming): Exchange[] {
  const start = packets.find(isRegister)?.atMs ?? 0;
  const copies = (branch: string) => packets.filter((packet) => packet.branch === branch);
  return packets
    .filter(({ status, branch }, index) => status === 0 && isFirst(packets, branch, index))
    .map((first) => toExchange(first, copies(first.branch), start, naming));
}

export function isRegister({ status, method }: SipPacket): boolean {
  return status === 0 && method === "REGISTER";
}

function isFirst(packets: readonly SipPacket[], branch: string, index: number): boolean {
  return packets.findIndex((packet) => packet.branch === branch) === index;
}

function toExchange(first: SipPacket, all: readonly SipPacket[], start: number, naming: Naming): Exchange {
  return {
    atSeconds: (first.atMs - start) / 1_000,
    server: naming.serverOf(first),
    isSecond: naming.isSecond(first),
    method: first.method,
    isRemoval: isRegister(first) && first.expiresSeconds === 0,
    isSigned: first.hasCredentials,
    isOutbound: first.isOutbound,
    asks: first.expiresSeconds,
    status: all.findLast(({ status }) => status > 0)?.status ?? 0,
    copies: all.filter(({ status }) => status === 0).length,
  };
}

/** What differs: lines that nothing fits, and exchanges before `untilSeconds` that no line fits. */
export function compare(
  found: readonly Exchange[],
  lines: readonly string[],
  untilSeconds = Number.POSITIVE_INFINITY,
): { readonly missing: readonly string[]; readonly tooMany: readonly string[] } {
  const left = [...found];
  const inOrder = [...lines].sort((one, other) => Number(parse(one).from) - Number(parse(other).from));
  const missing = inOrder.filter((line) => {
    const wanted = parse(line);
    const at = left.findIndex((exchange) => fits(exchange, wanted));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return { missing, tooMany: left.filter(({ atSeconds }) => atSeconds < untilSeconds).map(text) };
}

type Words = Readonly<Record<string, string | undefined>>;

export function parse(line: string): Words {
  const words = LINE.exec(line)?.groups;
  if (words === undefined) throw new Error(`"${line}" is no line: see LINE in tests/server/answers/wire.ts`);
  return words;
}

function fits(exchange: Exchange, words: Words): boolean {
  const { from = "", to = from } = words;
  return (
    exchange.atSeconds >= Number(from) - EARLY_SECONDS &&
    exchange.atSeconds <= Number(to) + LATE_SECONDS &&
    exchange.server === words.server &&
    exchange.isSecond === (words.second !== undefined) &&
    exchange.method === (words.method?.trim() ?? "REGISTER") &&
    exchange.isRemoval === (words.removal !== undefined) &&
    (words.proof === undefined || exchange.isSigned === (words.proof === "signed")) &&
    exchange.isOutbound === (words.outbound !== undefined) &&
    (words.asks === undefined || Number(words.asks) === exchange.asks) &&
    exchange.status === (words.status === "silent" ? 0 : Number(words.status)) &&
    (words.copies === undefined || exchange.copies > 1 === Number(words.copies) > 1)
  );
}

/** An exchange as a line that says all of it. */
export function text(exchange: Exchange): string {
  const { atSeconds, server, isSecond, method, isRemoval, isSigned, isOutbound, asks, status, copies } =
    exchange;
  const words = [
    [atSeconds.toFixed(2), server],
    isSecond ? ["second"] : [],
    method === "REGISTER" ? [] : [method],
    isRemoval ? ["removal"] : [],
    method === "REGISTER" ? [isSigned ? "signed" : "bare"] : [],
    isOutbound ? ["outbound"] : [],
    asks === undefined || isRemoval ? [] : [`asks ${asks}`],
    [status === 0 ? "silent" : `${status}`],
    copies > 1 ? [`x${copies}`] : [],
  ];
  return words.flat().join(" ");
}

/** Whether a binding is left at `server` after these lines: the last word there was a grant, not a removal. */
export function isLeftBound(lines: readonly string[], server: string, isSecond: boolean): boolean {
  const last = lines
    .map(parse)
    .findLast(
      (words) =>
        words.server === server &&
        words.method === undefined &&
        (words.second !== undefined) === isSecond &&
        words.status === "200",
    );
  return last !== undefined && last.removal === undefined;
}
