// How an application session is shown: sentences for people, lines of JSON for programs. The display is stdout, the error
// log is stderr, and a sentence may go to both.
import type { ApplicationSession } from "../node/session/follow.ts";
import type { SessionEvent } from "../session/login/events.ts";
import { colours, print, printJson } from "./print.ts";
import { span, stamp } from "./words.ts";

/** Each event as one object; of a session its server and our number for it, never its key. */
export class JsonTelling {
  event(event: SessionEvent): void {
    const { at, kind, ...rest } = event;
    const fields = "session" in rest ? { ...rest, session: undefined, ...named(rest.session) } : rest;
    printJson({ t: at, type: kind, ...fields });
    if (event.kind === "errorLog") log(event.text);
  }
}

function named({ server, serial }: { readonly server: string; readonly serial: number }): object {
  return { server, serial };
}

export class LineTelling {
  readonly #session: ApplicationSession;

  constructor(session: ApplicationSession) {
    this.#session = session;
  }

  event(event: SessionEvent): void {
    if (event.kind === "errorLog") log(event.text);
    else if (event.kind === "display") print(colours.yellow(plain(event.text)));
    else if (event.kind === "banner") this.#banner(event.at);
    else for (const line of sentences(event)) print(`${stamp(event.at)}  ${plain(line)}`);
  }

  #banner(at: number): void {
    const text = this.#session.bannerText;
    print(
      text === ""
        ? `${stamp(at)}  ${colours.green("the warning is off")}`
        : `${stamp(at)}  ${colours.yellow(text)}`,
    );
  }
}

/** The error log: its words alone, so that they can be searched for. */
function log(text: string): void {
  process.stderr.write(`${plain(text)}\n`);
}

/** A PBX says what it likes: no line of its own in the log, and no order to the terminal. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, "\u{fffd}");
}

/** What an event is in words; none for what is no news to people. */
function sentences(event: SessionEvent): readonly string[] {
  switch (event.kind) {
    case "state":
      return [`${event.from} > ${event.to} after ${span(event.lastedMs)}: ${event.cause}; ${event.rule}`];
    case "missed":
      return [`${event.server}: ${event.call} ${event.misses} of ${event.of} missed: ${event.cause}`];
    case "checked":
      return [`main probed: ${event.cause} (${event.inRow} of ${event.of} in a row)`];
    case "news":
      return event.changes.map(({ kind, id, state }) => `${kind} ${id}: ${state ?? "gone"}`);
    default:
      return [];
  }
}
