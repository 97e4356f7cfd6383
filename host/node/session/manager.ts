// Tells the facts of the phones in this program to applications elsewhere, and takes their commands.
//
// `handle` belongs into an HTTP or HTTPS server of the program, which says who may come in: GET is a stream of NDJSON,
// POST a command with its epoch. docs/service-events.md, "Between programs". Below: service.ts, host/session.
// Above: host/session.ts.

import type { IncomingMessage, ServerResponse } from "node:http";
import { SCHEMA, writeLine } from "../../session/events/event.ts";
import type { Fact } from "../../session/events/facts.ts";
import { EpochGate } from "../../session/lease/gate.ts";
import { every } from "../clock.ts";
import type { ServiceEvents } from "./service.ts";

/** A command of an owner, with whatever else the program and its application have agreed on. */
export interface Command {
  readonly epoch: number;
  readonly [name: string]: unknown;
}

export interface ManagerOptions {
  readonly service: ServiceEvents;
  /** Carries out a command; what it returns is the answer, JSON. Absent: there are none. */
  readonly command?: (command: Command) => unknown;
  /** Something comes at least so often, s: 1..3600, default 30. Two intervals of silence are a loss. */
  readonly heartbeatSeconds?: number;
  /** The highest epoch of an earlier run. */
  readonly epoch?: number;
}

/** A reader that is so far behind is let go; it comes back and gets the whole. */
const BACKLOG_MAX = 4 * 1024 * 1024;
const COMMAND_MAX = 64 * 1024;

export class Manager {
  readonly #options: ManagerOptions;
  readonly #heartbeatSeconds: number;
  readonly #gate: EpochGate;
  readonly #readers = new Set<ServerResponse>();
  readonly #end: () => void;
  #isClosed = false;

  /** @throws RangeError: heartbeatSeconds */
  constructor(options: ManagerOptions) {
    const { service, heartbeatSeconds = 30, epoch } = options;
    if (!(heartbeatSeconds >= 1 && heartbeatSeconds <= 3600))
      throw new RangeError(`heartbeatSeconds ${heartbeatSeconds}: 1 to 3600`);
    this.#options = options;
    this.#heartbeatSeconds = heartbeatSeconds;
    this.#gate = new EpochGate(epoch);
    const tell = (fact: Fact, at: number): void => this.#write({ at, ...fact });
    service.on("fact", tell);
    const stopBeating = every(heartbeatSeconds * 1000, () => this.#write({ kind: "heartbeat" }));
    this.#end = () => {
      service.off("fact", tell);
      stopBeating();
    };
  }

  /** The highest epoch that was seen, to be remembered over a restart. */
  get epoch(): number {
    return this.#gate.highest;
  }

  /** A listener of "request". */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    if (this.#isClosed) answer(response, 410, { error: "this manager is closed" });
    else if (request.method === "GET") this.#welcome(response);
    else if (request.method === "POST") void this.#obey(request, response);
    else answer(response, 405, { error: "GET for the stream, POST for a command" });
  };

  /** Lets every reader go, and takes no other. */
  close(): void {
    this.#isClosed = true;
    this.#end();
    for (const reader of this.#readers) reader.destroy();
  }

  #welcome(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "application/x-ndjson", "cache-control": "no-store" });
    response.write(writeLine({ kind: "hello", schema: SCHEMA, heartbeatSeconds: this.#heartbeatSeconds }));
    response.write(writeLine(this.#options.service.whole()));
    this.#readers.add(response);
    response.on("close", () => this.#readers.delete(response)).on("error", () => {});
  }

  #write(object: object): void {
    const line = writeLine(object);
    for (const reader of this.#readers) {
      reader.write(line);
      if (reader.writableLength > BACKLOG_MAX) reader.destroy();
    }
  }

  async #obey(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { command } = this.#options;
    const body = await readBody(request).catch(() => undefined);
    const read = body === undefined ? undefined : readCommand(body);
    if (command === undefined) answer(response, 405, { error: "this manager takes no commands" });
    else if (!isJson(request)) answer(response, 415, { error: "content-type: application/json is needed" });
    else if (read === undefined)
      answer(response, 400, { error: 'a JSON object with an "epoch" is needed, 64 KiB at most' });
    else if (!this.#gate.accepts(read.epoch))
      answer(response, 409, { error: `epoch ${read.epoch} is over, ${this.#gate.highest} owns` });
    else await this.#carryOut(command, read, response);
  }

  async #carryOut(
    command: (command: Command) => unknown,
    read: Command,
    response: ServerResponse,
  ): Promise<void> {
    try {
      answer(response, 200, { result: (await command(read)) ?? null });
    } catch (error) {
      answer(response, 422, { error: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** Of another type a web page may send one to any host, without asking first. */
function isJson({ headers }: IncomingMessage): boolean {
  return /^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "");
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    pieces.push(piece);
    size += piece.length;
    if (size > COMMAND_MAX) return undefined;
  }
  return Buffer.concat(pieces).toString();
}

function readCommand(body: string): Command | undefined {
  try {
    const value = JSON.parse(body);
    return Number.isSafeInteger(value?.epoch) ? value : undefined;
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  const line = writeLine(body); // may throw, and then nothing has been said yet
  response.writeHead(status, { "content-type": "application/json" }).end(line);
}
