// `standfast demo`: a standby pair and a phone on this machine; the master is killed, comes back and hangs, in 40 s.
import { Command } from "commander";
import { conduct } from "./conduct.ts";
import { Exit, FAILED, PROMISE_MISSED } from "./exit.ts";
import { screenWidth } from "./print.ts";
import { isKept, printPromises } from "./promise.ts";
import { Stage } from "./stage.ts";
import { demoPhone, NAMES, Story } from "./story.ts";
import { TerminalInput } from "./terminal.ts";
import { Timeline } from "./timeline.ts";

const HELP = `
Examples:
  standfast demo           the whole story, 40 s
  standfast demo --keep    and then it is yours: kill, hang and restore the nodes by keys
  standfast demo --json    for programs

A master, its standby and a phone on 127.0.0.1; nothing else is needed or touched. The standby sends the phone to
the master; the master is killed, the standby takes over; the master comes back, the standby gives back; at last the
master hangs, and only time-outs tell. Left what the phone does, right what the pair does. Each measured time stands beside what the settings promise. Exit code 0,
or 4 when a promise was missed.`;

interface DemoOptions {
  readonly keep?: boolean;
  readonly json?: boolean;
}

/** Without a terminal, and on a wide one. */
const WIDEST = 120;
/** Before the columns, and between them. */
const MARGIN = 14;

export function demoCommand(): Command {
  return new Command("demo")
    .summary("show a takeover and a return on this machine")
    .description(
      "Play the takeover and the return of a standby pair with a phone, and measure what was promised.",
    )
    .option("--keep", "leave it running afterwards, with keys for the nodes")
    .option("--json", "one JSON object a line on stdout")
    .addHelpText("after", HELP)
    .action(demo);
}

async function demo({ keep = false, json = false }: DemoOptions): Promise<void> {
  const width = Math.floor((Math.min(screenWidth() ?? WIDEST, WIDEST) - MARGIN) / 2);
  const timeline = new Timeline(json, { names: NAMES, width });
  timeline.greet();
  const stage = await Stage.open(timeline);
  try {
    const phone = demoPhone(stage);
    const story = new Story(phone, stage, timeline);
    story.introduce();
    if (!(await isRaised(story))) return;
    const own = keep ? { onKey: story.onKey, onLine: story.onLine } : {};
    await conduct(phone, timeline, { ...own, meanwhile: (signal) => story.tell(signal, keep) });
    if (!story.isTold) return;
    await story.concludeStop();
    const kept = printPromises(story.measured, json);
    if (!kept)
      throw new Exit(PROMISE_MISSED, `${story.measured.filter((one) => !isKept(one)).length} missed`);
  } finally {
    await stage.close();
  }
}

/** @returns false: Ctrl-C. @throws Exit: the pair does not start */
async function isRaised(story: Story): Promise<boolean> {
  const stopping = new AbortController();
  const input = new TerminalInput({ onInterrupt: () => stopping.abort() });
  try {
    const isUp = await story.raise(stopping.signal);
    if (!isUp) throw new Exit(FAILED, `the pair did not start: ${story.trouble}`);
    return true;
  } catch (error) {
    if (stopping.signal.aborted) return false;
    throw error;
  } finally {
    input.close();
  }
}
