// Events as sentences: what happened, why, and what is due next.
import type { EventType, PhoneEvent, Reason } from "../core/events.ts";
import { clock, count } from "./words.ts";

/** How a reader should take an event. */
export type Tone = "good" | "bad" | "doubt" | "plain";

const TONES: Readonly<Partial<Record<EventType, Tone>>> = {
  inService: "good",
  moved: "good",
  serverUp: "good",
  warningOff: "good",
  outOfService: "bad",
  rejected: "bad",
  serverDown: "bad",
  resting: "bad",
  fault: "bad",
  returnFailed: "bad",
  standbyDown: "bad",
  contactMissing: "bad",
  serverSuspect: "doubt",
  serverHolding: "doubt",
  serverCooling: "doubt",
  failbackScheduled: "doubt",
  failbackDeferred: "doubt",
  warningOn: "doubt",
  packetRefused: "doubt",
};

export function toneOf(event: PhoneEvent): Tone {
  return TONES[event.type] ?? "plain";
}

/** A binding made or renewed: true of every refresh, and decides nothing. */
export function isRoutine({ type }: PhoneEvent): boolean {
  return type === "bound" || type === "unbound";
}

/** The whole sentence; times are relative to the event. */
export function sentence(event: PhoneEvent): string {
  const isFirst = event.type === "inService" && event.reason?.rule === "start";
  const why = event.reason === undefined || isFirst ? "" : `: ${because(event.reason)}`;
  const next =
    event.next === undefined ? "" : `; ${nextStep(event.next.what, (event.next.at ?? event.t) - event.t)}`;
  return `${what(event)}${why}${next}`;
}

function what(event: PhoneEvent): string {
  const { type, line = "every line", server = "no server" } = event;
  switch (type) {
    case "inService":
      return `${line} in service on ${server}`;
    case "outOfService":
      return `${line} out of service`;
    case "moved":
      return `${line} moved to ${server}`;
    case "bound":
      return `${line} bound at ${server}`;
    case "unbound":
      return `${line} no longer bound at ${server}`;
    case "rejected":
      return `${line} rejected by ${server}`;
    case "serverUp":
      return `${server} up`;
    case "serverSuspect":
      return `${server} suspected`;
    case "serverDown":
      return `${server} down`;
    case "serverHolding":
      return `${server} answers again, not preferred yet`;
    case "serverCooling":
      return `${server} asks for a pause`;
    case "failbackScheduled":
      return `${event.line ?? "lines"} will return to ${server}`;
    case "failbackDeferred":
      return `${line} waits with its return to ${server}`;
    case "returnFailed":
      return `${line} could not return to ${server}`;
    case "warningOn":
      return `warning on for ${line}`;
    case "warningOff":
      return `warning off for ${line}`;
    case "standbyDown":
      return `${event.text ?? "standby server is down"} (${server})`;
    case "contactMissing":
      return `${server} accepted ${line} without its contact`;
    case "addressChanged":
      return `${server} sees another address of ours`;
    case "packetRefused":
      return "a packet was refused";
    case "resting":
      return `${line} rests: no server takes it`;
    case "fault":
      return `the core stopped: ${event.text ?? "a trap"}`;
  }
}

/** A reason in words. Reasons that need none are told by their rule. */
export function because(reason: Reason): string {
  const { rule } = reason;
  const number = (name: string): number => Number(reason[name] ?? 0);
  switch (rule) {
    case "start":
      return "resumed" in reason ? "to be verified after a restart" : "since the start";
    case "heartbeat":
      return number("misses") === 0
        ? "it answered a heartbeat"
        : `${count(number("misses"), "heartbeat")} missed in a row, ${number("allowed")} allowed`;
    case "timeout":
      return `no answer in ${number("waitedMs")} ms`;
    case "transport":
      return overTransport(reason);
    case "credentials":
      return `credentials${"status" in reason ? `, ${reason.status}` : ""}${"problem" in reason ? `, ${reason.problem}` : ""}`;
    case "link":
      return "the local link";
    case "lease":
      return "askedSeconds" in reason
        ? `granted ${number("grantedSeconds")} s of ${number("askedSeconds")} s`
        : `its lease of ${number("grantedSeconds")} s ran out`;
    case "calls":
      return `${count(number("calls"), "call")} on the line`;
    case "damping":
      return `it keeps failing, penalty ${number("penalty")} over ${number("limit")}`;
    case "hold":
      return `it has to stay well for ${clock(number("delaySeconds") * 1000)}`;
    case "failover":
      return "from" in reason ? `away from ${reason.from}` : "none served it";
    case "failback":
      return "from" in reason ? `back from ${reason.from}` : "back";
    case "command":
      return `ordered (${reason.command})`;
    default:
      return /^\d+$/.test(rule) ? answered(rule, number("retryAfterSeconds")) : rule;
  }
}

const FLOWS: Readonly<Record<string, string>> = {
  refused: "it cannot be connected",
  lost: "the connection was closed",
  broken: "what came over the connection is no SIP",
  tls: "the TLS handshake failed",
  tlsExpired: "its certificate is not valid by the clock of this machine",
  tlsName: "its certificate is for another name",
  tlsUntrusted: "its certificate is signed by nobody we trust",
};

function overTransport(reason: Reason): string {
  if ("refusal" in reason) return `${reason.refusal}, ${reason.count} since the last report`;
  if ("settleSeconds" in reason) return `no other change within ${reason.settleSeconds} s`;
  return FLOWS[String(reason.flow)] ?? "the network says nobody is there";
}

function answered(status: string, seconds: number): string {
  return seconds === 0 ? `answered ${status}` : `answered ${status}, ${seconds} s`;
}

const STEPS: Readonly<Record<string, string>> = {
  register: "registers",
  refresh: "refresh",
  round: "next round",
  retry: "next try",
  return: "return",
  heartbeat: "heartbeat",
  restart: "goes on in another instance",
};

/** What is due, and in how long. */
export function nextStep(what: string, inMs: number): string {
  if (what === "callEnd") return "waits for the end of the call";
  if (what === "link") return "waits for the link";
  if (what === "giveUp") return `asks a server for ${clock(inMs)} at most`;
  const step = STEPS[what] ?? what;
  return inMs < 500 ? `${step} now` : `${step} in ${clock(inMs)}`;
}
