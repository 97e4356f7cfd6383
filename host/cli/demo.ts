// `standfast demo`: a whole failover on this machine, with embedded servers, in under half a minute.
import { Command } from "commander";
import { conduct } from "./conduct.ts";
import { Exit, PROMISE_MISSED } from "./exit.ts";
import { isKept, printPromises } from "./promise.ts";
import { Stage } from "./stage.ts";
import { demoPhone, Story } from "./story.ts";
import { Timeline } from "./timeline.ts";

const HELP = `
Examples:
  standfast demo           the whole story, 25 s
  standfast demo --keep    and then it is yours: kill, hang and restore the servers by keys
  standfast demo --json    for programs

Two registrars and a phone on 127.0.0.1; nothing else is needed or touched. The primary is killed, comes
back without memory, hangs, and answers again. Each measured time stands beside what "standfast check"
promises for the same parameters. Exit code 0, or 4 when a promise was missed.`;

interface DemoOptions {
  readonly keep?: boolean;
  readonly json?: boolean;
}

export function demoCommand(): Command {
  return new Command("demo")
    .summary("show a failover on this machine")
    .description("Play a failover and a return with two embedded servers, and measure what was promised.")
    .option("--keep", "leave it running afterwards, with keys for the servers")
    .option("--json", "one JSON object a line on stdout")
    .addHelpText("after", HELP)
    .action(demo);
}

async function demo({ keep = false, json = false }: DemoOptions): Promise<void> {
  const timeline = new Timeline(json);
  const stage = await Stage.open(timeline);
  try {
    const phone = demoPhone(stage);
    const story = new Story(phone, stage, timeline);
    story.introduce();
    const own = keep ? { onKey: story.onKey, onLine: story.onLine } : {};
    await conduct(phone, timeline, { ...own, meanwhile: (signal) => story.tell(signal, keep) });
    if (!story.isTold) return;
    story.concludeStop();
    const kept = printPromises(story.measured, json);
    if (!kept)
      throw new Exit(PROMISE_MISSED, `${story.measured.filter((one) => !isKept(one)).length} missed`);
  } finally {
    stage.close();
  }
}
