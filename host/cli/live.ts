// The table of a run on a terminal: lines, servers, the last events and the keys, redrawn in place.
import type { LineState, Phone, PhoneEvent, ServerState } from "../index.ts";
import { after, every } from "../node/clock.ts";
import { VERSION } from "../version.ts";
import { columns } from "./columns.ts";
import { KEY_HELP } from "./orders.ts";
import { eventLine, type Output, paint, type RoutesTold, routesLine } from "./output.ts";
import { colours } from "./print.ts";
import { Screen } from "./screen.ts";
import { because, isRoutine, nextStep, type Tone } from "./sentence.ts";
import { clock } from "./words.ts";

const REDRAW_MS = 500;
/** Events come in bursts, and drawing each would keep the phone waiting. */
const BURST_MS = 40;
/** Events that stay on the screen. */
const EVENTS_KEPT = 8;

export class LiveOutput implements Output {
  readonly #screen = new Screen(process.stdout);
  readonly #name: string;
  readonly #events: PhoneEvent[] = [];
  #phone: Phone | undefined;
  #notice = "";
  #stopDrawing: () => void = () => {};
  #forgetDrawing: () => void = () => {};
  /** The line that keys are meant for; undefined: every line. */
  selected: string | undefined;

  /** @param name what the configuration is called */
  constructor(name: string) {
    this.#name = name;
  }

  hello(phone: Phone): void {
    this.#phone = phone;
    this.#stopDrawing = every(REDRAW_MS, () => this.#draw());
    process.stdout.on("resize", this.#redraw);
    this.#draw();
  }

  event(event: PhoneEvent): void {
    this.#events.push(event);
    if (this.#events.length > EVENTS_KEPT) this.#events.shift();
    this.#drawSoon();
  }

  routes(told: RoutesTold): void {
    this.notice(routesLine(told).trim());
  }

  notice(text: string): void {
    this.#notice = text;
    this.#drawSoon();
  }

  /** Chooses the next line, and after the last one all of them. */
  selectNext(): void {
    const lines = this.#phone?.config.lines.map(({ number }) => number) ?? [];
    this.selected = lines[this.selected === undefined ? 0 : lines.indexOf(this.selected) + 1];
    this.#drawSoon();
  }

  end(): void {
    this.#stopDrawing();
    this.#forgetDrawing();
    process.stdout.off("resize", this.#redraw);
    this.#draw();
    this.#screen.end();
  }

  readonly #redraw = (): void => {
    this.#screen.clear();
    this.#draw();
  };

  #drawSoon(): void {
    this.#forgetDrawing();
    this.#forgetDrawing = after(BURST_MS, () => this.#draw());
  }

  #draw(): void {
    const phone = this.#phone;
    if (!phone) return;
    this.#screen.draw([
      heading(phone, this.#name),
      "",
      ...lineTable(phone),
      "",
      ...serverTable(phone),
      "",
      ...this.#events.map(eventLine),
      ...(this.#events.length > 0 ? [""] : []),
      ...(this.#notice === "" ? [] : [this.#notice]),
      keyLine(this.selected),
    ]);
  }
}

function heading(phone: Phone, name: string): string {
  const up = `up ${clock(phone.elapsedMs)}`;
  return `${colours.bold("standfast")} ${VERSION}   ${name}   local port ${phone.localPort}   ${up}`;
}

const head = (...words: string[]): string[] => words.map((word) => colours.dim(word));

function lineTable(phone: Phone): string[] {
  const rows = phone.lines().map((state) => {
    const why = phone.decisions(state.line).find((event) => !isAside(event))?.reason;
    return [
      colours.bold(state.line),
      paint(lineTone(state), STATES[state.state] ?? state.state),
      `${state.server ?? "-"}${state.pinned ? " (pinned)" : ""}`,
      state.leaseMs === undefined ? "-" : clock(state.leaseMs),
      `${state.calls || "-"}`,
      lineNext(state),
      why === undefined ? "" : because(why),
    ];
  });
  return columns([head("LINE", "STATE", "SERVER", "LEASE", "CALLS", "NEXT", "WHY"), ...rows]);
}

/** Decisions that change nothing about where a line is. */
function isAside(event: PhoneEvent): boolean {
  return isRoutine(event) || event.type === "warningOn" || event.type === "warningOff";
}

const STATES: Readonly<Record<string, string>> = {
  off: "off",
  starting: "starting",
  seeking: "seeking a server",
  waiting: "out of service",
  resting: "resting",
  served: "in service",
  cut: "link down",
  leaving: "leaving",
};

function lineTone({ state, warning }: LineState): Tone {
  if (state === "served") return warning ? "doubt" : "good";
  return state === "starting" || state === "leaving" ? "plain" : "bad";
}

function lineNext({ asking, returning, next }: LineState): string {
  const under = returning ?? asking;
  if (under !== undefined) return `registers at ${under}`;
  return next === undefined ? "-" : nextStep(next.what, next.inMs);
}

function serverTable(phone: Phone): string[] {
  const rows = phone.servers().map((state) => {
    const endpoint = phone.endpointOf(state.server);
    return [
      colours.bold(state.server),
      endpoint ? `${endpoint.address} ${endpoint.port}` : "no address",
      paint(serverTone(state), healthOf(state)),
      state.heartbeatMs === undefined ? "-" : clock(state.heartbeatMs),
      serverNote(state),
    ];
  });
  return columns([head("SERVER", "ADDRESS", "HEALTH", "HEARTBEAT", ""), ...rows]);
}

function healthOf({ health, misses }: ServerState): string {
  return misses > 0 && health === "suspect" ? `suspect (${misses} missed)` : health;
}

function serverTone({ health }: ServerState): Tone {
  if (health === "up") return "good";
  if (health === "down") return "bad";
  return health === "unknown" ? "plain" : "doubt";
}

function serverNote({ untilMs, suspendedMs, penalty }: ServerState): string {
  const notes = [
    untilMs === undefined ? "" : `until ${clock(untilMs)} from now`,
    suspendedMs === undefined ? "" : `no return for ${clock(suspendedMs)}`,
    penalty === 0 ? "" : `penalty ${penalty}`,
  ];
  return notes.filter((note) => note !== "").join(", ");
}

function keyLine(selected: string | undefined): string {
  return colours.dim(`${KEY_HELP}  Tab line: ${selected ?? "all"}`);
}
