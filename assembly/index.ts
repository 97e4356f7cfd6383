// Every export of the module and nothing else: arguments are checked here, work is done below. ABI.md.

import {
  ABI_VERSION,
  E_LENGTH,
  E_SERVER,
  E_STATE,
  OK,
  REFUSED_BASE,
  REFUSED_COUNT,
  SERVER_LISTED,
  SERVER_NONE,
} from "./abi";
import { LINES, STREAMS } from "./base/limits";
import { OUTPUT, RX, RX_SIZE } from "./base/memory";
import { seed } from "./base/random";
import { setParam as keepParam, resetParams } from "./base/settings";
import { pass, setTime } from "./base/timer";
import { command as carryOut } from "./policy/command";
import { setTargets as keepTargets } from "./policy/flow";
import { accept, acceptLong } from "./policy/inbox";
import { resume as goOn } from "./policy/link";
import { poll as next } from "./policy/outbox";
import { setServer as declareServer, setText as keepText } from "./policy/setup";
import { start as begin } from "./policy/start";
import { countRefusal, isDrained, OFF, phone, RUNNING, refusals, STOPPING } from "./policy/state";
import { flowChanged, transportFailed } from "./policy/transport";
import { viewLine, viewServer } from "./policy/view";
import { contactOf } from "./session/server";
import { frame as firstUnit } from "./wire/frame";

// Where memory in use ends. The compiler knows both constants once everything is laid out; tsc does not know them.
// @ts-expect-error: globals of the compiler
export { __data_end, __heap_base };

/** Version of this interface. */
export function abiVersion(): i32 {
  return ABI_VERSION;
}

/** Address of the input buffer, RX_SIZE bytes: datagrams, texts, the seed. */
export function buffer(): usize {
  return RX;
}

/** Address of the Output that poll() fills. */
export function output(): usize {
  return OUTPUT;
}

/** Takes the seed, 32 bytes in buffer(), and gives every parameter its default. First call of all. */
export function setSeed(): i32 {
  if (phone().phase !== OFF) return E_STATE;
  seed(RX);
  resetParams();
  return OK;
}

/** Sets a parameter, in the unit of its row. E_PARAM, E_RANGE; E_STATE: it runs already. */
export function setParam(id: u32, value: u32): i32 {
  return phone().phase === OFF ? keepParam(id, value) : E_STATE;
}

/** Declares a server. E_SERVER, E_RANGE, E_STATE. */
export function setServer(server: u32, port: u32, transport: u32): i32 {
  return declareServer(server, port, transport);
}

/** Sets a text from buffer(). E_TEXT, E_LENGTH, E_LINE, E_SERVER, E_STATE. */
export function setText(what: u32, line: u32, server: u32, length: u32): i32 {
  return keepText(what, line, server, length);
}

/** Starts the phone. E_STATE, E_INCOMPLETE. */
export function start(now: u32): i32 {
  if (phone().phase !== OFF) return E_STATE;
  setTime(now);
  return begin();
}

/**
 * Goes on from a snapshot that was put back, with a new seed, 32 bytes in buffer(); nothing is trusted before it is
 * verified. E_STATE: the snapshot was not taken while the phone ran, or outputs wait.
 */
export function resume(now: u32): i32 {
  pass(now);
  return goOn();
}

/**
 * Gives the module one datagram that lies in buffer().
 * @param server index of the server it came from, SERVER_LISTED or SERVER_NONE
 * @param length its bytes; of one longer than the buffer the first RX_SIZE lie there
 * @returns OK, NOT_MINE; E_SERVER, E_LENGTH, E_STATE: nothing was read; REFUSED_BASE and below: refused
 */
export function receive(server: u32, length: u32, now: u32): i32 {
  if (server >= phone().servers && server < <u32>SERVER_LISTED) return E_SERVER;
  if (server > <u32>SERVER_NONE) return E_SERVER;
  if (length === 0) return E_LENGTH;
  if (!isReady()) return E_STATE;
  pass(now);
  return length > RX_SIZE ? acceptLong(server) : accept(server, length);
}

/** How many addresses a server has, 1..8, and which of them is in use. E_SERVER, E_RANGE. */
export function setTargets(server: u32, count: u32, current: u32): i32 {
  return keepTargets(server, count, current);
}

/**
 * How long the first unit of a stream is, whose first `length` bytes lie in buffer().
 * @returns n: a CRLF or a message of n bytes, for receive(); 0: not whole yet; E_LENGTH: longer than the
 *          buffer; REFUSED_BASE and below: no SIP, the flow is to be closed
 */
export function frame(length: u32): i32 {
  if (STREAMS === 0 || length > RX_SIZE) return E_LENGTH;
  const size = firstUnit(length);
  if (size < 0) countRefusal(REFUSED_BASE - size);
  return size;
}

/** Tells what became of a flow: FLOW_*. E_SERVER, E_RANGE, E_STATE. */
export function flow(server: u32, generation: u32, state: u32, now: u32): i32 {
  if (server >= phone().servers) return E_SERVER;
  if (!isReady()) return E_STATE;
  pass(now);
  return flowChanged(server, generation, state);
}

/** The transport to a server reported an error. E_SERVER, E_STATE. */
export function failed(server: u32, now: u32): i32 {
  if (server >= phone().servers) return E_SERVER;
  if (!isReady()) return E_STATE;
  pass(now);
  return transportFailed(server, 0);
}

/** Time has passed. Harmless at any time. */
export function wake(now: u32): i32 {
  pass(now);
  return OK;
}

/** Carries out a command. E_COMMAND, E_LINE, E_SERVER, E_STATE. */
export function command(code: u32, line: u32, server: u32, now: u32): i32 {
  pass(now);
  return carryOut(code, line, server);
}

/** The next thing to do for the host: OUT_EVENT, OUT_SEND, OUT_SLEEP or OUT_STOPPED. */
export function poll(): i32 {
  return next();
}

/** Address of the LineView of a line, 0: no such line. Valid until the next call. */
export function lineView(line: u32): usize {
  return line < LINES ? changetype<usize>(viewLine(line)) : 0;
}

/** Address of the ServerView of a server, 0: no such server. Valid until the next call. */
export function serverView(server: u32): usize {
  return server < phone().servers ? viewServer(server) : 0;
}

/** Address of the text of our Contact at a server, 0: no such server. Valid until the next call. */
export function contact(server: u32): usize {
  return server < phone().servers ? contactOf(server) : 0;
}

/** Datagrams refused for a reason R_* since the instance began; 0 for any other number. */
export function refused(reason: u32): u32 {
  return reason < <u32>REFUSED_COUNT ? refusals(reason) : 0;
}

// Takes inputs: it runs, and what the last input caused was read. The queue has room for one input.
function isReady(): bool {
  const it = phone();
  return (it.phase === RUNNING || it.phase === STOPPING) && isDrained();
}
