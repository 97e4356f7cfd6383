// How a run is shown: lines of JSON for programs, lines of text for files, a table for a terminal.
import type { Phone, PhoneEvent, RouteSet } from "../index.ts";
import { VERSION } from "../version.ts";
import { colours, print, printJson, remark } from "./print.ts";
import { sentence, type Tone, toneOf } from "./sentence.ts";
import { stamp } from "./words.ts";

/** A line of JSON, and what a sentence is made of. */
export interface RoutesTold extends RouteSet {
  readonly t: number;
  readonly type: "routes";
  readonly server: string;
}

/** One way to show a run. */
export interface Output {
  /** The phone has started. */
  hello(phone: Phone): void;
  event(event: PhoneEvent): void;
  /** A server said by which proxies requests go. */
  routes(told: RoutesTold): void;
  /** A remark for people. */
  notice(text: string): void;
  /** Nothing more comes. */
  end(): void;
}

/** Version of the lines of JSON; docs/cli.md. */
const SCHEMA = 1;

/** The first line of every stream of events. */
export function printHello(startedAt: string): void {
  printJson({ type: "hello", schema: SCHEMA, version: VERSION, startedAt });
}

/** One JSON object a line on stdout; remarks go to stderr. */
export class JsonOutput implements Output {
  hello(phone: Phone): void {
    printHello(phone.startedAt?.toISOString() ?? "");
  }

  event(event: PhoneEvent): void {
    printJson(event);
  }

  routes(told: RoutesTold): void {
    printJson(told);
  }

  notice(text: string): void {
    remark(text);
  }

  end(): void {}
}

/** One sentence a line on stdout. */
export class LineOutput implements Output {
  hello(phone: Phone): void {
    const servers = phone.config.servers.map(({ name }) => {
      const endpoint = phone.endpointOf(name);
      return `${name} ${endpoint ? `${endpoint.address} port ${endpoint.port}` : "without an address"}`;
    });
    print(`standfast ${VERSION}, local port ${phone.localPort}; ${servers.join(", ")}`);
  }

  event(event: PhoneEvent): void {
    print(eventLine(event));
  }

  routes(told: RoutesTold): void {
    print(routesLine(told));
  }

  notice(text: string): void {
    remark(text);
  }

  end(): void {}
}

/** The ways of one server as one line. */
export function routesLine({ t, server, path, serviceRoute }: RoutesTold): string {
  const ways = [
    ...(serviceRoute.length === 0 ? [] : [`requests go by ${serviceRoute.join(", ")}`]),
    ...(path.length === 0 ? [] : [`it reaches us by ${path.join(", ")}`]),
  ];
  return `${stamp(t)}  ${server}: ${ways.length === 0 ? "no way is named any more" : ways.join("; ")}`;
}

/** An event as one line, coloured by its tone where colours are shown. */
export function eventLine(event: PhoneEvent): string {
  return `${stamp(event.t)}  ${paint(toneOf(event), sentence(event))}`;
}

export function paint(tone: Tone, text: string): string {
  switch (tone) {
    case "good":
      return colours.green(text);
    case "bad":
      return colours.red(text);
    case "doubt":
      return colours.yellow(text);
    case "plain":
      return text;
  }
}
